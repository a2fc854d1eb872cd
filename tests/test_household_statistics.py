"""Home Assistant's own graphs show what was listened to, and follow what changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.statistics import (
    async_add_external_statistics,
    list_statistic_ids,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.spotify_hub import recorder_rows
from custom_components.spotify_hub.account.history import HistoryOperations
from custom_components.spotify_hub.account.periods import Period, Span
from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.archive.errors import UnavailableError
from custom_components.spotify_hub.archive.keeping import Like
from custom_components.spotify_hub.archive.news import News
from custom_components.spotify_hub.archive.records import Sighting
from custom_components.spotify_hub.archive.statistics.days import Unit, per_unit
from custom_components.spotify_hub.archive.store import Archive
from custom_components.spotify_hub.const import DOMAIN
from tests.archive.listening import EVENING, HOUR, SECOND, live, recent, track
from tests.conftest import AccountEntry, Later, Link

NOW = datetime(2026, 4, 2, 12, 30, tzinfo=UTC)
# Seconds of an hour, a day; what is told of plays counts them from a Sunday evening.
AN_HOUR = 3_600
A_DAY = 86_400
MINUTES, PLAYS = f"{DOMAIN}:anna_minutes", f"{DOMAIN}:anna_plays"

# Hours after that evening, the sum then, and what was added in the hour.
type Rows = list[tuple[float, float, float]]


@pytest.fixture(autouse=True)
def _now(recorder_mock: Recorder, freezer: FrozenDateTimeFactory) -> None:
    """Let it be a certain day, and let the recorder be there."""
    freezer.move_to(NOW)


@pytest.fixture
async def anna(link: Link) -> AccountEntry:
    """Link Anna, without asking Spotify what she listened to lately."""
    return await link(features=[Feature.CONTROL])


@pytest.fixture
async def history(anna: AccountEntry, later: Later) -> HistoryOperations:
    """Return Anna's history; the first look at it is over."""
    await later(61)
    return anna.runtime_data.history


async def add(history: HistoryOperations, *sightings: Sighting) -> None:
    """Bring sightings in as an import does."""
    begun = await (await history.archive()).begin_import(history.name, "test")
    mine = [replace(one, account=history.name) for one in sightings]
    await (await history.archive()).import_batch(begun.id, mine, "", 1, 1)
    stamps = [one.stamp for one in mine]
    news = News(history.name, min(stamps) - HOUR, max(stamps) + HOUR)
    history._history.async_tell(news)


async def rows(hass: HomeAssistant, statistic: str = MINUTES) -> Rows:
    """Return what Home Assistant has by the hour."""
    return [
        ((one["start"] * SECOND - EVENING) / HOUR, one["sum"], one["change"])
        for one in await _read(hass, statistic, "hour")
    ]


async def _read(hass: HomeAssistant, statistic: str, period: Any) -> list[Any]:
    await async_wait_recording_done(hass)
    found = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        datetime(2000, 1, 1, tzinfo=UTC),
        None,
        {statistic},
        period,
        None,
        {"sum", "change"},
    )
    return [*found.get(statistic, ())]


async def test_what_is_brought_in_is_written(
    hass: HomeAssistant, history: HistoryOperations, later: Later
) -> None:
    """Minutes and plays, by the hour in which they began, a minute after the last of it."""
    await add(
        history, live(0), live(200), live(AN_HOUR * 5 - 1), live(AN_HOUR * 5, track(2))
    )
    await later(30)
    assert await rows(hass) == []
    await add(history, live(AN_HOUR * 2, listened=6, skipped=True))
    await later(40)
    assert await rows(hass) == []
    await later(30)
    assert await rows(hass) == [
        (0, 6.0, 6.0),
        (2, 6.1, pytest.approx(0.1)),
        (4, 9.1, 3.0),
        (5, 12.1, 3.0),
    ]
    assert await rows(hass, PLAYS) == [
        (0, 2.0, 2.0),
        (2, 2.0, 0.0),
        (4, 3.0, 1.0),
        (5, 4.0, 1.0),
    ]
    assert await get_instance(hass).async_add_executor_job(
        list_statistic_ids, hass, {MINUTES, PLAYS}
    ) == [
        {
            "statistic_id": MINUTES,
            "display_unit_of_measurement": "min",
            "has_mean": False,
            "mean_type": 0,
            "has_sum": True,
            "name": "Spotify Anna listening time",
            "source": DOMAIN,
            "statistics_unit_of_measurement": "min",
            "unit_class": "duration",
        },
        {
            "statistic_id": PLAYS,
            "display_unit_of_measurement": "plays",
            "has_mean": False,
            "mean_type": 0,
            "has_sum": True,
            "name": "Spotify Anna plays",
            "source": DOMAIN,
            "statistics_unit_of_measurement": "plays",
            "unit_class": None,
        },
    ]


async def test_an_hour_is_written_when_it_is_over(
    hass: HomeAssistant, history: HistoryOperations, later: Later
) -> None:
    """Five minutes after it, what played then is recorded."""
    now = (NOW.timestamp() * SECOND - EVENING) / SECOND
    hour = now // AN_HOUR
    household = history._history
    household.inbox.async_add_live(replace(live(now - 200), account=history.name))
    await later(10)
    household.inbox.async_add_live(replace(live(now - 2 * A_DAY), account=history.name))
    await later(0)
    await later(61)
    assert await rows(hass) == [(hour - 48, 3.0, 3.0)]
    # Four minutes past the hour.
    await later(34 * 60 - 61 - 10 - 61)
    assert [row[0] for row in await rows(hass)] == [hour - 48]
    # It began in the hour, and was recorded later.
    late = live((hour + 1) * AN_HOUR - 60)
    household.inbox.async_add_live(replace(late, account=history.name))
    await later(0)
    await later(60)
    assert await rows(hass) == [(hour - 48, 3.0, 3.0), (hour, 9.0, 6.0)]
    with patch.object(recorder_rows, "async_add_external_statistics") as writing:
        await later(AN_HOUR)
        await later(AN_HOUR)
    assert not writing.called


async def test_earlier_plays_make_all_later_sums_others(
    hass: HomeAssistant,
    history: HistoryOperations,
    later: Later,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From the earliest changed hour on, in batches."""
    monkeypatch.setattr(recorder_rows, "BATCH", 3)
    await add(history, *(live(AN_HOUR * at) for at in range(0, 40, 2)))
    await later(61)
    assert [row[1] for row in await rows(hass)] == [3.0 * (at + 1) for at in range(20)]
    with patch.object(
        recorder_rows,
        "async_add_external_statistics",
        wraps=async_add_external_statistics,
    ) as writing:
        await add(history, live(AN_HOUR * 21))
        await later(61)
    written = [row for call in writing.call_args_list for row in call.args[2]]
    assert {len(call.args[2]) for call in writing.call_args_list} == {3, 1}
    first = datetime.fromtimestamp(EVENING / SECOND, UTC) + timedelta(hours=21)
    assert min(row["start"] for row in written) == first
    assert len(written) == 2 * 10
    found = await rows(hass)
    assert [row[1] for row in found] == [3.0 * (at + 1) for at in range(21)]
    assert found[11][0] == 21


async def test_deleted_plays_are_taken_away(
    hass: HomeAssistant, history: HistoryOperations, later: Later
) -> None:
    """Their hours have nothing then, and sums are less."""
    await add(history, *(live(AN_HOUR * at) for at in range(5)))
    await later(61)
    since = EVENING + HOUR
    await history.delete(Span(since, since + 2 * HOUR))
    await later(61)
    assert [row[1:] for row in await rows(hass)] == [
        (3.0, 3.0),
        (3.0, 0.0),
        (3.0, 0.0),
        (6.0, 3.0),
        (9.0, 3.0),
    ]
    await history.delete(Span())
    await later(61)
    assert [row[1:] for row in await rows(hass)] == [(0.0, 0.0)] * 5


@pytest.mark.parametrize("sunday", [(2025, 10, 26), (2026, 3, 29)])
async def test_days_are_those_of_the_zone(
    hass: HomeAssistant,
    history: HistoryOperations,
    later: Later,
    sunday: tuple[int, int, int],
) -> None:
    """Also when clocks are changed."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    zone = ZoneInfo("Europe/Berlin")
    midnight = datetime(*sunday, tzinfo=zone)
    begin = (midnight.timestamp() * SECOND - EVENING) / SECOND
    await add(
        history, *(live(begin + AN_HOUR * at / 2) for at in range(-48, 2 * 24 + 96))
    )
    await later(61)
    found = [
        (datetime.fromtimestamp(row["start"], zone).date(), round(row["change"], 6))
        for row in await _read(hass, MINUTES, "day")
    ]
    days = await history.ask(per_unit, Span(), zone, Unit.DAY)
    assert [(one.start, one.amount.listened_ms / 60_000) for one in days] == found
    (changed,) = (one for one in days if one.start == midnight.date())
    assert changed.amount.plays in {46, 50}


async def test_nothing_is_written_twice(
    hass: HomeAssistant, anna: AccountEntry, history: HistoryOperations, later: Later
) -> None:
    """After a restart all is compared, and nothing is found to be wrong."""
    await add(history, *(live(AN_HOUR * at, listened=100 / 3) for at in range(30)))
    await later(61)
    before = await rows(hass)
    assert await hass.config_entries.async_reload(anna.entry_id)
    await later(0)
    with patch.object(recorder_rows, "async_add_external_statistics") as writing:
        await later(61)
        await later(AN_HOUR)
    assert not writing.called
    assert await rows(hass) == before


async def test_what_was_missed_is_made_up_for(
    hass: HomeAssistant, anna: AccountEntry, history: HistoryOperations, later: Later
) -> None:
    """What was recorded, or deleted, before a reload came in between."""
    await add(history, live(0), live(AN_HOUR))
    await later(61)
    await history.delete(Span(None, EVENING + HOUR))
    begun = await (await history.archive()).begin_import(history.name, "unheard")
    unheard = replace(live(AN_HOUR * 3), account=history.name)
    await (await history.archive()).import_batch(begun.id, [unheard], "", 1, 1)
    assert await hass.config_entries.async_reload(anna.entry_id)
    await later(0)
    await later(61)
    assert await rows(hass) == [(0, 0.0, 0.0), (1, 3.0, 3.0), (3, 6.0, 3.0)]


async def test_an_archive_that_is_begun_anew_goes_on(
    hass: HomeAssistant, anna: AccountEntry, history: HistoryOperations, later: Later
) -> None:
    """What Home Assistant has of the time before stays, until the archive tells better."""
    await add(history, live(0), live(AN_HOUR))
    await later(61)
    folder = history._history.path.parent
    assert await hass.config_entries.async_unload(anna.entry_id)
    for file in folder.glob("archive.db*"):
        file.unlink()
    assert await hass.config_entries.async_setup(anna.entry_id)
    await later(61)
    assert await rows(hass) == [(0, 3.0, 3.0), (1, 6.0, 3.0)]
    history = anna.runtime_data.history
    await add(history, live(AN_HOUR * 5))
    await later(61)
    assert await rows(hass) == [(0, 3.0, 3.0), (1, 6.0, 3.0), (5, 9.0, 3.0)]
    await add(history, live(0), live(200), live(AN_HOUR * 2))
    await later(61)
    assert await rows(hass) == [
        (0, 6.0, 6.0),
        (1, 6.0, 0.0),
        (2, 9.0, 3.0),
        (5, 12.0, 3.0),
    ]


async def test_each_account_has_its_own(
    hass: HomeAssistant, history: HistoryOperations, link: Link, later: Later
) -> None:
    """Of whatever name; and it keeps it."""
    ben = await link("ben", features=[Feature.CONTROL])
    hass.config_entries.async_update_entry(ben, title="Anna")
    await later(61)
    await add(history, live(0))
    await add(ben.runtime_data.history, live(0), live(200))
    await later(61)
    assert await rows(hass) == [(0, 3.0, 3.0)]
    assert await rows(hass, f"{DOMAIN}:anna_2_minutes") == [(0, 6.0, 6.0)]
    hass.config_entries.async_update_entry(ben, title="Benjamin")
    await add(ben.runtime_data.history, live(400))
    await later(61)
    assert await rows(hass, f"{DOMAIN}:anna_2_minutes") == [(0, 9.0, 9.0)]


async def test_an_archive_that_can_not_be_read_is_for_the_next_hour(
    hass: HomeAssistant, history: HistoryOperations, later: Later
) -> None:
    """Nothing is lost by it."""
    await add(history, live(0))
    with patch.object(Archive, "ask", side_effect=UnavailableError("locked")):
        await later(61)
    assert await rows(hass) == []
    await later(AN_HOUR)
    assert await rows(hass) == [(0, 3.0, 3.0)]


async def test_what_was_kept_wrong_is_forgotten(
    hass: HomeAssistant, link: Link, later: Later, hass_storage: dict[str, Any]
) -> None:
    """The account starts all the same."""
    key = f"{DOMAIN}.statistics"
    data: dict[str, Any] = {"slugs": [], "changed": {}}
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": data}
    anna = await link(features=[Feature.CONTROL])
    await later(61)
    await add(anna.runtime_data.history, live(0))
    await later(61)
    assert await rows(hass) == [(0, 3.0, 3.0)]
    assert anna.runtime_data.history.span(Period.ALL_TIME) == Span()


async def test_doubled_plays_that_become_one_are_taken_out(
    hass: HomeAssistant, history: HistoryOperations, later: Later
) -> None:
    """A copy of Liked Songs may tell that two songs are one."""
    isrc = "GBUM71029604"
    one, other = track(1), track(2, name="Song 1 (Remastered)")
    await add(history, live(0, one), recent(180, other), live(AN_HOUR, one))
    await later(61)
    assert await rows(hass, PLAYS) == [(0, 2.0, 2.0), (1, 3.0, 1.0)]
    same = [Like(replace(item, isrc=isrc)) for item in (one, other)]
    history._history.inbox.async_keep_likes(history.name, same)
    await later(0)
    await later(61)
    assert await rows(hass, PLAYS) == [(0, 1.0, 1.0), (1, 2.0, 1.0)]
    assert await rows(hass) == [(0, 3.0, 3.0), (1, 6.0, 3.0)]
