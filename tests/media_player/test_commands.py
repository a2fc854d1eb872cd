"""What an action does at Spotify, and what is shown of it at once."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from tests.conftest import Later
from tests.emulator import Emulator
from tests.emulator.faults import Fault
from tests.emulator.phone import Phone
from tests.emulator.world import Device, Player

from .conftest import Call, Uri, shown

pytestmark = pytest.mark.usefixtures("freezer", "anna")

type Refresh = Callable[[], Awaitable[None]]


def _refusal(reason: str, message: str, status: int = 403) -> dict[str, Any]:
    """Return a refusal of the player's."""
    text = f"Player command failed: {message}"
    return {"error": {"status": status, "message": text, "reason": reason}}


@pytest.fixture
async def playing(phone: Phone, uri: Uri, refresh: Refresh) -> Phone:
    """Kind of Blue in the kitchen."""
    phone.play(uri("album", "Kind of Blue"), "Kitchen")
    await refresh()
    return phone


def volume(player: Player) -> int | None:
    """Return the volume of the active device."""
    assert player.active is not None
    return player.active.volume_percent


@pytest.mark.parametrize(
    ("action", "data", "state", "seen_by_spotify"),
    [
        ("media_pause", {}, "paused", lambda player: not player.is_playing),
        ("media_stop", {}, "paused", lambda player: not player.is_playing),
        (
            "media_seek",
            {"seek_position": 100.5},
            "playing",
            lambda p: 100_000 < p.position_ms < 102_000,
        ),
        ("volume_set", {"volume_level": 0.42}, "playing", lambda p: volume(p) == 42),
        ("shuffle_set", {"shuffle": True}, "playing", lambda p: p.shuffle),
        ("repeat_set", {"repeat": "all"}, "playing", lambda p: p.repeat == "context"),
        ("repeat_set", {"repeat": "one"}, "playing", lambda p: p.repeat == "track"),
    ],
)
async def test_a_command_reaches_spotify_and_is_shown_at_once(
    hass: HomeAssistant,
    playing: Phone,
    call: Call,
    emulator: Emulator,
    action: str,
    data: dict[str, Any],
    state: str,
    seen_by_spotify: Callable[[Player], bool],
) -> None:
    """One request, and no waiting for a poll."""
    emulator.forget_requests()
    await call(action, **data)
    assert seen_by_spotify(playing.player)
    assert shown(hass).state == state
    assert len(emulator.calls("PUT")) == 1
    assert not emulator.calls("GET", "/me/player$")


async def test_a_move_is_looked_at_before_and_after(
    hass: HomeAssistant, playing: Phone, call: Call, emulator: Emulator
) -> None:
    """What plays goes on playing, and Spotify has said so when the action returns."""
    emulator.forget_requests()
    await call("select_source", source="Living Room TV")
    assert playing.player.active is not None
    assert playing.player.active.name == "Living Room TV"
    assert shown(hass).state == "playing"
    assert shown(hass).attributes["source"] == "Living Room TV"
    methods = [(one.method, one.path) for one in emulator.requests]
    player = "/v1/me/player"
    assert methods[:3] == [("GET", player), ("PUT", player), ("GET", player)]
    assert emulator.calls("PUT")[0].body["play"] is True


async def test_what_is_shown_at_once_is_the_commands_effect(
    hass: HomeAssistant, playing: Phone, call: Call
) -> None:
    """Volume, shuffle, repeat, position and speaker stand before any poll."""
    await call("volume_set", volume_level=0.42)
    await call("shuffle_set", shuffle=True)
    await call("repeat_set", repeat="one")
    await call("media_seek", seek_position=100)
    await call("select_source", source="Living Room TV")
    attributes = shown(hass).attributes
    assert attributes["shuffle"] is True
    assert attributes["repeat"] == "one"
    assert attributes["media_position"] == 100
    assert attributes["source"] == "Living Room TV"


@pytest.mark.parametrize(
    ("level", "percent"), [(0.29, 29), (0.57, 57), (0.285, 28), (1.0, 100)]
)
async def test_volume_is_rounded_not_cut(
    playing: Phone, call: Call, level: float, percent: int
) -> None:
    """Peers B.4: 0.29 is 29 %, not 28."""
    await call("volume_set", volume_level=level)
    assert volume(playing.player) == percent


async def test_volume_steps(playing: Phone, call: Call) -> None:
    """Up and down by five, never past the ends."""
    await call("volume_set", volume_level=0.97)
    await call("volume_up")
    assert volume(playing.player) == 100
    await call("volume_down")
    assert volume(playing.player) == 95


async def test_unmuting_gives_back_the_volume_there_was(
    hass: HomeAssistant, playing: Phone, call: Call
) -> None:
    """Spotify has no mute: the volume goes to nothing and back."""
    await call("volume_set", volume_level=0.37)
    await call("volume_mute", is_volume_muted=True)
    assert volume(playing.player) == 0
    assert shown(hass).attributes["is_volume_muted"] is True
    await call("volume_mute", is_volume_muted=True)
    await call("volume_mute", is_volume_muted=False)
    assert volume(playing.player) == 37
    assert shown(hass).attributes["is_volume_muted"] is False


async def test_a_step_from_an_unknown_volume_says_so(
    hass: HomeAssistant, phone: Phone, refresh: Refresh, call: Call
) -> None:
    """Home Assistant's own step would do nothing, in silence."""
    phone.transfer('Office <Desk> & "Co"')
    await refresh()
    with pytest.raises(ServiceValidationError) as raised:
        await call("volume_up")
    assert raised.value.translation_key == "volume_unknown"


async def test_skipping_is_shown_with_the_next_poll(
    hass: HomeAssistant, playing: Phone, call: Call, later: Later, emulator: Emulator
) -> None:
    """0.7 s after the command, once; the second question is not needed."""
    emulator.forget_requests()
    await call("media_next_track")
    await later(0.8)
    assert shown(hass).attributes["media_title"] == "Freddie Freeloader"
    await later(2)
    assert len(emulator.calls("GET", "/me/player$")) == 1
    await call("media_previous_track")
    await later(0.8)
    assert shown(hass).attributes["media_title"] == "So What"


async def test_spotifys_stale_answer_is_not_shown(
    hass: HomeAssistant, playing: Phone, call: Call, later: Later
) -> None:
    """The old state at 0.7 s does not undo the pause; at 2.5 s Spotify's word stands."""
    await call("media_pause")
    playing.resume()
    await later(0.8)
    assert shown(hass).state == "paused"
    await later(2)
    assert shown(hass).state == "playing"


async def test_a_refused_command_is_taken_back_at_once(
    hass: HomeAssistant, playing: Phone, call: Call, emulator: Emulator
) -> None:
    """Peers C: the shown state does not stay when Spotify refuses."""
    states: list[str] = []
    hass.bus.async_listen(
        "state_changed", lambda event: states.append(event.data["new_state"].state)
    )
    emulator.faults.add(
        Fault(
            "/player/pause",
            status=403,
            body=_refusal("UNKNOWN", "Restriction violated"),
        )
    )
    with pytest.raises(HomeAssistantError) as raised:
        await call("media_pause")
    await hass.async_block_till_done()
    assert raised.value.translation_key == "not_allowed_now"
    assert shown(hass).state == "playing"
    assert states[0] == "paused"


async def test_a_refusal_is_worded_by_what_spotify_disallows(
    playing: Phone, call: Call, emulator: Emulator, refresh: Refresh
) -> None:
    """During an advert Spotify says beforehand that skipping is refused."""
    playing.player.disallows["skipping_next"] = True
    await refresh()
    emulator.faults.add(
        Fault(
            "/player/next", status=403, body=_refusal("UNKNOWN", "Restriction violated")
        )
    )
    with pytest.raises(ServiceValidationError) as raised:
        await call("media_next_track")
    assert raised.value.translation_key == "cannot_skip_now"


async def test_pausing_what_is_paused_already_is_no_error(
    hass: HomeAssistant, playing: Phone, call: Call
) -> None:
    """Spotify refuses (Restriction violated), but what was asked for is so."""
    playing.pause()
    await call("media_pause")
    assert shown(hass).state == "paused"


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (Fault("/player/pause", status=400), "bad_request"),
        (
            Fault(
                "/player/pause",
                status=404,
                body=_refusal("NO_ACTIVE_DEVICE", "No active device found", 404),
            ),
            "no_active_speaker",
        ),
        (Fault("/player/pause", status=429, retry_after=7), "rate_limited"),
        (Fault("/player/pause", status=500, times=None), "server_fault"),
        (
            Fault(
                "/player/pause", status=502, body="<html>Bad gateway</html>", times=None
            ),
            "server_fault",
        ),
        (Fault("/player/pause", status=503, times=None), "server_fault"),
        (Fault("/player/pause", reset=True, times=None), "unreachable"),
        (
            Fault(
                "/player/pause",
                status=403,
                body=_refusal("PREMIUM_REQUIRED", "Premium required"),
                times=2,
            ),
            "premium_required",
        ),
        (
            Fault(
                "/player/pause",
                status=403,
                body={"error": {"status": 403, "message": "Insufficient client scope"}},
            ),
            "scope_missing",
        ),
        (
            Fault(
                "/player/pause",
                status=429,
                body={
                    "error": {
                        "status": 429,
                        "message": "Too many requests",
                        "reason": "QUOTA_EXCEEDED",
                    }
                },
                retry_after=7200,
            ),
            "quota_exceeded",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_no_failed_command_is_taken_for_success(
    hass: HomeAssistant,
    playing: Phone,
    call: Call,
    emulator: Emulator,
    fault: Fault,
    key: str,
) -> None:
    """Peers B.2: each answer but 2xx reaches the caller, with the reason, and changes nothing."""
    emulator.faults.add(fault)
    with pytest.raises(HomeAssistantError) as raised:
        await call("media_pause")
    assert raised.value.translation_key == key
    assert shown(hass).state == "playing"
    assert playing.player.is_playing


async def test_premium_refused_by_mistake_once_is_not_told(
    hass: HomeAssistant, playing: Phone, call: Call, emulator: Emulator
) -> None:
    """Spotify's servers did so in July 2026; the command is repeated, and works."""
    emulator.faults.add(
        Fault(
            "/player/pause",
            status=403,
            body=_refusal("PREMIUM_REQUIRED", "Premium required"),
        )
    )
    await call("media_pause")
    assert not playing.player.is_playing


async def test_dragging_the_volume_asks_once_at_the_end(
    playing: Phone, call: Call, later: Later, emulator: Emulator
) -> None:
    """Ten commands, one confirming poll."""
    emulator.forget_requests()
    for step in range(10):
        await call("volume_set", volume_level=step / 10)
    await later(0.8)
    await later(3)
    assert len(emulator.calls("PUT")) == 10
    assert len(emulator.calls("GET", "/me/player$")) == 1


async def test_an_unknown_speaker_is_named_with_those_that_are_known(
    call: Call,
) -> None:
    """Peers B.10: an unknown source is not swallowed."""
    with pytest.raises(ServiceValidationError) as raised:
        await call("select_source", source="Attic")
    assert raised.value.translation_key == "unknown_speaker"
    placeholders = raised.value.translation_placeholders
    assert placeholders is not None
    assert placeholders["speaker"] == "Attic"
    assert "Kitchen" in placeholders["known"]


async def test_a_speaker_that_has_just_appeared_can_be_chosen(
    playing: Phone, call: Call
) -> None:
    """Peers B.10: no waiting for the next poll of speakers."""
    playing.appear(Device("garden-id", "Garden"))
    await call("select_source", source="Garden")
    assert playing.player.active is not None
    assert playing.player.active.name == "Garden"


async def test_a_speaker_whose_id_has_changed_is_found_by_its_name(
    playing: Phone, call: Call
) -> None:
    """Spotify: ids are not persistent."""
    tv = next(
        device for device in playing.player.devices if device.name == "Living Room TV"
    )
    tv.id = "another-id"
    await call("select_source", source="Living Room TV")
    assert playing.player.active is tv


async def test_a_speaker_that_has_gone_is_told(playing: Phone, call: Call) -> None:
    """Listed at the last poll, gone now."""
    playing.vanish("Living Room TV")
    with pytest.raises(HomeAssistantError) as raised:
        await call("select_source", source="Living Room TV")
    assert raised.value.translation_key == "start_offline"


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("volume_up", {}),
        ("volume_mute", {"is_volume_muted": True}),
        ("volume_set", {"volume_level": 0.5}),
        ("media_next_track", {}),
        ("shuffle_set", {"shuffle": True}),
    ],
)
async def test_with_nothing_active_there_is_nothing_to_steer(
    call: Call, action: str, data: dict[str, Any]
) -> None:
    """Only a start wakes a speaker; the rest says why it has no effect."""
    with pytest.raises(ServiceValidationError) as raised:
        await call(action, **data)
    assert raised.value.translation_key == "no_active_speaker"


async def test_unmuting_what_is_not_mute_changes_nothing(
    playing: Phone, call: Call, emulator: Emulator
) -> None:
    """It is as asked for already."""
    emulator.forget_requests()
    await call("volume_mute", is_volume_muted=False)
    assert not emulator.requests
