"""Somebody is woken once, whatever happens until then; and it is seen beforehand."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util import dt as dt_util
from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.account import waking
from custom_components.spotify_hub.account.alarm_clock import (
    VOLUME,
    AlarmClock,
    next_moment,
)
from custom_components.spotify_hub.alarms import TOO_LATE
from custom_components.spotify_hub.speaker_book import Speaker, find as named
from tests.conftest import AccountEntry, Later
from tests.emulator import Emulator
from tests.emulator.data import find

SENSOR = "sensor.spotify_anna_next_wake_up"
LIKED = "spotify:collection"
BERLIN = ZoneInfo("Europe/Berlin")

pytestmark = pytest.mark.usefixtures("freezer")


def clock(entry: AccountEntry) -> AlarmClock:
    """Return the account's alarm clock."""
    return entry.runtime_data.routines.alarm_clock


def speaker(entry: AccountEntry, name: str) -> Speaker:
    """Return a speaker of the house."""
    (found,) = named(entry.runtime_data.household.speakers.book, name)
    return found


def set_alarm(
    entry: AccountEntry,
    seconds: float,
    uri: str = LIKED,
    title: str = "Liked Songs",
    on: str = "Kitchen",
) -> None:
    """Let somebody be woken in some seconds."""
    at = dt_util.utcnow() + timedelta(seconds=seconds)
    clock(entry).set(at, uri, title, speaker(entry, on))


async def test_it_wakes_with_what_was_named(
    emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """At its time, on its speaker, growing as loud as it shall be; once."""
    album = find(emulator.world, "album", "Kind of Blue")
    set_alarm(anna, 3600, album["uri"], "Kind of Blue")
    player = emulator.phone("anna").player
    await later(3590)
    assert not player.is_playing
    await later(11)
    assert player.is_playing
    assert player.active is not None
    assert player.active.name == "Kitchen"
    assert player.context_uri == album["uri"]
    assert (player.active.volume_percent or 0) < VOLUME
    for _ in range(30):
        await later(3)
    assert player.active.volume_percent == VOLUME
    emulator.phone("anna").pause()
    await later(24 * 3600)
    assert not player.is_playing


async def test_the_next_one_is_seen(
    hass: HomeAssistant, anna: AccountEntry, later: Later
) -> None:
    """When, with what and where; nothing when it has rung, or was taken back."""

    def shown() -> tuple[str, str | None, str | None, int]:
        state = hass.states.get(SENSOR)
        assert state is not None
        told = state.attributes
        return state.state, told["title"], told["speaker"], told["alarms"]

    assert shown() == ("unknown", None, None, 0)
    set_alarm(anna, 7200, on="Living Room TV")
    set_alarm(anna, 3600)
    at = dt_util.utcnow() + timedelta(seconds=3600)
    first = at.replace(microsecond=0).isoformat()
    assert shown() == (first, "Liked Songs", "Kitchen", 2)
    await later(3601)
    assert shown()[2:] == ("Living Room TV", 1)
    clock(anna).cancel()
    await hass.async_block_till_done()
    assert shown() == ("unknown", None, None, 0)


async def test_a_later_one_replaces_it_on_its_speaker(
    emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """The one before does not ring."""
    set_alarm(anna, 600)
    set_alarm(anna, 1200)
    await later(601)
    assert not emulator.phone("anna").player.is_playing
    await later(600)
    assert emulator.phone("anna").player.is_playing


async def test_it_outlives_a_restart(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """And rings then."""
    set_alarm(anna, 3600)
    before = clock(anna).alarms
    assert await hass.config_entries.async_unload(anna.entry_id)
    assert await hass.config_entries.async_setup(anna.entry_id)
    await hass.async_block_till_done()
    assert clock(anna).alarms == before
    await later(3601)
    assert emulator.phone("anna").player.is_playing
    assert not clock(anna).alarms


@pytest.mark.parametrize(("late", "rings"), [(-10, True), (10, False)])
async def test_nobody_is_woken_long_after(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    later: Later,
    caplog: pytest.LogCaptureFixture,
    late: float,
    rings: bool,
) -> None:
    """Home Assistant was off when it was time; a little late is not too late."""
    set_alarm(anna, 100)
    assert await hass.config_entries.async_unload(anna.entry_id)
    await later(100 + TOO_LATE + late)
    assert await hass.config_entries.async_setup(anna.entry_id)
    await hass.async_block_till_done()
    await later(1)
    assert emulator.phone("anna").player.is_playing is rings
    assert ("that is long ago" in caplog.text) is not rings
    assert not clock(anna).alarms


async def test_a_speaker_that_is_gone_wakes_nobody(
    emulator: Emulator,
    anna: AccountEntry,
    later: Later,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log says so; another alarm rings all the same."""
    gone = Speaker("gone", "Garage", "Speaker")
    at = dt_util.utcnow() + timedelta(seconds=60)
    clock(anna).set(at, LIKED, "Liked Songs", gone)
    set_alarm(anna, 60)
    assert clock(anna).speaker_of(clock(anna).alarms[0]) is None
    await later(61)
    assert "its speaker is gone" in caplog.text
    assert emulator.phone("anna").player.is_playing


async def test_a_speaker_that_is_off_is_told_of(
    emulator: Emulator,
    anna: AccountEntry,
    later: Later,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing plays anywhere else, as nobody set another."""

    async def pause(_seconds: float) -> None:
        """Look again at once."""

    monkeypatch.setattr(waking, "pause", pause)
    emulator.phone("anna").vanish("Kitchen")
    set_alarm(anna, 60)
    await later(61)
    assert "Anna could not wake anybody on Kitchen" in caplog.text
    assert not emulator.phone("anna").player.is_playing


async def test_what_cannot_be_played_sets_no_alarm(anna: AccountEntry) -> None:
    """It is refused at once, not in the morning."""
    with pytest.raises(ServiceValidationError, match="can't be played"):
        set_alarm(anna, 60, "spotify:user:anna", "Anna")
    assert not clock(anna).alarms


@pytest.mark.parametrize(
    ("now", "hour", "minutes", "half", "at"),
    [
        ("2027-03-02 22:00", 7, 30, None, "2027-03-03 07:30"),
        ("2027-03-02 06:00", 7, 30, None, "2027-03-02 07:30"),
        ("2027-03-02 07:30", 7, 30, None, "2027-03-03 07:30"),
        ("2027-03-02 06:00", 7, -15, "am", "2027-03-02 06:45"),
        ("2027-03-02 06:00", 7, 0, "pm", "2027-03-02 19:00"),
        ("2027-03-02 06:00", 12, 0, "am", "2027-03-03 00:00"),
        ("2027-03-02 06:00", 12, 0, "pm", "2027-03-02 12:00"),
        ("2027-03-02 06:00", 24, 0, None, "2027-03-03 00:00"),
        ("2027-03-02 23:50", 0, -5, None, "2027-03-02 23:55"),
        # Summer time begins in that night.
        ("2027-03-27 22:00", 7, 0, None, "2027-03-28 07:00"),
    ],
)
def test_a_time_of_day_is_the_next(
    now: str, hour: int, minutes: int, half: str | None, at: str
) -> None:
    """On the clock of the wall."""
    here = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
    found = next_moment(here, hour, minutes, half)
    assert found == datetime.fromisoformat(at).replace(tzinfo=BERLIN)


@given(
    st.datetimes(
        datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2040-01-01")
    ),
    st.integers(0, 24),
    st.integers(-59, 59),
    st.sampled_from([None, "am", "pm"]),
)
def test_it_is_within_a_day(
    now: datetime, hour: int, minutes: int, half: str | None
) -> None:
    """And never over; an hour more where clocks are set back."""
    here = now.replace(tzinfo=BERLIN)
    left = next_moment(here, hour, minutes, half).astimezone(UTC) - here.astimezone(UTC)
    assert timedelta() < left <= timedelta(hours=25)
