"""An export's sightings are recognised as plays that others saw already."""

from collections.abc import Sequence

import pytest

from custom_components.spotify_hub.archive.records import Sighting
from custom_components.spotify_hub.archive.store import Archive

from .listening import (
    ACCOUNT,
    DAY,
    MINUTE,
    SECOND,
    digest,
    episode,
    imported,
    live,
    recent,
    track,
)

NEXT_QUARTER = 100 * DAY / SECOND


async def known(archive: Archive, *sightings: Sighting, account: str = ACCOUNT) -> int:
    """Ask how many of some sightings an account has."""
    return await archive.held(account, sightings)


@pytest.mark.parametrize(
    "seen",
    [
        [live(0)],
        [recent(0)],
        [recent(180)],
        [imported(180)],
        [digest(180)],
        [live(0, paused=600), recent(0)],
    ],
)
async def test_whoever_saw_a_play_it_is_known(
    archive: Archive, seen: Sequence[Sighting]
) -> None:
    """Watching, the recent list, another export; told by an export of either kind."""
    await _keep(archive, seen)
    assert await known(archive, imported(180)) == 1
    assert await known(archive, digest(180)) == 1
    assert await known(archive) == 0


async def test_what_is_not_there_is_new(archive: Archive) -> None:
    """Another item, another time, another account, an account nobody has heard of."""
    await _keep(archive, [live(0)])
    assert await known(archive, imported(180, track(2))) == 0
    assert await known(archive, imported(180, episode())) == 0
    assert await known(archive, imported(180 + 10 * MINUTE / SECOND)) == 0
    assert await known(archive, imported(180), account="ben") == 0
    await archive.add_live(live(0, account="ben"))
    assert await known(archive, imported(180), account="ben") == 1


async def test_a_play_stands_for_one_sighting(archive: Archive) -> None:
    """Of a song on repeat, only as many are known as were seen."""
    await _keep(archive, [live(0), live(180)])
    thrice = [imported(end) for end in (180, 360, 540)]
    assert await known(archive, *thrice) == 2
    assert await known(archive, *reversed(thrice)) == 2


async def test_plays_far_apart_are_found(archive: Archive) -> None:
    """In whatever order they are told."""
    times = [0, NEXT_QUARTER, 2 * NEXT_QUARTER]
    await _keep(archive, [live(time) for time in times])
    told = [imported(time + 180) for time in (*times, 3 * NEXT_QUARTER)]
    assert await known(archive, *told) == 3
    assert await known(archive, *told[::-1]) == 3


async def test_many_works_are_looked_up(archive: Archive) -> None:
    """More than one statement has room for."""
    plays = [live(180 * number, track(number)) for number in range(1_200)]
    for some in range(0, 1_200, 300):
        await archive.add_recent(ACCOUNT, plays[some : some + 300])
    told = [imported(180 * number + 180, track(number)) for number in range(1_300)]
    assert await known(archive, *told) == 1_200


async def _keep(archive: Archive, seen: Sequence[Sighting]) -> None:
    begun = await archive.begin_import(ACCOUNT, "seen")
    await archive.import_batch(begun.id, seen, "", len(seen), len(seen))
