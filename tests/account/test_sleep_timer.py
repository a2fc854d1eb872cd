"""Music that ends by itself, on a timer that nothing stops."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_player import MediaPlayerState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util
import pytest

from custom_components.spotify_hub.account.sleep_timer import SleepTimerOperations
from custom_components.spotify_hub.api import book
from custom_components.spotify_hub.speaker_book import SpeakerSettings, find as named
from tests.boxes import Box, async_add_boxes
from tests.conftest import AccountEntry, Later, Link
from tests.emulator import Emulator, Fault
from tests.emulator.data import find
from tests.emulator.faults import QUOTA_EXCEEDED
from tests.emulator.phone import Phone
from tests.emulator.world import Device

STORE = "spotify_hub.household"
SENSOR = "sensor.spotify_anna_sleep_timer_ends"
VOLUME, PAUSE = "/me/player/volume$", "/me/player/pause$"
REFUSED = {
    "error": {
        "status": 403,
        "message": "Player command failed: Cannot control device volume",
        "reason": "VOLUME_CONTROL_DISALLOW",
    }
}

type Pass = Callable[[float], Awaitable[None]]


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test send what it likes: its clock stands still between its steps."""
    monkeypatch.setattr(book, "FIRST_CEILING", 1000)


@pytest.fixture
def phone(emulator: Emulator) -> Phone:
    """Anna's phone."""
    return emulator.phone("anna")


@pytest.fixture
async def anna(
    freezer: FrozenDateTimeFactory, link: Link, phone: Phone, emulator: Emulator
) -> AccountEntry:
    """Link Anna, who hears an album in the kitchen at 40 percent."""
    phone.play(find(emulator.world, "album", "Kind of Blue")["uri"], "Kitchen")
    entry = await link()
    emulator.forget_requests()
    return entry


def timer_of(entry: AccountEntry) -> SleepTimerOperations:
    """Return an account's sleep timer."""
    return entry.runtime_data.routines.sleep_timer


@pytest.fixture
def sleep_timer(anna: AccountEntry) -> SleepTimerOperations:
    """Anna's sleep timer."""
    return timer_of(anna)


@pytest.fixture
def pass_(later: Later) -> Pass:
    """Let time pass second by second, as it does."""

    async def run(seconds: float) -> None:
        for _ in range(int(seconds)):
            await later(1)
        if rest := seconds % 1:
            await later(rest)

    return run


def device(phone: Phone, name: str = "Kitchen") -> Device:
    """Return one of Anna's devices."""
    return next(one for one in phone.player.devices if one.name == name)


def volumes(emulator: Emulator, user: str = "anna") -> list[int]:
    """Return the volumes that were set, in order."""
    calls = emulator.calls("PUT", VOLUME, user)
    return [int(one.query["volume_percent"]) for one in calls]


def shown(hass: HomeAssistant, sensor: str = SENSOR) -> datetime | None:
    """Return when the timer ends, as people see it."""
    state = hass.states.get(sensor)
    assert state is not None
    return dt_util.parse_datetime(state.state)


def rest_of_track(emulator: Emulator, phone: Phone) -> float:
    """Return what is left of what plays, in seconds."""
    player = phone.player
    duration = emulator.world.catalogue[player.current_uri or ""]["duration_ms"]
    return float(duration - player.position_ms) / 1000


async def test_the_music_fades_ends_and_is_as_loud_as_before_the_next_day(
    hass: HomeAssistant,
    sleep_timer: SleepTimerOperations,
    phone: Phone,
    emulator: Emulator,
    pass_: Pass,
    later: Later,
) -> None:
    """With a few commands, and the volume set back only when it is quiet."""
    await sleep_timer.set(600, 30)
    assert shown(hass) == datetime.now(UTC).replace(microsecond=0) + timedelta(
        seconds=600
    )
    await later(569)
    assert not volumes(emulator)
    await pass_(29)
    assert phone.player.is_playing
    assert device(phone).volume_percent == 6
    await pass_(4)
    assert not phone.player.is_playing
    assert volumes(emulator) == [34, 29, 23, 17, 11, 6, 40]
    paused = emulator.requests.index(emulator.calls("PUT", PAUSE)[0])
    assert emulator.requests.index(emulator.calls("PUT", VOLUME)[-1]) > paused
    assert shown(hass) is None
    emulator.forget_requests()
    await later(3600)
    assert not [one for one in emulator.requests if one.method == "PUT"]


async def test_a_fade_costs_few_requests(
    sleep_timer: SleepTimerOperations,
    emulator: Emulator,
    pass_: Pass,
) -> None:
    """Half of what Spotify is known to allow in its time."""
    await sleep_timer.set(30, 30)
    await pass_(33)
    assert len(volumes(emulator)) <= 8
    assert len(emulator.requests) <= 22


@pytest.mark.parametrize("name", ["Anna's Phone", 'Office <Desk> & "Co"'])
async def test_where_the_volume_cannot_be_set_or_is_unknown_it_just_ends(
    sleep_timer: SleepTimerOperations,
    phone: Phone,
    emulator: Emulator,
    pass_: Pass,
    name: str,
) -> None:
    """A phone does not let anybody."""
    phone.transfer(name)
    await sleep_timer.set(20, 10)
    await pass_(22)
    assert not phone.player.is_playing
    assert not volumes(emulator)


async def test_a_speaker_that_refuses_is_not_asked_again(
    sleep_timer: SleepTimerOperations, phone: Phone, emulator: Emulator, pass_: Pass
) -> None:
    """The music ends all the same."""
    emulator.faults.add(Fault(VOLUME, status=403, body=REFUSED, times=None))
    await sleep_timer.set(30, 30)
    await pass_(33)
    assert not phone.player.is_playing
    assert len(volumes(emulator)) == 1


async def test_a_pause_by_hand_leaves_the_timer_running(
    sleep_timer: SleepTimerOperations, phone: Phone, later: Later
) -> None:
    """Whoever plays on is asleep when it ends."""
    await sleep_timer.set(300, 0)
    phone.pause()
    await later(120)
    assert sleep_timer.timer is not None
    phone.resume()
    await later(181)
    assert not phone.player.is_playing
    await later(2)
    assert sleep_timer.timer is None


async def test_a_pause_during_the_fade_sets_the_volume_back(
    sleep_timer: SleepTimerOperations, phone: Phone, emulator: Emulator, pass_: Pass
) -> None:
    """At once; and it is not paused again, but ends if it plays on."""
    await sleep_timer.set(30, 30)
    await pass_(14)
    assert device(phone).volume_percent == 23
    phone.pause()
    await pass_(5)
    assert device(phone).volume_percent == 40
    assert sleep_timer.timer is not None
    await pass_(14)
    assert sleep_timer.timer is None
    assert not emulator.calls("PUT", PAUSE)


async def test_a_volume_set_by_hand_stays(
    sleep_timer: SleepTimerOperations, phone: Phone, emulator: Emulator, pass_: Pass
) -> None:
    """What somebody does wins, but the music ends."""
    await sleep_timer.set(30, 30)
    await pass_(14)
    sent = volumes(emulator)
    phone.volume(70)
    await pass_(20)
    assert not phone.player.is_playing
    assert device(phone).volume_percent == 70
    assert volumes(emulator) == sent


async def test_music_that_moves_fades_where_it_is(
    sleep_timer: SleepTimerOperations, phone: Phone, pass_: Pass
) -> None:
    """What it leaves is as loud as before."""
    await sleep_timer.set(30, 30)
    await pass_(14)
    phone.transfer("Living Room TV")
    await pass_(14)
    assert device(phone).volume_percent == 40
    assert (device(phone, "Living Room TV").volume_percent or 0) < 20
    await pass_(5)
    assert not phone.player.is_playing
    assert device(phone, "Living Room TV").volume_percent == 60


async def test_a_speaker_that_vanishes_during_the_fade_ends_it_quietly(
    sleep_timer: SleepTimerOperations,
    phone: Phone,
    pass_: Pass,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """That its volume is low is told in the log; nobody can set it."""
    await sleep_timer.set(30, 30)
    await pass_(14)
    phone.vanish("Kitchen")
    await pass_(20)
    assert sleep_timer.timer is None
    assert "could not be set back" in caplog.text


async def test_another_timer_takes_the_place_of_the_first(
    sleep_timer: SleepTimerOperations, phone: Phone, pass_: Pass, later: Later
) -> None:
    """What that one had turned down is set back first."""
    await sleep_timer.set(30, 30)
    await pass_(14)
    assert device(phone).volume_percent == 23
    await sleep_timer.set(600, 30)
    await later(0)
    assert device(phone).volume_percent == 40
    await pass_(20)
    assert phone.player.is_playing
    assert device(phone).volume_percent == 40
    await later(560)
    await pass_(22)
    assert not phone.player.is_playing


async def test_cancelling_lets_it_play_on_as_loud_as_before(
    hass: HomeAssistant,
    sleep_timer: SleepTimerOperations,
    phone: Phone,
    pass_: Pass,
    later: Later,
) -> None:
    """And there is nothing to cancel then."""
    await sleep_timer.set(30, 30)
    await pass_(14)
    assert await sleep_timer.cancel() is not None
    assert device(phone).volume_percent == 40
    assert shown(hass) is None
    await later(600)
    assert phone.player.is_playing
    assert await sleep_timer.cancel() is None


async def test_cancelling_leaves_a_volume_set_by_hand(
    sleep_timer: SleepTimerOperations, phone: Phone, pass_: Pass, later: Later
) -> None:
    """It was chosen since."""
    await sleep_timer.set(60, 60)
    await pass_(14)
    phone.volume(70)
    await later(4)
    await sleep_timer.cancel()
    assert device(phone).volume_percent == 70


async def test_cancelling_tells_when_the_volume_stays_low(
    sleep_timer: SleepTimerOperations, phone: Phone, emulator: Emulator, pass_: Pass
) -> None:
    """The timer is gone all the same."""
    await sleep_timer.set(30, 30)
    await pass_(14)
    emulator.faults.add(Fault(VOLUME, status=403, body=REFUSED))
    with pytest.raises(HomeAssistantError):
        await sleep_timer.cancel()
    assert sleep_timer.timer is None


async def test_it_ends_with_the_track(
    sleep_timer: SleepTimerOperations,
    phone: Phone,
    emulator: Emulator,
    later: Later,
) -> None:
    """The next one sounds for a moment at most."""
    first = phone.player.current_uri
    phone.seek(60_000)
    rest = rest_of_track(emulator, phone)
    await sleep_timer.set_to_end_of_track(0)
    await later(rest - 20)
    await later(17)
    assert phone.player.is_playing
    await later(3.01)
    player = phone.player
    assert not player.is_playing
    assert player.current_uri == first or player.position_ms < 1500
    await later(2)
    assert sleep_timer.timer is None


async def test_skipping_moves_the_end(
    hass: HomeAssistant,
    anna: AccountEntry,
    sleep_timer: SleepTimerOperations,
    phone: Phone,
    emulator: Emulator,
    later: Later,
) -> None:
    """To that of the track that is heard now."""
    await sleep_timer.set_to_end_of_track(0)
    before = shown(hass)
    phone.next()
    await anna.runtime_data.playback.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    ends = shown(hass)
    assert ends is not None
    assert ends != before
    left = (ends - dt_util.utcnow()).total_seconds()
    assert left == pytest.approx(rest_of_track(emulator, phone), abs=1.5)
    await later(left - 3)
    assert phone.player.is_playing
    await later(4)
    assert not phone.player.is_playing


async def test_a_track_that_is_paused_ends_later(
    hass: HomeAssistant,
    anna: AccountEntry,
    sleep_timer: SleepTimerOperations,
    phone: Phone,
    later: Later,
) -> None:
    """While it is, nobody knows when."""
    await sleep_timer.set_to_end_of_track(10)
    phone.pause()
    await anna.runtime_data.playback.async_refresh()
    assert shown(hass) is None
    await later(1000)
    phone.resume()
    await anna.runtime_data.playback.async_refresh()
    assert shown(hass) is not None
    assert phone.player.is_playing


async def test_a_track_that_stays_paused_is_waited_for_no_more(
    anna: AccountEntry, sleep_timer: SleepTimerOperations, phone: Phone, later: Later
) -> None:
    """Tomorrow's first track must not end the music."""
    await sleep_timer.set_to_end_of_track(10)
    phone.pause()
    await anna.runtime_data.playback.async_refresh()
    await later(3599)
    assert sleep_timer.timer is not None
    await later(2)
    assert sleep_timer.timer is None


@pytest.mark.parametrize("doing", ["pause", "sleep", "play_ad"])
async def test_what_does_not_play_has_no_end(
    sleep_timer: SleepTimerOperations, phone: Phone, doing: str
) -> None:
    """An error says so."""
    getattr(phone, doing)()
    with pytest.raises(ServiceValidationError) as raised:
        await sleep_timer.set_to_end_of_track(30)
    assert raised.value.translation_key == "no_end_of_track"


@pytest.mark.parametrize("at", [5, 14])
async def test_a_reload_stops_nothing(
    hass: HomeAssistant,
    anna: AccountEntry,
    phone: Phone,
    pass_: Pass,
    at: int,
) -> None:
    """Before the fade or in the middle of it; the volume comes back."""
    await timer_of(anna).set(30, 20)
    await pass_(at)
    await hass.config_entries.async_reload(anna.entry_id)
    assert shown(hass) is not None
    await pass_(29 - at)
    assert phone.player.is_playing
    await pass_(4)
    assert not phone.player.is_playing
    assert device(phone).volume_percent == 40


@pytest.mark.parametrize(
    ("away", "playing", "pauses"),
    [(40, True, 1), (200, True, 1), (200, False, 0), (400, True, 0)],
)
async def test_a_restart_over_the_end_makes_up_for_it_if_it_is_not_too_late(
    hass: HomeAssistant,
    anna: AccountEntry,
    phone: Phone,
    emulator: Emulator,
    pass_: Pass,
    later: Later,
    away: float,
    playing: bool,
    pauses: int,
) -> None:
    """Whoever listens five minutes after the end does not want it any more."""
    await timer_of(anna).set(30, 0)
    await hass.config_entries.async_unload(anna.entry_id)
    await later(away)
    if not playing:
        phone.pause()
    await hass.config_entries.async_setup(anna.entry_id)
    await later(0)
    await pass_(2)
    assert len(emulator.calls("PUT", PAUSE)) == pauses
    assert timer_of(anna).timer is None
    assert shown(hass) is None


async def test_a_volume_that_was_turned_down_before_a_restart_comes_back(
    hass: HomeAssistant,
    anna: AccountEntry,
    phone: Phone,
    pass_: Pass,
    later: Later,
) -> None:
    """Somebody has paused the music meanwhile; tomorrow's is not silent."""
    await timer_of(anna).set(30, 30)
    await pass_(14)
    await hass.config_entries.async_unload(anna.entry_id)
    phone.pause()
    await later(3600)
    await hass.config_entries.async_setup(anna.entry_id)
    await later(0)
    assert device(phone).volume_percent == 40
    assert timer_of(anna).timer is None


async def test_it_is_in_the_store_soon(
    sleep_timer: SleepTimerOperations, hass_storage: dict[str, Any], later: Later
) -> None:
    """A power failure loses nothing."""
    await sleep_timer.set(600, 30)
    await later(6)
    kept = hass_storage[STORE]["data"]["sleep_timers"]
    assert [one["fade"] for one in kept.values()] == [30]
    await sleep_timer.cancel()
    await later(6)
    assert hass_storage[STORE]["data"]["sleep_timers"] == {}


async def test_an_account_that_is_removed_takes_its_timer_with_it(
    hass: HomeAssistant,
    anna: AccountEntry,
    hass_storage: dict[str, Any],
) -> None:
    """Nothing of it is kept."""
    await timer_of(anna).set(600, 30)
    await hass.config_entries.async_remove(anna.entry_id)
    await hass.async_block_till_done()
    assert hass_storage[STORE]["data"]["sleep_timers"] == {}


async def test_each_account_has_a_timer_of_its_own(
    anna: AccountEntry, phone: Phone, emulator: Emulator, link: Link, pass_: Pass
) -> None:
    """Ben plays on."""
    ben = await link("ben")
    bens = emulator.phone("ben")
    bens.play(find(emulator.world, "album", "Discovery")["uri"], "Ben's Phone")
    await timer_of(anna).set(20, 10)
    await timer_of(ben).set(600, 10)
    await pass_(22)
    assert not phone.player.is_playing
    assert bens.player.is_playing
    assert timer_of(ben).timer is not None
    assert not volumes(emulator, "ben")


async def test_a_limit_in_the_middle_of_the_fade_is_waited_out(
    sleep_timer: SleepTimerOperations, phone: Phone, emulator: Emulator, pass_: Pass
) -> None:
    """It goes on where it should be by then."""
    await sleep_timer.set(60, 60)
    await pass_(10)
    emulator.faults.add(Fault(VOLUME, status=429, retry_after=10))
    await pass_(45)
    assert phone.player.is_playing
    assert (device(phone).volume_percent or 99) < 12
    await pass_(8)
    assert not phone.player.is_playing
    assert device(phone).volume_percent == 40


async def test_a_limit_at_the_end_is_waited_out(
    sleep_timer: SleepTimerOperations,
    phone: Phone,
    emulator: Emulator,
    pass_: Pass,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A minute late is better than never."""
    await sleep_timer.set(20, 0)
    emulator.faults.add(Fault(PAUSE, status=429, retry_after=60))
    await pass_(70)
    assert phone.player.is_playing
    await pass_(30)
    assert not phone.player.is_playing
    assert sleep_timer.timer is None
    assert "could not pause" not in caplog.text


async def test_where_only_looks_are_refused_it_is_paused_blindly(
    anna: AccountEntry,
    sleep_timer: SleepTimerOperations,
    phone: Phone,
    emulator: Emulator,
    pass_: Pass,
) -> None:
    """Nobody can see whether it still plays; silence was asked for."""
    emulator.faults.add(
        Fault(
            "/me/player$",
            method="GET",
            status=429,
            body=QUOTA_EXCEEDED,
            retry_after=3600,
            times=None,
        )
    )
    await sleep_timer.set(20, 10)
    await pass_(21)
    assert not phone.player.is_playing
    assert not volumes(emulator)
    await pass_(60)
    assert len(emulator.calls("PUT", PAUSE)) == 1
    assert sleep_timer.timer is None


async def test_a_volume_that_cannot_be_set_back_now_is_later(
    sleep_timer: SleepTimerOperations, phone: Phone, emulator: Emulator, pass_: Pass
) -> None:
    """Spotify takes no commands for a moment, right after the pause."""
    await sleep_timer.set(20, 20)
    await pass_(19)
    emulator.faults.add(Fault(VOLUME, status=429, retry_after=10))
    await pass_(6)
    assert not phone.player.is_playing
    assert device(phone).volume_percent != 40
    await pass_(30)
    assert device(phone).volume_percent == 40
    assert sleep_timer.timer is None


async def test_a_restart_into_an_outage_waits_for_its_end(
    hass: HomeAssistant,
    anna: AccountEntry,
    phone: Phone,
    emulator: Emulator,
    later: Later,
    pass_: Pass,
) -> None:
    """Nobody knows what plays; when it is over, the music ends."""
    await timer_of(anna).set(30, 0)
    await hass.config_entries.async_unload(anna.entry_id)
    await later(40)
    emulator.faults.add(Fault("/me/player", status=429, retry_after=60))
    await hass.config_entries.async_setup(anna.entry_id)
    await pass_(30)
    assert timer_of(anna).timer is not None
    assert phone.player.is_playing
    await pass_(50)
    assert not phone.player.is_playing
    assert timer_of(anna).timer is None


async def test_what_never_can_be_paused_is_given_up_and_told(
    sleep_timer: SleepTimerOperations,
    phone: Phone,
    emulator: Emulator,
    later: Later,
    pass_: Pass,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """After five minutes; one line says so."""
    emulator.faults.add(
        Fault(
            PAUSE,
            status=403,
            body={
                "error": {
                    "status": 403,
                    "message": "Player command failed: Restriction violated",
                    "reason": "UNKNOWN",
                }
            },
            times=None,
        )
    )
    await sleep_timer.set(10, 0)
    for _ in range(25):
        await later(15)
    assert phone.player.is_playing
    assert sleep_timer.timer is None
    assert caplog.text.count("could not pause") == 1
    assert len(emulator.calls("PUT", PAUSE)) <= 22


async def test_a_pause_without_effect_is_repeated_at_leisure(
    sleep_timer: SleepTimerOperations, phone: Phone, emulator: Emulator, pass_: Pass
) -> None:
    """Spotify says yes and does nothing; not every second."""
    emulator.faults.add(Fault(PAUSE, status=204, body="", times=2))
    await sleep_timer.set(10, 0)
    await pass_(14)
    assert len(emulator.calls("PUT", PAUSE)) == 2
    await pass_(16)
    assert len(emulator.calls("PUT", PAUSE)) == 3
    assert not phone.player.is_playing


async def test_a_restricted_speaker_fades_and_ends_by_its_box(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    link: Link,
    phone: Phone,
    emulator: Emulator,
    pass_: Pass,
) -> None:
    """The Web API can't command it; the volume that counts is the box's."""
    box = Box("Bedroom Box", phone)
    await async_add_boxes(hass, box)
    phone.play(find(emulator.world, "album", "Kind of Blue")["uri"], "Sonos Bedroom")
    entry = await link()
    box.show(state=MediaPlayerState.PLAYING, volume_level=0.4)
    speakers = entry.runtime_data.household.speakers
    (bedroom,) = named(speakers.book, "Sonos Bedroom")
    settings = SpeakerSettings(linked="media_player.bedroom_box")
    speakers.async_configure(bedroom.id, settings)
    emulator.forget_requests()
    await timer_of(entry).set(20, 20)
    await pass_(18)
    assert phone.player.is_playing
    assert (box.volume_level or 1) < 0.2
    await pass_(6)
    assert not phone.player.is_playing
    assert box.volume_level == 0.4
    assert box.asked[-2:] == ["pause", "volume"]
    assert not emulator.calls("PUT")
    assert timer_of(entry).timer is None
