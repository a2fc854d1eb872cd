"""Plays that change because works turn out to be one are told of, however that is learned."""

from collections.abc import Awaitable, Callable

import pytest

from custom_components.spotify_hub.archive.keeping import Like
from custom_components.spotify_hub.archive.news import News
from custom_components.spotify_hub.archive.plays import Asked, count
from custom_components.spotify_hub.archive.store import Archive

from .listening import at, live, recent, track

ISRC = "GBUM71029604"
ONE = track(1, isrc=ISRC)
OTHER = track(2, name="Song 1 (Remastered)", isrc=ISRC)


async def by_enrichment(archive: Archive) -> list[News]:
    """Let Spotify tell that both have one ISRC."""
    return await archive.enriched([ONE, OTHER])


async def by_likes(archive: Archive) -> list[News]:
    """Let somebody like both."""
    return await archive.keep_likes("carla", [Like(ONE), Like(OTHER)])


async def by_watching(archive: Archive) -> list[News]:
    """Let somebody else listen to both, long after."""
    first = await archive.add_live(live(90_000, ONE, account="carla"))
    assert first.united == []
    return (await archive.add_live(live(95_000, OTHER, account="carla"))).united


async def by_import(archive: Archive) -> list[News]:
    """Let a batch of an import tell of both."""
    job = await archive.begin_import("carla", "export.zip")
    rows = [live(90_000, ONE, account="carla"), live(95_000, OTHER, account="carla")]
    job = await archive.import_batch(job.id, rows, "", 2, 3)
    again = await archive.import_batch(job.id, rows, "", 3, 3)
    assert again.united == ()
    return list(job.united)


@pytest.mark.parametrize("learn", [by_enrichment, by_likes, by_watching, by_import])
async def test_what_became_one_is_told(
    archive: Archive, learn: Callable[[Archive], Awaitable[list[News]]]
) -> None:
    """For each account whose double plays became one, and no other."""
    one, other = track(1), track(2, name="Song 1 (Remastered)")
    for start in (0, 5_000):
        await archive.add_live(live(start, one))
        await archive.add_recent("anna", [recent(start + 180, other)])
    await archive.add_live(live(300, one, account="ben"))
    await archive.add_recent("ben", [recent(480, other, account="ben")])
    await archive.add_live(live(800, one, account="dora"))
    assert await archive.ask(count, Asked("anna")) == 4

    assert await learn(archive) == [
        News("anna", at(0), at(5_000)),
        News("ben", at(300), at(300)),
    ]
    assert await archive.ask(count, Asked("anna")) == 2


async def test_what_was_one_before_is_no_news(archive: Archive) -> None:
    """Told again, nothing changes."""
    await archive.add_live(live(0, ONE))
    assert await by_enrichment(archive) == []
    assert await by_enrichment(archive) == []
    assert await by_likes(archive) == []
