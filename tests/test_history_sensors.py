"""What the archive says of an account, as Home Assistant shows it."""

from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.entity import Entity
from homeassistant.util import dt as dt_util
import pytest
from sqlalchemy import Connection

from custom_components.spotify_hub.archive.errors import UnavailableError
from custom_components.spotify_hub.archive.store import Archive
from custom_components.spotify_hub.household_archive import name_of
from tests.archive.listening import EVENING, live, track
from tests.emulator import Emulator, Fault
from tests.emulator.data import find

from .conftest import AccountEntry, Later
from .histories import history_of

# 2026-12-01 22:00 in New York.
LATE = "2026-12-02T03:00:00+00:00"


@pytest.fixture(autouse=True)
async def _in_new_york(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let days begin elsewhere than those of UTC."""
    freezer.move_to(LATE)
    await hass.config.async_set_time_zone("America/New_York")


@pytest.fixture
def enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable every sensor."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


def sensor(hass: HomeAssistant, name: str) -> State:
    """Return the state of Anna's sensor."""
    state = hass.states.get(f"sensor.spotify_anna_{name}")
    assert state is not None
    return state


def hear(entry: AccountEntry, moment: str, **how: Any) -> None:
    """Let something have been listened to, at a local time."""
    at = datetime.fromisoformat(moment).replace(tzinfo=dt_util.get_default_time_zone())
    second = at.timestamp() - EVENING / 1000
    play = live(second, account=name_of(entry), **how)
    history_of(entry).inbox.async_add_live(play)


async def test_a_day_and_a_month_are_those_of_the_house(
    hass: HomeAssistant, anna: AccountEntry, later: Later
) -> None:
    """What was heard in the evening is of today, whatever the date is in London."""
    await later(1)
    await later(6)
    assert sensor(hass, "plays_today").state == "0"
    assert sensor(hass, "top_artist_this_month").state == "unknown"
    hear(anna, "2026-11-30T23:50", item=track(1, artist="Ella Fitzgerald"))
    hear(anna, "2026-12-01T00:10", item=track(2))
    hear(anna, "2026-12-01T21:00", item=track(2))
    hear(anna, "2026-12-01T21:30", item=track(3, artist="Chet Baker"), listened=90)
    await later(1)
    await later(6)
    plays = sensor(hass, "plays_today")
    assert plays.state == "3"
    assert plays.attributes["last_reset"] == "2026-12-01T00:00:00-05:00"
    assert plays.attributes["unit_of_measurement"] == "plays"
    assert sensor(hass, "minutes_today").state == "7.5"
    artist = sensor(hass, "top_artist_this_month")
    assert artist.state == "Nina Simone"
    assert artist.attributes["plays"] == 2
    assert artist.attributes["minutes"] == 6.0
    song = sensor(hass, "top_track_this_month")
    assert song.state == "Song 2"
    assert song.attributes["artist"] == "Nina Simone"
    assert song.attributes["uri"] == track(2).uri
    assert sensor(hass, "plays_archived").state == "4"


async def test_the_day_ends_at_midnight(
    hass: HomeAssistant,
    anna: AccountEntry,
    later: Later,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whether or not anything plays; until then nobody asks the archive."""
    hear(anna, "2026-12-01T21:00")
    await later(1)
    await later(6)
    asked = 0
    ask = Archive.ask

    async def count(archive: Archive, *args: Any, **kwargs: Any) -> Any:
        nonlocal asked
        asked += 1
        return await ask(archive, *args, **kwargs)

    await later(200)
    await later(6)
    monkeypatch.setattr(Archive, "ask", count)
    for _ in range(6):
        await later(600)
    assert sensor(hass, "plays_today").state != "0"
    before = asked
    until_midnight = dt_util.start_of_local_day() + timedelta(days=1) - dt_util.now()
    await later(until_midnight.total_seconds() + 1)
    await later(6)
    assert sensor(hass, "plays_today").state == "0"
    assert asked > before


@pytest.mark.usefixtures("enabled")
async def test_how_large_the_archive_is(
    hass: HomeAssistant, anna: AccountEntry, later: Later
) -> None:
    """In megabytes, for the whole household."""
    await later(1)
    await later(6)
    assert float(sensor(hass, "archive_size").state) > 0.05
    assert sensor(hass, "archive_size").attributes["unit_of_measurement"] == "MB"


async def test_names_are_cut_to_what_a_state_holds(
    hass: HomeAssistant, anna: AccountEntry, later: Later
) -> None:
    """Some titles of classical music are long."""
    hear(anna, "2026-12-01T21:00", item=track(2, name="Sonata " * 60, artist="x" * 300))
    await later(1)
    await later(6)
    assert sensor(hass, "top_track_this_month").state == ("Sonata " * 60)[:255].strip()
    assert sensor(hass, "top_artist_this_month").state == "x" * 255


async def test_an_archive_that_cant_be_asked_keeps_what_was_shown(
    hass: HomeAssistant,
    anna: AccountEntry,
    later: Later,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is asked again when something is recorded."""
    hear(anna, "2026-12-01T21:00")
    await later(1)
    await later(6)

    async def refuse(_archive: Archive, *_args: Any, **_kwargs: Any) -> Connection:
        raise UnavailableError("locked")

    with monkeypatch.context() as patch:
        patch.setattr(Archive, "ask", refuse)
        hear(anna, "2026-12-01T21:30", item=track(2))
        await later(1)
        await later(6)
        assert sensor(hass, "plays_today").state == "1"
    hear(anna, "2026-12-01T21:40", item=track(3))
    await later(1)
    await later(6)
    assert sensor(hass, "plays_today").state == "3"


async def test_they_are_there_whatever_spotify_says(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """They are the household's own; without an archive there is nothing to show."""
    await later(1)
    await later(6)
    emulator.faults.add(Fault("/me/player", status=503, times=None))
    for _ in range(6):
        await later(121)
    assert sensor(hass, "last_played").state == "unavailable"
    assert sensor(hass, "plays_today").state == "0"
    await hass.config_entries.async_unload(anna.entry_id)
    assert sensor(hass, "plays_today").state == "unavailable"


async def test_a_play_is_an_event_once_it_is_over(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """With what an automation may want to know of it."""
    album = find(emulator.world, "album", "Kind of Blue")
    phone = emulator.phone("anna")
    await later(1)
    phone.play(album["uri"], "Kitchen")
    await later(61)
    state = hass.states.get("event.spotify_anna_played")
    assert state is not None
    assert state.state == "unknown"
    phone.next()
    await later(29)
    state = hass.states.get("event.spotify_anna_played")
    assert state is not None
    told = state.attributes
    assert told["event_type"] == "played"
    assert (told["title"], told["artist"], told["album"]) == (
        "So What",
        "Miles Davis",
        "Kind of Blue",
    )
    assert told["uri"] == find(emulator.world, "track", "So What")["uri"]
    assert told["listened"] == pytest.approx(61, abs=2)
    assert told["skipped"] is True
    assert told["speaker"] == "Kitchen"
    assert told["context"] == "Kind of Blue"
    assert told["media_type"] == "track"
    before = state.state
    await later(29)
    again = hass.states.get("event.spotify_anna_played")
    assert again is not None
    assert again.state == before
