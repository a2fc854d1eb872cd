"""Upstream's own commands on our transport: none takes a refusal for success."""

from collections.abc import Awaitable, Callable

import pytest
import spotifyaio

from custom_components.spotify_hub.api.client import SpotifyHubClient
from custom_components.spotify_hub.api.errors import (
    BadRequestError,
    CommandRefusedError,
    ConnectionFailedError,
    InvalidAnswerError,
    NoActiveDeviceError,
    NotOnAllowListError,
    QuotaExceededError,
    RateLimitedError,
    ServerFaultError,
    SpotifyApiError,
    TokenRejectedError,
)
from custom_components.spotify_hub.api.models import Repeat
from tests.emulator import Emulator, Fault
from tests.emulator.faults import QUOTA_EXCEEDED
from tests.emulator.phone import Phone

from .conftest import ClientFor, Uri

type Command = Callable[[SpotifyHubClient, str | None], Awaitable[None]]

COMMANDS: dict[str, tuple[str, str, dict[str, str], Command]] = {
    "pause": (
        "PUT",
        "pause",
        {},
        lambda client, device: client.player.pause(device_id=device),
    ),
    "next": (
        "POST",
        "next",
        {},
        lambda client, device: client.player.next(device_id=device),
    ),
    "previous": (
        "POST",
        "previous",
        {},
        lambda client, device: client.player.previous(device_id=device),
    ),
    "seek": (
        "PUT",
        "seek",
        {"position_ms": "61000"},
        lambda client, device: client.player.seek(61_000, device_id=device),
    ),
    "volume": (
        "PUT",
        "volume",
        {"volume_percent": "20"},
        lambda client, device: client.player.set_volume(20, device_id=device),
    ),
    "shuffle": (
        "PUT",
        "shuffle",
        {"state": "true"},
        lambda client, device: client.player.set_shuffle(True, device_id=device),
    ),
    "repeat": (
        "PUT",
        "repeat",
        {"state": "track"},
        lambda client, device: client.player.set_repeat(Repeat.TRACK, device_id=device),
    ),
}

REFUSALS: dict[str, tuple[Fault, type[SpotifyApiError]]] = {
    "T1 401": (Fault("/v1/", times=None, status=401), TokenRejectedError),
    "T2 429": (Fault("/v1/", times=None, status=429), RateLimitedError),
    "T2 429 text": (
        Fault("/v1/", times=None, status=429, body="Too many requests"),
        RateLimitedError,
    ),
    "T2 quota": (
        Fault("/v1/", times=None, status=429, body=QUOTA_EXCEEDED),
        QuotaExceededError,
    ),
    "T3 400": (Fault("/v1/", times=None, status=400), BadRequestError),
    "T3 502 page": (
        Fault("/v1/", times=None, status=502, body="<html>Bad gateway</html>"),
        ServerFaultError,
    ),
    "T5 403 text": (
        Fault(
            "/v1/",
            times=None,
            status=403,
            body="User not registered in the Developer Dashboard",
        ),
        NotOnAllowListError,
    ),
    "T5 403 reason": (
        Fault("/v1/", times=None, status=403, body={"error": {"reason": "UNKNOWN"}}),
        CommandRefusedError,
    ),
    "T6 reset": (Fault("/v1/", times=None, reset=True), ConnectionFailedError),
    "redirect": (Fault("/v1/", times=None, status=302), InvalidAnswerError),
}


@pytest.mark.parametrize("device", [None, "Kitchen"])
@pytest.mark.parametrize("name", COMMANDS)
async def test_a_command_is_sent_as_spotify_documents_it(
    emulator: Emulator,
    anna: SpotifyHubClient,
    phone: Phone,
    uri: Uri,
    name: str,
    device: str | None,
) -> None:
    """Everything in the query, nothing in a body."""
    phone.play(uri("album", "Kind of Blue"), "Living Room TV")
    phone.next()
    devices = emulator.world.users["anna"].player.devices
    device_id = next((one.id for one in devices if one.name == device), None)
    method, path, query, command = COMMANDS[name]
    await command(anna, device_id)
    (request,) = emulator.requests
    assert (request.method, request.path) == (method, f"/v1/me/player/{path}")
    assert request.query == query | ({"device_id": device_id} if device_id else {})
    assert request.body is None
    assert request.status == 204


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.usefixtures("elapsing")
async def test_a_refused_command_raises(
    emulator: Emulator, client: ClientFor, phone: Phone, uri: Uri, refusal: str
) -> None:
    """Upstream's transport lets all of these pass in silence."""
    phone.play(uri("album", "Kind of Blue"))
    fault, error = REFUSALS[refusal]
    emulator.faults.add(fault)
    for _, _, _, command in COMMANDS.values():
        with pytest.raises(error) as raised:
            await command(client(), None)
        assert type(raised.value) is error


@pytest.mark.parametrize("name", COMMANDS)
async def test_t4_404_with_a_space_before_the_colon_is_an_error(
    emulator: Emulator, anna: SpotifyHubClient, name: str
) -> None:
    """`"status" : 404`, as the player writes it, is success to upstream."""
    with pytest.raises(NoActiveDeviceError, match="No active device found"):
        await COMMANDS[name][-1](anna, None)
    assert len(emulator.requests) == 1


@pytest.mark.parametrize("body", ["", "OK", "<html></html>", "{", "null"])
@pytest.mark.parametrize("status", [200, 202, 204])
async def test_a_2xx_of_any_body_is_success(
    emulator: Emulator, anna: SpotifyHubClient, status: int, body: str
) -> None:
    """What Spotify sends back on a command means nothing."""
    emulator.faults.add(Fault("/v1/", times=None, status=status, body=body))
    for _, _, _, command in COMMANDS.values():
        await command(anna, None)


def test_upstreams_errors_are_no_base_of_ours() -> None:
    """Whoever catches one kind must not catch the other unawares."""
    assert not issubclass(SpotifyApiError, spotifyaio.SpotifyError)
