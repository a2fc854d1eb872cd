"""What the archive tells is what adding up the plays one by one gives, in both databases."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
import random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from custom_components.spotify_hub.archive.keeping import Like
from custom_components.spotify_hub.archive.plays import Asked, all_plays, find_items
from custom_components.spotify_hub.archive.records import (
    Album,
    Artist,
    Context,
    Item,
    Play,
    Sighting,
    Speaker,
)
from custom_components.spotify_hub.archive.statistics import days, habits, tops
from custom_components.spotify_hub.archive.statistics.days import Unit
from custom_components.spotify_hub.archive.statistics.scope import Amount, Scope
from custom_components.spotify_hub.archive.statistics.zones import stretches
from custom_components.spotify_hub.archive.store import Archive

from .listening import (
    DAY,
    EVENING,
    HOUR,
    SECOND,
    at,
    episode,
    live,
    recent,
    track,
)

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
]
ROOMS = (Speaker("a", "Kitchen"), Speaker("b", "Bath"), None)
MIXES = (Context("spotify:playlist:a", "A"), Context("spotify:playlist:b"), None)


def years(seed: int = 1) -> list[Sighting]:
    """Return two years of two accounts: tracks under two ids, skips, an episode, days off."""
    dice = random.Random(seed)
    songs = [track(n, artist=f"Artist {n % 5}") for n in range(30)]
    songs += [track(100, name="Song 3", artist="Artist 3"), episode(1), episode(2)]
    found: list[Sighting] = []
    for account in ("anna", "ben"):
        now = -400 * 86_400.0
        while now < 300 * 86_400:
            now += dice.choice((0, 0, 0, 3, 900, 2500, 40_000, 200_000))
            song = dice.choice(songs[: 20 if account == "ben" else 33])
            listened = dice.choice((5, 20, 170, 180))
            found.append(
                live(
                    now,
                    song,
                    listened=listened,
                    skipped=listened < 100,
                    account=account,
                    speaker=dice.choice(ROOMS),
                    context=dice.choice(MIXES),
                )
            )
            now += listened + 1
    return found


@pytest.fixture
async def filled(archive: Archive) -> Archive:
    """Return an archive of two years."""
    job = await archive.begin_import("anna", "years")
    await archive.import_batch(job.id, years(), "end", 1, 1)
    return archive


async def every_play(archive: Archive) -> list[Play]:
    """Return all plays."""
    return await archive.ask(lambda connection: list(all_plays(connection, Asked())))


def added[K](plays: list[Play], key: Callable[[Play], K]) -> dict[K, Amount]:
    """Add plays up one by one."""
    found: defaultdict[K, Amount] = defaultdict(Amount)
    for one in plays:
        found[key(one)] += Amount(1, one.heard, one.skipped is True, one.listened_ms)
    return dict(found)


def local(one: Play, zone: ZoneInfo) -> datetime:
    """Return when a play began, by the clock on the wall."""
    return datetime.fromtimestamp(one.started / 1000, UTC).astimezone(zone)


SCOPES = [
    Scope(),
    Scope("anna"),
    Scope(since=EVENING, until=EVENING + 30 * DAY),
    Scope("ben", since=EVENING - 100 * DAY + 7),
]


def of(scope: Scope, plays: list[Play]) -> list[Play]:
    """Return the plays that are asked about."""
    return [
        one
        for one in plays
        if scope.account in {None, one.account}
        and one.started >= (scope.since or 0)
        and one.started < (scope.until or 1e15)
    ]


@pytest.mark.parametrize("zone", ZONES)
async def test_days_are_those_of_the_zone(filled: Archive, zone: str) -> None:
    """Pitfall 10: a day begins at midnight on the wall, when clocks are changed too."""
    info = ZoneInfo(zone)
    every = await every_play(filled)
    starts: dict[Unit, Callable[[date], date]] = {
        Unit.DAY: lambda day: day,
        Unit.WEEK: lambda day: day - timedelta(days=day.weekday()),
        Unit.MONTH: lambda day: day.replace(day=1),
        Unit.YEAR: lambda day: day.replace(month=1, day=1),
    }
    for scope in SCOPES:
        for unit, start in starts.items():
            told = await filled.ask(days.per_unit, scope, info, unit)
            plays = of(scope, every)
            by_day = added(plays, lambda one: local(one, info).date())
            expected: defaultdict[date, Amount] = defaultdict(Amount)
            for day, amount in by_day.items():
                expected[start(day)] += amount
            assert {bucket.start: bucket.amount for bucket in told} == dict(expected)
            assert [bucket.start for bucket in told] == sorted(expected)


@pytest.mark.parametrize("zone", ZONES)
async def test_the_heat_map_is_by_the_clock_on_the_wall(
    filled: Archive, zone: str
) -> None:
    """Pitfall 10: hours of the weekday, Monday first."""
    info = ZoneInfo(zone)
    every = await every_play(filled)
    for scope in SCOPES:
        told = await filled.ask(days.heat_map, scope, info)
        expected = added(
            of(scope, every),
            lambda one: (local(one, info).weekday(), local(one, info).hour),
        )
        for day in range(7):
            for hour in range(24):
                assert told[day][hour] == expected.get((day, hour), Amount())


async def test_amounts_add_up(filled: Archive) -> None:
    """Altogether, by hour, as a rate."""
    every = await every_play(filled)
    for scope in SCOPES:
        plays = of(scope, every)
        total = added(plays, lambda _: None)[None]
        assert await filled.ask(days.amount, scope) == total
        assert await filled.ask(days.skip_rate, scope) == total.skips / total.starts
        hours = await filled.ask(days.per_hour, scope)
        expected = added(plays, lambda one: one.started // HOUR * HOUR)
        assert hours == sorted(expected.items())


type Question = Callable[
    [Connection, Scope, tops.By, int],
    Sequence[tops.Top[Item] | tops.Top[Artist] | tops.Top[Album]],
]


def _name(one: Play) -> str:
    return str(one.item.name)


def _artist(one: Play) -> str:
    return one.item.artists[0].name


def _show(one: Play) -> str:
    return one.item.album.name if one.item.album else ""


def _order(amounts: Iterable[Amount], by: tops.By) -> list[tuple[int, int]]:
    """Return by what things are put in order, the first first."""
    pairs = [(one.plays, one.listened_ms) for one in amounts]
    if by is tops.By.TIME:
        pairs = [(listened, heard) for heard, listened in pairs]
    return sorted((pair for pair in pairs if pair[0]), reverse=True)


@pytest.mark.parametrize("by", list(tops.By))
@pytest.mark.parametrize(
    ("question", "kind", "key"),
    [
        (tops.top_tracks, "track", _name),
        (tops.top_episodes, "episode", _name),
        (tops.top_artists, "track", _artist),
        (tops.top_shows, "episode", _show),
        # Each artist has one album here.
        (tops.top_albums, "track", _artist),
    ],
)
async def test_tops(
    filled: Archive,
    question: Question,
    kind: str,
    key: Callable[[Play], str],
    by: tops.By,
) -> None:
    """Pitfall 8: works, artists, albums, shows; both ids of a song are one."""
    every = [one for one in await every_play(filled) if one.item.kind == kind]
    for scope in SCOPES:
        expected = added(of(scope, every), key)
        told = await filled.ask(question, scope, by, 50)
        names = [
            str(top.what.artist)
            if question is tops.top_albums and isinstance(top.what, Album)
            else str(top.what.name)
            for top in told
        ]
        assert dict(zip(names, (top.amount for top in told), strict=True)) == {
            name: one
            for name, one in expected.items()
            if (one.plays if by is tops.By.PLAYS else one.listened_ms)
        }
        order = _order([top.amount for top in told], by)
        assert order == _order(expected.values(), by)
        first = await filled.ask(question, scope, by, 3)
        assert list(first) == list(told[:3])


async def test_where_and_from_what(filled: Archive) -> None:
    """By speaker and by context; what nobody saw is told too."""
    every = await every_play(filled)
    for scope in SCOPES:
        plays = of(scope, every)
        speakers = await filled.ask(habits.by_speaker, scope)
        assert {top.what: top.amount for top in speakers} == added(
            plays, lambda one: one.speaker
        )
        contexts = await filled.ask(habits.by_context, scope)
        assert {top.what: top.amount for top in contexts} == added(
            plays, lambda one: one.context
        )
        times = [top.amount.listened_ms for top in contexts]
        assert times == sorted(times, reverse=True)


async def test_sessions_end_with_silence(filled: Archive) -> None:
    """Half an hour of it; each account has its own."""
    every = await every_play(filled)
    for scope in SCOPES:
        expected: list[habits.Session] = []
        for account in ("anna", "ben"):
            row: list[Play] = []
            plays = [one for one in of(scope, every) if one.account == account]
            for one in sorted(plays, key=lambda one: one.started):
                if row and one.started - _end(row[-1]) > 30 * 60 * SECOND:
                    expected.append(_session(row))
                    row = []
                row.append(one)
            expected += [_session(row)] if row else []
        told = await filled.ask(habits.sessions, scope, 5)
        assert told.count == len(expected)
        assert told.listened_ms == sum(one.listened_ms for one in expected)
        expected.sort(key=lambda one: (-one.listened_ms, one.started))
        assert list(told.longest) == expected[:5]


def _end(one: Play) -> int:
    return one.started + one.listened_ms + one.paused_ms


def _session(row: list[Play]) -> habits.Session:
    listened = sum(one.listened_ms for one in row)
    return habits.Session(
        row[0].account, row[0].started, _end(row[-1]), len(row), listened
    )


async def test_first_times(filled: Archive) -> None:
    """What was discovered, and when something was played first and last."""
    every = await every_play(filled)
    for scope in SCOPES:
        own = of(Scope(scope.account), every)
        firsts: dict[str, int] = {}
        for one in sorted(own, key=lambda one: one.started):
            firsts.setdefault(str(one.item.name), one.started)
        new = {
            name: first
            for name, first in firsts.items()
            if (scope.since or 0) <= first < (scope.until or 1e15)
        }
        assert await filled.ask(habits.discovered, scope) == len(new)
        told = await filled.ask(habits.discoveries, scope)
        assert {str(one.item.name): one.first for one in told} == new
        songs = [one for one in of(scope, every) if one.item.name == "Song 3"]
        for uri in (track(3).uri, track(100).uri):
            found = await filled.ask(habits.first_and_last, scope, str(uri))
            assert found is not None
            assert found.first == min(one.started for one in songs)
            assert found.last == max(one.started for one in songs)
            assert found.amount == added(songs, lambda _: None)[None]
    assert await filled.ask(habits.first_and_last, Scope(), "spotify:track:no") is None


async def test_two_accounts_compared(filled: Archive) -> None:
    """Each shares with itself all, and with the other what both play."""
    same = await filled.ask(habits.compare, Scope("anna"), Scope("anna"))
    assert same.likeness == pytest.approx(1)
    both = await filled.ask(habits.compare, Scope("anna"), Scope("ben"), 5)
    assert both.other_works < both.one_works
    assert both.shared_works == both.other_works
    assert 0 < both.likeness < 1
    assert len(both.shared) == 5
    none = await filled.ask(habits.compare, Scope("anna"), Scope("nobody"))
    assert (none.shared_works, none.likeness) == (0, 0)


async def test_who_only_skips_is_like_nobody(archive: Archive) -> None:
    """What was left at once is in common, and counts for nothing."""
    await archive.add_live(live(0, listened=5, skipped=True))
    await archive.add_live(live(0, account="ben"))
    found = await archive.ask(habits.compare, Scope("anna"), Scope("ben"))
    assert (found.shared_works, found.likeness) == (1, 0)


async def test_streaks(archive: Archive) -> None:
    """Days in a row with something heard; what was only skipped makes no day."""
    for day in (0, 1, 2, 5, 6, 9):
        await archive.add_live(live(day * 86_400))
    await archive.add_live(live(3 * 86_400, listened=4, skipped=True))
    found = await archive.ask(days.streaks, Scope(), BERLIN)
    assert [(one.first.day, one.days) for one in found] == [(1, 3), (6, 2), (10, 1)]


async def test_gaps_make_days_incomplete(archive: Archive) -> None:
    """And an import makes them complete again."""
    await archive.add_recent("anna", [recent(0)])
    await archive.add_recent("anna", [recent(2 * 86_400)])
    told = await archive.ask(days.completeness, Scope("anna"), ZoneInfo("UTC"))
    assert [(one.day.day, round(one.complete, 3)) for one in told] == [
        (1, 0.833),
        (2, 0.0),
        (3, 0.167),
    ]
    job = await archive.begin_import("anna", "zip")
    await archive.end_import(job.id, [(at(0), at(2 * 86_400))])
    told = await archive.ask(days.completeness, Scope("anna"), ZoneInfo("UTC"))
    assert {one.complete for one in told} == {1}


async def test_an_empty_archive_tells_nothing(archive: Archive) -> None:
    """No question fails for lack of plays."""
    assert await archive.ask(days.per_unit, Scope(), BERLIN, Unit.DAY) == []
    assert await archive.ask(days.heat_map, Scope(), BERLIN) == [[Amount()] * 24] * 7
    assert await archive.ask(days.amount, Scope()) == Amount()
    assert await archive.ask(days.skip_rate, Scope()) is None
    assert await archive.ask(days.streaks, Scope(), BERLIN) == []
    assert await archive.ask(days.completeness, Scope(), BERLIN) == []
    assert await archive.ask(tops.top_tracks, Scope("anna")) == []
    assert await archive.ask(tops.top_artists, Scope()) == []
    assert (await archive.ask(habits.sessions, Scope())).count == 0
    assert await archive.ask(habits.by_speaker, Scope("nobody")) == []
    assert await archive.ask(habits.discoveries, Scope()) == []


async def test_items_are_found_by_words(filled: Archive) -> None:
    """In name or artist, in any case, the most played first; signs mean themselves."""
    found = await filled.ask(find_items, "song ARTIST 4", 5)
    assert len(found) == 5
    assert all("4" in f"{item.name}{item.artists}" for item, _ in found)
    assert [played for _, played in found] == sorted(
        (played for _, played in found), reverse=True
    )
    assert await filled.ask(find_items, "100%") == []
    await filled.keep_likes("anna", [Like(track(900, name="Never played"))])
    ((item, played),) = await filled.ask(find_items, "never")
    assert (item.name, played) == ("Never played", 0)


def test_clocks_are_changed_to_the_minute() -> None:
    """Lord Howe Island changes by half an hour, Samoa left out a day."""
    begin = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000)
    parts = stretches(BERLIN, begin, begin + 365 * DAY)
    assert [part.offset // HOUR for part in parts] == [1, 2, 1]
    assert datetime.fromtimestamp(parts[1].since / 1000, UTC) == datetime(
        2026, 3, 29, 1, tzinfo=UTC
    )
    assert parts[0].until == parts[1].since
    island = stretches(ZoneInfo("Australia/Lord_Howe"), begin, begin + 365 * DAY)
    assert {part.offset for part in island} == {11 * HOUR, 10.5 * HOUR}
