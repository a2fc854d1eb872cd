"""What is chosen for somebody, by when, where and how they heard it."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import override
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st

from custom_components.spotify_hub.account.taste import (
    CHOSEN,
    RESTING_HOURS,
    chosen,
)
from custom_components.spotify_hub.archive.records import Item, Play, Source, Speaker
from tests.archive.listening import KITCHEN, by_name, episode, track

ZONE = ZoneInfo("Europe/Berlin")
# A Tuesday, at eight in the morning there.
NOW = datetime(2027, 3, 2, 7, tzinfo=UTC)
DAY = 24.0
WEEK = 7 * DAY


class NeverByChance(Random):
    """Chance that prefers nothing."""

    @override
    def random(self) -> float:
        """Return the same each time."""
        return 0.5


def heard(
    hours_ago: float,
    item: Item,
    *,
    skipped: bool | None = None,
    long_enough: bool = True,
    speaker: Speaker | None = None,
) -> Play:
    """Return a listening some hours ago."""
    started = round((NOW - timedelta(hours=hours_ago)).timestamp() * 1000)
    return Play(
        "anna",
        item,
        started,
        180_000,
        frozenset({Source.LIVE}),
        heard=long_enough,
        skipped=skipped,
        speaker=speaker,
    )


def order(plays: Iterable[Play], speakers: Collection[str] = ()) -> list[str]:
    """Return what is chosen, where chance decides nothing."""
    return chosen(plays, NOW, ZONE, speakers, NeverByChance())


def uri(number: int) -> str:
    """Return the URI of a track."""
    return str(track(number).uri)


def test_the_hour_counts() -> None:
    """What is heard in the morning comes in the morning."""
    plays = [heard(DAY + 10, track(1)), heard(DAY, track(2)), heard(DAY + 3, track(3))]
    assert order(plays) == [uri(2), uri(3), uri(1)]


def test_the_clock_goes_round() -> None:
    """An hour before midnight is near to the hour after it."""
    night = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)
    plays = [
        Play(
            "anna",
            track(number),
            round((night - timedelta(hours=hours)).timestamp() * 1000),
            180_000,
            frozenset({Source.LIVE}),
        )
        for number, hours in ((1, DAY + 5), (2, DAY + 1))
    ]
    found = chosen(plays, night, ZONE, (), NeverByChance())
    assert found == [uri(2), uri(1)]


def test_the_weekend_has_music_of_its_own() -> None:
    """At the same hour a working day is nearer to a working day."""
    # Last Sunday and the Friday before.
    plays = [heard(2 * DAY, track(1)), heard(4 * DAY, track(2))]
    assert order(plays) == [uri(2), uri(1)]


def test_the_room_counts() -> None:
    """By the speakers that stand in it."""
    plays = [
        heard(DAY, track(1)),
        heard(DAY, track(2), speaker=KITCHEN),
        heard(DAY, track(3), speaker=Speaker("other", "Bath")),
    ]
    assert order(plays, [KITCHEN.key or ""])[0] == uri(2)
    assert order(plays, ["other"])[0] == uri(3)


def test_what_is_skipped_is_not_liked() -> None:
    """Nor what was left at once; hearing it out more often makes up for it."""
    plays = [
        heard(DAY, track(1), skipped=True),
        heard(DAY, track(2), long_enough=False),
        heard(DAY, track(3), skipped=True),
        *(heard(days * DAY, track(3)) for days in (1, 4, 5, 6)),
        heard(DAY, track(4)),
        heard(DAY, track(4), skipped=True),
    ]
    assert order(plays) == [uri(3)]


def test_what_was_just_heard_rests() -> None:
    """For some hours, however much it is liked."""
    plays = [
        *(heard(days * DAY, track(1)) for days in (1, 4, 5)),
        heard(RESTING_HOURS - 0.1, track(1)),
        heard(RESTING_HOURS + 0.1, track(2)),
    ]
    assert order(plays) == [uri(2)]


def test_what_is_long_ago_counts_less() -> None:
    """Half as much after three months."""
    plays = [heard(13 * WEEK, track(1)), heard(WEEK, track(2))]
    assert order(plays) == [uri(2), uri(1)]


def test_only_tracks_that_can_be_started_are_chosen() -> None:
    """No episodes, and nothing that is known by its name alone."""
    assert order([heard(DAY, episode()), heard(DAY, by_name(track(1)))]) == []


@given(
    st.lists(
        st.tuples(st.integers(1, 400), st.floats(0, 5000), st.booleans()), max_size=200
    ),
    st.randoms(use_true_random=False),
)
def test_never_too_many_and_none_twice(
    told: list[tuple[int, float, bool]], random: Random
) -> None:
    """Whatever was heard; and nothing that was not."""
    plays = [
        heard(hours, track(number), skipped=skipped) for number, hours, skipped in told
    ]
    found = chosen(plays, NOW, ZONE, (), random)
    assert len(found) == len(set(found)) <= CHOSEN
    assert set(found) <= {play.item.uri for play in plays}


def test_chance_prefers_what_is_liked_more() -> None:
    """It comes first more often, and not always."""
    plays = [heard(DAY, track(1)), *(heard(days * DAY, track(2)) for days in (1, 4, 5))]
    random = Random(7)
    first = [chosen(plays, NOW, ZONE, (), random)[0] for _ in range(200)]
    assert 120 < first.count(uri(2)) < 200
