"""Plays are found by what is asked for, and come in pages in either order."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.spotify_hub.archive.plays import (
    Asked,
    Place,
    count,
    find_items,
    oldest_plays,
    plays,
)
from custom_components.spotify_hub.archive.records import (
    Album,
    Context,
    Item,
    Kind,
    Speaker,
)
from custom_components.spotify_hub.archive.store import Archive

from .listening import ACCOUNT, at, episode, imported, live, told, track

BATH = Speaker("speaker-2", "Bath")
# An audiobook that is called like the album of the tracks.
CHAPTER = Item(
    Kind.CHAPTER,
    "Chapter 1",
    "spotify:episode:c000000000000000000000",
    album=Album("The Album", "spotify:show:2"),
    duration_ms=600_000,
)


@pytest.fixture
async def evening(archive: Archive) -> Archive:
    """Return an archive of an evening: three tracks, an episode and a chapter."""
    await archive.add_live(live(0, track(1)))
    await archive.add_live(live(200, track(2, artist="Miles Davis"), speaker=BATH))
    await archive.add_live(live(400, track(3), listened=20, skipped=True))
    await archive.add_live(live(600, episode(), context=None))
    await archive.add_live(live(3_000, CHAPTER, speaker=None))
    await archive.add_live(live(5_000, track(1), account="ben"))
    return archive


@pytest.mark.parametrize("spelling", ["Die Ärzte", "die ärzte", "DIE ÄRZTE"])
async def test_names_are_found_however_they_are_written(
    archive: Archive, spelling: str
) -> None:
    """Letters of all languages have a large and a small form."""
    await archive.add_live(
        live(
            0,
            replace(track(1, artist="Die Ärzte"), album=Album("Die Ärzte")),
            speaker=Speaker("speaker-3", "Die Ärzte"),
            context=Context("spotify:playlist:1", "Die Ärzte"),
        )
    )
    for asked in (
        Asked(artist=spelling),
        Asked(album=spelling),
        Asked(speakers=(spelling,)),
        Asked(context=spelling),
    ):
        assert await archive.ask(count, asked) == 1
    assert len(await archive.ask(find_items, spelling)) == 1


@pytest.mark.parametrize(
    ("asked", "starts"),
    [
        ({}, [0, 200, 400, 600, 3_000, 5_000]),
        ({"account": ACCOUNT}, [0, 200, 400, 600, 3_000]),
        ({"account": "nobody"}, []),
        ({"since": at(200), "until": at(600)}, [200, 400]),
        ({"artist": "miles DAVIS"}, [200]),
        ({"artist": "spotify:artist:MilesDavis"}, [200]),
        ({"album": "the album"}, [0, 200, 400, 5_000]),
        ({"show": "the album"}, [3_000]),
        ({"show": "spotify:show:1"}, [600]),
        ({"album": "spotify:show:1"}, []),
        ({"speakers": ("speaker-2",)}, [200]),
        ({"speakers": ("bath",)}, [200]),
        ({"speakers": ("speaker-1", "bath")}, [0, 200, 400, 600, 5_000]),
        ({"speakers": ()}, []),
        ({"context": "Morning MIX"}, [0, 200, 400, 3_000, 5_000]),
        ({"context": "spotify:playlist:37i9dQZF1DX0", "account": "ben"}, [5_000]),
        ({"min_listened_ms": 180_000, "account": ACCOUNT}, [0, 200, 600, 3_000]),
        ({"item": track(1).uri}, [0, 5_000]),
    ],
)
async def test_plays_are_found(
    evening: Archive, asked: dict[str, Any], starts: list[int]
) -> None:
    """By each of what can be asked for."""
    found = await evening.ask(plays, Asked(**asked))
    assert [start for start, _, _ in told(found.plays)] == starts
    assert found.next is None
    assert await evening.ask(count, Asked(**asked)) == len(starts)


@pytest.mark.parametrize(("question", "first"), [(plays, 5_000), (oldest_plays, 0)])
async def test_pages_hold_every_play_once(
    evening: Archive, question: Any, first: int
) -> None:
    """In order, with a next page as long as there is one."""
    # Two plays that begin at the same moment.
    await evening.add_live(replace(live(200, track(2)), account="ben"))
    whole = (await evening.ask(question, Asked())).plays
    assert told(whole[:1])[0][0] == first
    for limit in range(1, 9):
        found: list[Any] = []
        after: Place | None = None
        while True:
            page = await evening.ask(question, Asked(), limit, after)
            found += page.plays
            assert len(page.plays) == limit or page.next is None
            if (after := page.next) is None:
                break
        assert found == list(whole)


async def test_an_import_and_a_name_are_one_work(evening: Archive) -> None:
    """What is known by name alone is found by the URI of the same work."""
    named = replace(imported(9_000), item=replace(imported(0).item, uri=None))
    begun = await evening.begin_import(ACCOUNT, "x")
    await evening.import_batch(begun.id, [named], "", 1, 1)
    found = await evening.ask(plays, Asked(item=track(1).uri, account=ACCOUNT))
    assert len(found.plays) == 2
