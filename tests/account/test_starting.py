"""How a start ends: where it plays, for sure or not, or why it does not."""

import asyncio
from collections.abc import Callable
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest

from custom_components.spotify_hub.account import starting
from custom_components.spotify_hub.account.player import PlayerOperations
from custom_components.spotify_hub.account.start import Start
from custom_components.spotify_hub.api import book
from custom_components.spotify_hub.const import DOMAIN
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator, Fault
from tests.emulator.data import find
from tests.emulator.faults import QUOTA_EXCEEDED
from tests.emulator.phone import Phone
from tests.emulator.world import Device

PLAYER = "/v1/me/player$"
PLAY = "/me/player/play$"
TV = "Living Room TV"
REFUSED = {
    "error": {
        "status": 403,
        "message": "Player command failed: Restriction violated",
        "reason": "UNKNOWN",
    }
}


class Waits(list[float]):
    """What a start waits, in seconds; `then` is what happens while it does."""

    def __init__(self, emulator: Emulator) -> None:
        """Let Spotify's clock go on as if it was waited."""
        super().__init__()
        self._clock = emulator.clock
        self.then: dict[float, Callable[[], None]] = {}

    async def pause(self, seconds: float) -> None:
        """Note it, and let happen what is due."""
        self.append(seconds)
        self._clock.advance(seconds)
        for at in [at for at in self.then if at <= sum(self)]:
            self.then.pop(at)()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch, emulator: Emulator) -> Waits:
    """Let a start wait without time."""
    waited = Waits(emulator)
    monkeypatch.setattr(starting, "pause", waited.pause)
    monkeypatch.setattr(book, "FIRST_CEILING", 1000)
    return waited


@pytest.fixture
async def anna(waits: Waits, link: Link, emulator: Emulator) -> AccountEntry:
    """Link Anna, for whom nothing plays."""
    entry = await link()
    emulator.forget_requests()
    return entry


@pytest.fixture
def player(anna: AccountEntry) -> PlayerOperations:
    """Anna's player."""
    return anna.runtime_data.player


@pytest.fixture
def phone(emulator: Emulator) -> Phone:
    """Anna's phone."""
    return emulator.phone("anna")


@pytest.fixture
def album(emulator: Emulator) -> Start:
    """Kind of Blue."""
    return Start(context_uri=find(emulator.world, "album", "Kind of Blue")["uri"])


@pytest.fixture
async def kitchen(
    hass: HomeAssistant, anna: AccountEntry, phone: Phone, emulator: Emulator
) -> Phone:
    """A song in the kitchen."""
    phone.play(find(emulator.world, "track", "Get Lucky")["uri"], "Kitchen")
    await anna.runtime_data.playback.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    emulator.forget_requests()
    return phone


def device(phone: Phone, name: str) -> Device:
    """Return one of Anna's devices."""
    return next(one for one in phone.player.devices if one.name == name)


def asked(emulator: Emulator) -> list[str]:
    """Return what Anna's start asked of Spotify, in order."""
    return [
        f"{one.method} {one.path.rpartition('/')[2]}"
        for one in emulator.requests
        if one.user_id == "anna" and "/me/player" in one.path
    ]


def ignored(path: str, times: int | None = None) -> Fault:
    """Return a command that Spotify accepts without effect."""
    return Fault(path, method="PUT", user="anna", status=204, body="", times=times)


def playing_on(phone: Phone) -> str | None:
    """Return where it plays; None where nothing does."""
    active = phone.player.active
    return active.name if active and phone.player.is_playing else None


async def failing(start: Any) -> HomeAssistantError:
    """Return what a start raised."""
    with pytest.raises(HomeAssistantError) as raised:
        await start
    return raised.value


async def test_the_first_look_confirms(
    player: PlayerOperations,
    phone: Phone,
    album: Start,
    emulator: Emulator,
    waits: Waits,
) -> None:
    """Two requests, and 0.7 s."""
    started = await player.start(album, TV)
    assert started.confirmed
    assert started.device is not None
    assert started.device.name == TV == playing_on(phone)
    assert asked(emulator) == ["PUT play", "GET player"]
    assert waits == pytest.approx([0.7], abs=0.2)


async def test_what_is_accepted_without_effect_is_started_the_other_way(
    player: PlayerOperations,
    phone: Phone,
    album: Start,
    emulator: Emulator,
    waits: Waits,
) -> None:
    """Moved there after two looks, and started once more."""
    emulator.faults.add(ignored(PLAY, times=1))
    started = await player.start(album, TV)
    assert started.confirmed
    assert playing_on(phone) == TV
    assert phone.player.context_uri == album.context_uri
    first = ["PUT play", "GET player", "GET player"]
    assert asked(emulator) == [*first, "PUT player", "PUT play", "GET player"]
    assert waits == pytest.approx([0.7, 1.8, 0.7], abs=0.2)


async def test_a_start_that_never_begins_is_given_up(
    player: PlayerOperations,
    phone: Phone,
    album: Start,
    emulator: Emulator,
    waits: Waits,
) -> None:
    """Within eight seconds; nothing is said to play that does not."""
    emulator.faults.add(ignored("/me/player(/play)?$"))
    error = await failing(player.start(album, TV))
    assert isinstance(error, ServiceValidationError)
    assert error.translation_key == "start_unconfirmed"
    assert error.translation_placeholders == {"speaker": TV}
    assert sum(waits) == pytest.approx(8, abs=0.5)
    assert len(asked(emulator)) <= 8
    assert playing_on(phone) is None


async def test_a_speaker_that_is_listed_no_more_is_offline(
    player: PlayerOperations,
    phone: Phone,
    album: Start,
    emulator: Emulator,
    waits: Waits,
) -> None:
    """By the id that it had it is not found; it is looked for now and 4 s later."""
    phone.vanish(TV)
    error = await failing(player.start(album, TV))
    assert error.translation_key == "start_offline"
    assert error.translation_placeholders == {"speaker": TV}
    assert asked(emulator) == ["PUT play", "GET devices", "GET devices"]
    assert waits == pytest.approx([4], abs=0.2)
    assert playing_on(phone) is None


async def test_a_speaker_in_use_names_who_uses_it(
    hass: HomeAssistant,
    anna: AccountEntry,
    player: PlayerOperations,
    album: Start,
    emulator: Emulator,
    link: Link,
) -> None:
    """Another linked account, that plays on undisturbed."""
    ben = await link("ben")
    bens = emulator.phone("ben")
    bens.play(album.context_uri or "", "Kitchen")
    await ben.runtime_data.playback.async_refresh()
    emulator.faults.add(ignored("/me/player(/play)?$"))
    error = await failing(player.start(album, "Kitchen"))
    assert error.translation_key == "start_held"
    assert error.translation_placeholders == {
        "speaker": "Kitchen",
        "account": ben.title,
    }
    assert playing_on(bens) == "Kitchen"


async def test_a_speaker_known_to_take_no_commands_is_not_asked(
    player: PlayerOperations, album: Start, emulator: Emulator
) -> None:
    """It was listed as such."""
    error = await failing(player.start(album, "Sonos Bedroom"))
    assert error.translation_key == "speaker_restricted"
    assert not [one for one in asked(emulator) if one.startswith("PUT")]


async def test_a_speaker_that_turns_out_to_take_no_commands_is_told(
    player: PlayerOperations, phone: Phone, album: Start, emulator: Emulator
) -> None:
    """It is asked once."""
    device(phone, TV).is_restricted = True
    error = await failing(player.start(album, TV))
    assert error.translation_key == "speaker_restricted"
    assert asked(emulator) == ["PUT play"]


async def test_without_premium_no_other_way_is_tried(
    player: PlayerOperations, album: Start, emulator: Emulator, waits: Waits
) -> None:
    """Nor another speaker; the one repeat is for Spotify's known mistake."""
    emulator.world.users["anna"].product = "free"
    error = await failing(player.start(album, TV, fallback="Kitchen"))
    assert error.translation_key == "premium_required"
    assert asked(emulator) == ["PUT play", "PUT play"]
    assert not waits


@pytest.mark.parametrize(
    ("body", "key"), [(None, "rate_limited"), (QUOTA_EXCEEDED, "quota_exceeded")]
)
async def test_a_limit_is_told_with_its_end(
    player: PlayerOperations,
    album: Start,
    emulator: Emulator,
    waits: Waits,
    body: dict[str, Any] | None,
    key: str,
) -> None:
    """At once: no speaker helps against it."""
    emulator.faults.add(Fault(PLAY, status=429, body=body, retry_after=600))
    error = await failing(player.start(album, TV, fallback="Kitchen"))
    assert error.translation_key == key
    assert error.translation_placeholders is not None
    assert error.translation_placeholders["until"]
    assert asked(emulator) == ["PUT play"]
    assert not waits


async def test_a_limit_after_the_start_leaves_it_unconfirmed(
    player: PlayerOperations, phone: Phone, album: Start, emulator: Emulator
) -> None:
    """Spotify had accepted it: no error, but nothing is promised."""
    emulator.faults.add(Fault(PLAYER, method="GET", status=429, retry_after=600))
    started = await player.start(album, TV)
    assert not started.confirmed
    assert started.device is not None
    assert started.device.name == TV == playing_on(phone)
    assert asked(emulator) == ["PUT play", "GET player"]


async def test_what_was_refused_is_no_success_where_nobody_can_look(
    player: PlayerOperations, phone: Phone, album: Start, emulator: Emulator
) -> None:
    """Spotify had not accepted it."""
    emulator.faults.add(Fault(PLAY, status=403, body=REFUSED, times=None))
    emulator.faults.add(Fault(PLAYER, method="GET", status=429, retry_after=600))
    error = await failing(player.start(album, TV))
    assert error.translation_key == "not_allowed_now"
    assert playing_on(phone) is None


@pytest.mark.parametrize("action", ["play", "play_liked_songs"])
async def test_the_fallback_speaker_is_used_and_said(
    hass: HomeAssistant, anna: AccountEntry, phone: Phone, album: Start, action: str
) -> None:
    """The first one can't be reached."""
    phone.vanish(TV)
    data = {"speaker": TV, "fallback_speaker": "kitchen"}
    if action == "play":
        data["uri"] = album.context_uri or ""
    answer = await hass.services.async_call(
        DOMAIN, action, data, blocking=True, return_response=True
    )
    assert answer is not None
    assert (answer["speaker"], answer["confirmed"]) == ("Kitchen", True)
    assert playing_on(phone) == "Kitchen"


async def test_a_fallback_that_fails_too_is_told_of(
    player: PlayerOperations, phone: Phone, album: Start
) -> None:
    """By its own name: it was tried last."""
    phone.vanish(TV)
    phone.vanish("Kitchen")
    error = await failing(player.start(album, TV, fallback="Kitchen"))
    assert error.translation_key == "start_offline"
    assert error.translation_placeholders == {"speaker": "Kitchen"}


@pytest.mark.parametrize(("patience", "starts"), [(60, True), (8, False)])
async def test_an_alarm_waits_for_its_speaker(
    hass: HomeAssistant,
    anna: AccountEntry,
    phone: Phone,
    album: Start,
    emulator: Emulator,
    waits: Waits,
    patience: int,
    starts: bool,
) -> None:
    """It appears after 20 s, and has another id then."""
    box = device(phone, TV)
    phone.vanish(TV)
    waits.then[20.0] = lambda: phone.appear(Device("f" * 40, box.name, box.type))
    call = hass.services.async_call(
        DOMAIN,
        "play",
        {"uri": album.context_uri, "speaker": TV, "wait_timeout": patience},
        blocking=True,
        return_response=True,
    )
    if not starts:
        assert (await failing(call)).translation_key == "start_offline"
        return
    answer = await call
    assert answer is not None
    assert answer["confirmed"]
    assert playing_on(phone) == TV
    assert 20 <= sum(waits) <= 25.5
    assert asked(emulator).count("GET devices") <= 8


async def test_a_pause_ends_a_start_that_is_being_watched(
    kitchen: Phone,
    player: PlayerOperations,
    album: Start,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The music that shall be quiet does not begin a moment later."""
    waiting = asyncio.Event()

    async def for_ever(_seconds: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(starting, "pause", for_ever)
    emulator.faults.add(ignored(PLAY))
    start = asyncio.create_task(player.start(album, TV))
    async with asyncio.timeout(5):
        await waiting.wait()
        await player.pause()
        assert (await failing(start)).translation_key == "interrupted"
    assert asked(emulator) == ["PUT play", "PUT pause"]
    assert playing_on(kitchen) is None


async def test_an_unnamed_start_goes_where_the_music_is_by_now(
    kitchen: Phone, player: PlayerOperations, album: Start, emulator: Emulator
) -> None:
    """The phone has moved it, and nobody has looked since."""
    kitchen.transfer(TV)
    started = await player.start(album)
    assert started.confirmed
    assert started.device is not None
    assert started.device.name == TV == playing_on(kitchen)
    assert kitchen.player.context_uri == album.context_uri
    assert asked(emulator) == ["PUT play", "GET player"]


async def test_an_unnamed_start_without_effect_is_tried_the_other_way(
    kitchen: Phone, player: PlayerOperations, album: Start, emulator: Emulator
) -> None:
    """On the speaker that is active."""
    emulator.faults.add(ignored(PLAY, times=1))
    started = await player.start(album)
    assert started.confirmed
    assert kitchen.player.context_uri == album.context_uri
    assert playing_on(kitchen) == "Kitchen"


async def test_a_move_without_effect_is_taken_back(
    anna: AccountEntry, kitchen: Phone, player: PlayerOperations, emulator: Emulator
) -> None:
    """What is shown is where it plays."""
    emulator.faults.add(ignored("/me/player(/play)?$"))
    error = await failing(player.select_speaker(TV))
    assert error.translation_key == "start_unconfirmed"
    assert playing_on(kitchen) == "Kitchen"
    shown = anna.runtime_data.playback.data.playback
    assert shown is not None
    assert shown.device is not None
    assert shown.device.name == "Kitchen"


async def test_a_move_that_spotify_had_said_it_would_refuse_is_worded_so(
    anna: AccountEntry, kitchen: Phone, player: PlayerOperations
) -> None:
    """Not as any refusal."""
    kitchen.player.disallows["transferring_playback"] = True
    kitchen.player.disallows["resuming"] = True
    kitchen.player.disallows["interrupting_playback"] = True
    kitchen.pause()
    error = await failing(player.select_speaker(TV))
    assert error.translation_key == "cannot_transfer_now"


async def test_where_nothing_is_on_there_is_nothing_to_confirm(
    player: PlayerOperations, phone: Phone, album: Start, emulator: Emulator
) -> None:
    """The speaker is chosen all the same: the next start goes there."""
    emulator.faults.add(ignored(PLAYER, times=1))
    chosen = await player.select_speaker(TV)
    assert not chosen.confirmed
    assert chosen.device is not None
    assert chosen.device.name == TV
    await player.start(album)
    assert playing_on(phone) == TV


async def test_a_speaker_under_another_id_is_found_again(
    player: PlayerOperations, phone: Phone, album: Start, emulator: Emulator
) -> None:
    """The id that was known is not found: one look for the new one."""
    device(phone, TV).id = "e" * 40
    started = await player.start(album, TV)
    assert started.confirmed
    assert playing_on(phone) == TV
    assert asked(emulator) == ["PUT play", "GET devices", "PUT play", "GET player"]
