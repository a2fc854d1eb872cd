"""Every refusal that Spotify is known to send, from the emulator through to its type."""

from collections.abc import Callable
from typing import Any

import pytest

from custom_components.spotify_hub.api import errors
from custom_components.spotify_hub.api.client import SpotifyHubClient
from tests.emulator import Emulator, Fault

OWNER = (
    "Active premium subscription required for the owner of the app. When the subscription "
    "status changes, it can take a few hours before requests are allowed again."
)
HTML = "<html><body>502 Bad Gateway</body></html>"


def web(status: int, message: str, reason: str | None = None) -> dict[str, Any]:
    """Return an error body of the Web API."""
    error = {"status": status, "message": message}
    return {"error": error | ({"reason": reason} if reason else {})}


def player(status: int, message: str, reason: str) -> dict[str, Any]:
    """Return an error body of the player."""
    return web(status, f"Player command failed: {message}", reason)


ROWS: dict[str, tuple[int, dict[str, Any] | str, type[errors.SpotifyApiError]]] = {
    "a_limit_over_the_cap": (400, web(400, "Invalid limit"), errors.BadRequestError),
    "uris_under_the_wrong_key": (
        400,
        web(400, "No uris provided"),
        errors.BadRequestError,
    ),
    "an_id_that_is_none": (400, web(400, "Invalid base62 id"), errors.BadRequestError),
    "a_400_without_a_body": (400, "", errors.BadRequestError),
    "a_token_past_its_end": (
        401,
        web(401, "The access token expired"),
        errors.TokenRejectedError,
    ),
    "a_token_nobody_knows": (
        401,
        web(401, "Invalid access token"),
        errors.TokenRejectedError,
    ),
    "no_token_at_all": (401, web(401, "No token provided"), errors.TokenRejectedError),
    "a_scope_missing_on_a_player_read": (
        401,
        web(401, "Permissions missing"),
        errors.ScopeMissingError,
    ),
    "the_token_fault_of_july_2026": (
        401,
        web(401, "Access token missing"),
        errors.AccessTokenMissingError,
    ),
    "a_scope_that_was_not_granted": (
        403,
        web(403, "Insufficient client scope"),
        errors.ScopeMissingError,
    ),
    "a_route_not_served_to_this_app": (
        403,
        web(403, "Forbidden"),
        errors.ForbiddenError,
    ),
    "a_user_not_on_the_allow_list": (
        403,
        "User not registered in the Developer Dashboard",
        errors.NotOnAllowListError,
    ),
    "a_user_not_on_the_allow_list_in_older_words": (
        403,
        "User not approved for app",
        errors.NotOnAllowListError,
    ),
    "an_app_owner_without_premium": (403, OWNER, errors.AppOwnerNotPremiumError),
    "an_account_without_premium": (
        403,
        player(403, "Premium required", "PREMIUM_REQUIRED"),
        errors.PremiumRequiredError,
    ),
    "a_command_the_player_refuses_now": (
        403,
        player(403, "Restriction violated", "UNKNOWN"),
        errors.CommandRefusedError,
    ),
    "a_speaker_without_volume": (
        403,
        player(403, "Cannot control device volume", "VOLUME_CONTROL_DISALLOW"),
        errors.VolumeNotControllableError,
    ),
    "a_restricted_speaker": (
        403,
        player(403, "Device not controllable", "DEVICE_NOT_CONTROLLABLE"),
        errors.SpeakerNotControllableError,
    ),
    "nothing_active_to_play_on": (
        404,
        player(404, "No active device found", "NO_ACTIVE_DEVICE"),
        errors.NoActiveDeviceError,
    ),
    "nothing_active_with_a_space_before_the_colon": (
        404,
        (
            '{\n  "error" : {\n    "status" : 404,\n    "message" : "Player command failed: '
            'No active device found",\n    "reason" : "NO_ACTIVE_DEVICE"\n  }\n}'
        ),
        errors.NoActiveDeviceError,
    ),
    "a_stale_device_id": (
        404,
        web(404, "Device not found"),
        errors.DeviceNotFoundError,
    ),
    "a_playlist_made_by_spotify": (
        404,
        web(404, "Resource not found"),
        errors.NotFoundError,
    ),
    "the_rate_limit_of_30_seconds": (
        429,
        web(429, "API rate limit exceeded"),
        errors.RateLimitedError,
    ),
    "the_rate_limit_in_plain_text": (429, "Too many requests", errors.RateLimitedError),
    "the_quota_of_the_developer": (
        429,
        web(429, "Too many requests", "QUOTA_EXCEEDED"),
        errors.QuotaExceededError,
    ),
    "a_500": (500, web(500, "Internal server error"), errors.ServerFaultError),
    "a_502_in_html": (502, HTML, errors.ServerFaultError),
    "a_503": (503, "", errors.ServerFaultError),
    "a_504": (504, HTML, errors.ServerFaultError),
}


@pytest.mark.parametrize(("status", "body", "kind"), ROWS.values(), ids=ROWS.keys())
@pytest.mark.parametrize("door", ["command", "read"])
async def test_is_told_as_what_it_is(
    emulator: Emulator,
    client: Callable[..., SpotifyHubClient],
    door: str,
    status: int,
    body: dict[str, Any] | str,
    kind: type[errors.SpotifyApiError],
) -> None:
    """Neither success, nor "not found", nor a failure of a parser, as upstream has it."""
    spotify = client()
    path = "/me/player/pause$" if door == "command" else "/me$"
    emulator.faults.add(
        Fault(path, status=status, body=body, retry_after=7, times=None)
    )
    with pytest.raises(errors.SpotifyApiError) as raised:
        await (spotify.player.pause() if door == "command" else spotify.library.me())
    assert type(raised.value) is kind
    if isinstance(raised.value, errors.RateLimitedError):
        assert raised.value.retry_after == 7
