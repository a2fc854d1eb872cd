"""An alarm: it begins quietly, surely, somewhere, and grows louder."""

from collections.abc import Awaitable, Callable
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.spotify_hub.account import waking
from custom_components.spotify_hub.account.start import Start
from custom_components.spotify_hub.account.waking import (
    ALARM_PATIENCE,
    WakeUpOperations,
    Waking,
)
from custom_components.spotify_hub.api import book
from custom_components.spotify_hub.speaker_book import SpeakerSettings, find as named
from tests.boxes import Box, async_add_boxes
from tests.conftest import AccountEntry, Later, Link
from tests.emulator import Emulator, Fault
from tests.emulator.data import find
from tests.emulator.phone import Phone
from tests.emulator.world import Device

TV = "Living Room TV"
VOLUME, PLAY = "/me/player/volume$", "/me/player/play$"
IN_A_MINUTE = Waking(volume=30, fade_in=60)
NO_DEVICE = {
    "error": {
        "status": 404,
        "message": "Player command failed: No active device found",
        "reason": "NO_ACTIVE_DEVICE",
    }
}

type Pass = Callable[[float], Awaitable[None]]


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> dict[int, Callable[[], None]]:
    """Let looks for a speaker follow each other at once: what happens at which."""
    monkeypatch.setattr(book, "FIRST_CEILING", 1000)
    then: dict[int, Callable[[], None]] = {}
    looks = iter(range(1, 100))

    async def pause(seconds: float) -> None:
        assert seconds == 4.0
        then.pop(next(looks), lambda: None)()

    monkeypatch.setattr(waking, "pause", pause)
    return then


@pytest.fixture
def phone(emulator: Emulator) -> Phone:
    """Anna's phone."""
    return emulator.phone("anna")


@pytest.fixture
async def anna(
    freezer: FrozenDateTimeFactory, link: Link, emulator: Emulator
) -> AccountEntry:
    """Link Anna, for whom nothing plays."""
    entry = await link()
    emulator.forget_requests()
    return entry


@pytest.fixture
def alarm(anna: AccountEntry) -> WakeUpOperations:
    """What wakes Anna."""
    return anna.runtime_data.routines.waking


@pytest.fixture
def album(emulator: Emulator) -> Start:
    """Kind of Blue."""
    return Start(context_uri=find(emulator.world, "album", "Kind of Blue")["uri"])


@pytest.fixture
def pass_(later: Later) -> Pass:
    """Let time pass second by second, as it does."""

    async def run(seconds: float) -> None:
        for _ in range(int(seconds)):
            await later(1)

    return run


def device(phone: Phone, name: str = TV) -> Device:
    """Return one of Anna's devices."""
    return next(one for one in phone.player.devices if one.name == name)


def asked(emulator: Emulator) -> list[str]:
    """Return which commands were sent, in order, with volumes."""
    return [
        f"{one.path.rpartition('/')[2]} {one.query.get('volume_percent', '')}".strip()
        for one in emulator.requests
        if one.method == "PUT"
    ]


def playing_on(phone: Phone) -> str | None:
    """Return where it plays; None where nothing does."""
    active = phone.player.active
    return active.name if active and phone.player.is_playing else None


def limit(
    entry: AccountEntry, name: str, *, min_volume: float = 0.0, max_volume: float = 1.0
) -> None:
    """Set how loud a speaker may be."""
    speakers = entry.runtime_data.household.speakers
    (speaker,) = named(speakers.book, name)
    speakers.async_configure(
        speaker.id, SpeakerSettings(min_volume=min_volume, max_volume=max_volume)
    )


async def test_it_begins_quietly_and_grows_louder(
    alarm: WakeUpOperations,
    album: Start,
    phone: Phone,
    emulator: Emulator,
    pass_: Pass,
) -> None:
    """It answers when it plays; the volume is reached when it was asked to be."""
    woken = await alarm.wake_up(album, TV, IN_A_MINUTE)
    assert woken.started.confirmed
    assert woken.volume == 30
    assert playing_on(phone) == TV
    assert asked(emulator) == ["volume 5", "play"]
    await pass_(31)
    assert device(phone).volume_percent == 17
    await pass_(30)
    assert device(phone).volume_percent == 30
    assert len(asked(emulator)) <= 2 + 15
    emulator.forget_requests()
    await pass_(20)
    assert not asked(emulator)


async def test_a_fade_of_few_percent_sets_each_volume_once(
    alarm: WakeUpOperations,
    album: Start,
    phone: Phone,
    emulator: Emulator,
    pass_: Pass,
) -> None:
    """One percent louder is one command."""
    await alarm.wake_up(album, TV, Waking(volume=6, fade_in=60))
    await pass_(61)
    assert device(phone).volume_percent == 6
    assert asked(emulator) == ["volume 5", "play", "volume 6"]


async def test_a_fade_that_is_stopped_between_two_steps_does_no_more(
    alarm: WakeUpOperations, album: Start, emulator: Emulator, pass_: Pass
) -> None:
    """Its next step finds nothing to do."""
    await alarm.wake_up(album, TV, IN_A_MINUTE)
    alarm._fader.async_stop()
    emulator.forget_requests()
    await pass_(10)
    assert asked(emulator) == []


async def test_without_a_fade_it_begins_as_loud_as_it_gets(
    alarm: WakeUpOperations, album: Start, phone: Phone, emulator: Emulator
) -> None:
    """Set before it begins."""
    woken = await alarm.wake_up(album, TV, Waking(volume=30))
    assert woken.volume == 30
    assert asked(emulator) == ["volume 30", "play"]
    assert device(phone).volume_percent == 30


async def test_what_is_allowed_on_the_speaker_holds(
    anna: AccountEntry,
    alarm: WakeUpOperations,
    album: Start,
    phone: Phone,
    emulator: Emulator,
    pass_: Pass,
) -> None:
    """It begins no quieter and grows no louder."""
    limit(anna, TV, min_volume=0.1, max_volume=0.2)
    woken = await alarm.wake_up(album, TV, IN_A_MINUTE)
    assert woken.volume == 20
    assert device(phone).volume_percent == 10
    await pass_(61)
    assert device(phone).volume_percent == 20


@pytest.mark.parametrize("doing", ["pause", "transfer", "volume"])
async def test_what_somebody_does_by_hand_ends_the_fade(
    alarm: WakeUpOperations,
    album: Start,
    phone: Phone,
    emulator: Emulator,
    pass_: Pass,
    doing: str,
) -> None:
    """The volume stays where it is."""
    await alarm.wake_up(album, TV, IN_A_MINUTE)
    await pass_(21)
    match doing:
        case "pause":
            phone.pause()
        case "transfer":
            phone.transfer("Kitchen")
        case "volume":
            phone.volume(3)
    at = device(phone).volume_percent
    emulator.forget_requests()
    await pass_(50)
    assert not asked(emulator)
    assert device(phone).volume_percent == at


async def test_another_alarm_takes_the_place_of_the_fade(
    alarm: WakeUpOperations, album: Start, phone: Phone, pass_: Pass
) -> None:
    """The first speaker's volume stays where it is."""
    await alarm.wake_up(album, TV, IN_A_MINUTE)
    await pass_(21)
    at = device(phone).volume_percent
    await alarm.wake_up(album, "Kitchen", IN_A_MINUTE)
    await pass_(61)
    assert device(phone).volume_percent == at
    assert device(phone, "Kitchen").volume_percent == 30


async def test_unloading_ends_the_fade(
    hass: HomeAssistant,
    anna: AccountEntry,
    alarm: WakeUpOperations,
    album: Start,
    emulator: Emulator,
    pass_: Pass,
) -> None:
    """And the music plays on."""
    await alarm.wake_up(album, TV, IN_A_MINUTE)
    await pass_(21)
    await hass.config_entries.async_unload(anna.entry_id)
    emulator.forget_requests()
    await pass_(60)
    assert not emulator.requests


async def test_a_limit_in_the_middle_is_waited_out(
    alarm: WakeUpOperations,
    album: Start,
    phone: Phone,
    emulator: Emulator,
    pass_: Pass,
) -> None:
    """It is as loud as it should be when Spotify may be asked again."""
    await alarm.wake_up(album, TV, IN_A_MINUTE)
    await pass_(21)
    emulator.faults.add(Fault(VOLUME, status=429, retry_after=60))
    await pass_(50)
    assert (device(phone).volume_percent or 99) < 20
    await pass_(20)
    assert device(phone).volume_percent == 30


async def test_a_limit_that_lasts_ends_the_fade(
    alarm: WakeUpOperations,
    album: Start,
    phone: Phone,
    emulator: Emulator,
    later: Later,
    pass_: Pass,
) -> None:
    """Louder an hour later would startle."""
    await alarm.wake_up(album, TV, IN_A_MINUTE)
    await pass_(21)
    emulator.faults.add(Fault(VOLUME, status=429, retry_after=300))
    for _ in range(70):
        await later(5)
    assert (device(phone).volume_percent or 99) < 20


async def test_where_the_volume_cannot_be_set_it_plays_all_the_same(
    alarm: WakeUpOperations,
    album: Start,
    phone: Phone,
    emulator: Emulator,
    pass_: Pass,
) -> None:
    """A phone lets nobody."""
    woken = await alarm.wake_up(album, "Anna's Phone", IN_A_MINUTE)
    assert woken.volume is None
    assert playing_on(phone) == "Anna's Phone"
    await pass_(20)
    assert not emulator.calls("PUT", VOLUME)


async def test_a_speaker_that_appears_is_quiet_before_it_plays(
    alarm: WakeUpOperations,
    album: Start,
    phone: Phone,
    emulator: Emulator,
    waits: dict[int, Callable[[], None]],
) -> None:
    """It is waited for, and has another id then."""
    box = device(phone)
    phone.vanish(TV)
    waits[4] = lambda: phone.appear(Device("f" * 40, box.name, box.type, 90))
    woken = await alarm.wake_up(album, TV, IN_A_MINUTE)
    assert woken.started.confirmed
    assert playing_on(phone) == TV
    assert device(phone).volume_percent == 5
    sent = asked(emulator)
    assert sent.index("volume 5") < sent.index("play")
    assert len(emulator.calls("GET", "/devices$")) <= 6


async def test_a_speaker_that_takes_no_volume_before_it_is_active_is_woken_in_silence(
    alarm: WakeUpOperations, album: Start, phone: Phone, emulator: Emulator
) -> None:
    """Moved there paused; then it is told, and plays."""
    emulator.faults.add(Fault(VOLUME, status=404, body=NO_DEVICE))
    await alarm.wake_up(album, TV, IN_A_MINUTE)
    assert asked(emulator) == ["volume 5", "player", "volume 5", "play"]
    assert device(phone).volume_percent == 5


async def test_music_elsewhere_is_not_dragged_along_for_that(
    anna: AccountEntry,
    alarm: WakeUpOperations,
    album: Start,
    phone: Phone,
    emulator: Emulator,
) -> None:
    """It is made quiet the moment it plays there."""
    phone.play(find(emulator.world, "track", "Get Lucky")["uri"], "Kitchen")
    await anna.runtime_data.playback.async_refresh()
    emulator.faults.add(Fault(VOLUME, status=404, body=NO_DEVICE))
    await alarm.wake_up(album, TV, IN_A_MINUTE)
    assert asked(emulator) == ["volume 5", "play", "volume 5"]
    assert device(phone).volume_percent == 5
    assert playing_on(phone) == TV


async def test_a_volume_that_is_taken_without_effect_is_set_again(
    alarm: WakeUpOperations, album: Start, phone: Phone, emulator: Emulator
) -> None:
    """Spotify says yes, the sleeping speaker forgets."""
    emulator.faults.add(Fault(VOLUME, status=204, body=""))
    await alarm.wake_up(album, TV, IN_A_MINUTE)
    assert asked(emulator) == ["volume 5", "play", "volume 5"]
    assert device(phone).volume_percent == 5


async def test_a_volume_that_is_not_taken_at_all_is_faded_as_soon_as_it_is(
    alarm: WakeUpOperations,
    album: Start,
    phone: Phone,
    emulator: Emulator,
    pass_: Pass,
) -> None:
    """What was heard at the start is no hand of anybody's."""
    emulator.faults.add(Fault(VOLUME, status=503, times=None))
    woken = await alarm.wake_up(album, TV, IN_A_MINUTE)
    assert woken.started.confirmed
    assert device(phone).volume_percent == 60
    emulator.faults.clear()
    await pass_(100)
    assert device(phone).volume_percent == 30


@pytest.mark.parametrize("why", ["offline", "unconfirmed"])
async def test_the_fallback_speaker_begins_quietly_too(
    alarm: WakeUpOperations,
    album: Start,
    phone: Phone,
    emulator: Emulator,
    pass_: Pass,
    why: str,
) -> None:
    """And grows louder there."""
    if why == "offline":
        phone.vanish(TV)
    else:
        emulator.faults.add(
            Fault("/me/player(/play)?$", method="PUT", status=204, body="", times=13)
        )
    woken = await alarm.wake_up(album, TV, IN_A_MINUTE, fallback="Kitchen")
    assert woken.started.device is not None
    assert woken.started.device.name == "Kitchen" == playing_on(phone)
    assert device(phone, "Kitchen").volume_percent == 5
    if why == "unconfirmed":
        # What nobody plays on is as loud as before.
        assert device(phone).volume_percent == 60
    await pass_(61)
    assert device(phone, "Kitchen").volume_percent == 30


async def test_the_fallback_that_is_set_for_a_speaker_is_used(
    anna: AccountEntry, alarm: WakeUpOperations, album: Start, phone: Phone
) -> None:
    """Where the alarm names none."""
    speakers = anna.runtime_data.household.speakers
    (tv,), (kitchen,) = (named(speakers.book, name) for name in (TV, "Kitchen"))
    speakers.async_configure(tv.id, SpeakerSettings(fallback=kitchen.id))
    phone.vanish(TV)
    await alarm.wake_up(album, TV, IN_A_MINUTE)
    assert playing_on(phone) == "Kitchen"
    assert device(phone, "Kitchen").volume_percent == 5


async def test_a_restricted_speaker_that_is_gone_uses_the_fallback(
    anna: AccountEntry, alarm: WakeUpOperations, album: Start, phone: Phone
) -> None:
    """It has no id by which it could be told to be quiet; nothing else is."""
    phone.vanish("Sonos Bedroom")
    await anna.runtime_data.speakers.async_refresh()
    (bedroom,) = named(anna.runtime_data.household.speakers.book, "Sonos Bedroom")
    (kitchen,) = named(anna.runtime_data.household.speakers.book, "Kitchen")
    await alarm.wake_up(album, bedroom, IN_A_MINUTE, fallback=kitchen)
    assert playing_on(phone) == "Kitchen"


async def test_a_fade_that_is_replaced_in_the_middle_of_a_step_does_no_more(
    anna: AccountEntry,
    alarm: WakeUpOperations,
    album: Start,
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    pass_: Pass,
) -> None:
    """Whether it looks or sets a volume at that moment."""
    playback = anna.runtime_data.playback
    look = playback.async_refresh

    async def look_and_stop() -> None:
        await look()
        alarm._fader.async_stop()

    await alarm.wake_up(album, TV, IN_A_MINUTE)
    with monkeypatch.context() as patched:
        patched.setattr(playback, "async_refresh", look_and_stop)
        await pass_(10)
    assert asked(emulator) == ["volume 5", "play"]
    await alarm.wake_up(album, TV, IN_A_MINUTE)
    set_volume = alarm._loudness.set

    async def set_and_stop(*args: Any, **kwargs: Any) -> None:
        await set_volume(*args, **kwargs)
        alarm._fader.async_stop()

    emulator.forget_requests()
    with monkeypatch.context() as patched:
        patched.setattr(alarm._loudness, "set", set_and_stop)
        await pass_(30)
    assert asked(emulator) == ["volume 7"]


async def test_an_alarm_on_a_restricted_speaker_without_link_uses_the_fallback(
    alarm: WakeUpOperations, album: Start, phone: Phone
) -> None:
    """It takes no commands."""
    await alarm.wake_up(album, "Sonos Bedroom", IN_A_MINUTE, fallback="Kitchen")
    assert playing_on(phone) == "Kitchen"


async def test_what_no_speaker_helps_against_is_told_at_once(
    alarm: WakeUpOperations, album: Start, emulator: Emulator
) -> None:
    """The fallback is not tried."""
    emulator.world.users["anna"].product = "free"
    with pytest.raises(HomeAssistantError) as raised:
        await alarm.wake_up(album, TV, IN_A_MINUTE, fallback="Kitchen")
    assert raised.value.translation_key == "premium_required"
    assert asked(emulator).count("play") == 2


async def test_a_start_that_fails_leaves_the_volume_as_it_was(
    anna: AccountEntry,
    alarm: WakeUpOperations,
    album: Start,
    phone: Phone,
    emulator: Emulator,
    link: Link,
) -> None:
    """Ben listens there."""
    ben = await link("ben")
    bens = emulator.phone("ben")
    bens.play(album.context_uri or "", "Kitchen")
    await ben.runtime_data.playback.async_refresh()
    emulator.faults.add(
        Fault(
            "/me/player(/play)?$",
            method="PUT",
            user="anna",
            status=204,
            body="",
            times=None,
        )
    )
    with pytest.raises(HomeAssistantError) as raised:
        await alarm.wake_up(album, "Kitchen", IN_A_MINUTE)
    assert raised.value.translation_key == "start_held"
    assert device(phone, "Kitchen").volume_percent == 40


async def test_a_speaker_that_never_comes_is_waited_for_no_longer_than_asked(
    alarm: WakeUpOperations, album: Start, phone: Phone, emulator: Emulator
) -> None:
    """A minute, with a look every few seconds."""
    phone.vanish(TV)
    with pytest.raises(HomeAssistantError) as raised:
        await alarm.wake_up(album, TV, Waking(volume=30, patience=ALARM_PATIENCE))
    assert raised.value.translation_key == "start_offline"
    assert len(emulator.calls("GET", "/devices$")) <= 20


async def test_an_unconfirmed_start_grows_louder_all_the_same(
    alarm: WakeUpOperations,
    album: Start,
    phone: Phone,
    emulator: Emulator,
    pass_: Pass,
) -> None:
    """Spotify had accepted it, and may not be asked for a while."""
    emulator.faults.add(Fault("/me/player$", method="GET", status=429, retry_after=20))
    woken = await alarm.wake_up(album, TV, IN_A_MINUTE)
    assert not woken.started.confirmed
    await pass_(65)
    assert device(phone).volume_percent == 30


async def test_a_restricted_speaker_wakes_by_its_box(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    link: Link,
    album: Start,
    phone: Phone,
    emulator: Emulator,
    pass_: Pass,
) -> None:
    """Quiet before it plays, louder then; all by Home Assistant's own actions."""
    box = Box("Sonos Bedroom", phone)
    await async_add_boxes(hass, box)
    entry = await link()
    speakers = entry.runtime_data.household.speakers
    (bedroom,) = named(speakers.book, "Sonos Bedroom")
    settings = SpeakerSettings(linked="media_player.sonos_bedroom")
    speakers.async_configure(bedroom.id, settings)
    emulator.forget_requests()
    alarm = entry.runtime_data.routines.waking
    woken = await alarm.wake_up(album, "Sonos Bedroom", Waking(volume=30, fade_in=20))
    assert woken.volume == 30
    assert box.asked == ["volume", "play_media"]
    assert box.volume_level == 0.05
    await pass_(23)
    assert box.volume_level == 0.3
    assert not emulator.calls("PUT")
