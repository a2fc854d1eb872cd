"""Whatever is told in whatever order, however often: the archive is the same."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
import random
import sqlite3
from typing import Any

from hypothesis import given, settings, strategies as st
from sqlalchemy import Connection, StaticPool, create_engine

from custom_components.spotify_hub.archive import ingest, schema
from custom_components.spotify_hub.archive.catalogue import Catalogue
from custom_components.spotify_hub.archive.deletion import Which, delete_history
from custom_components.spotify_hub.archive.records import Item, Sighting, Source
from custom_components.spotify_hub.archive.store import Archive

from .contents import added_up, contents, rolled_up
from .listening import (
    SECOND,
    at,
    digest,
    episode,
    imported,
    live,
    recent,
    track,
)

ITEMS = (
    track(1),
    track(2),
    track(3, name="Song 1"),
    track(4, name="Song 2 (Live)", isrc="GBUM71029604"),
    track(5, name="Song 2 (Remastered)", isrc="GBUM71029604"),
    track(6, length=25),
    episode(1),
)


@dataclass(frozen=True, slots=True)
class Listening:
    """Something that was listened to: when it began (seconds), for how long, with what pause."""

    item: Item
    start: float
    listened: float
    pause: float


@st.composite
def evenings(draw: st.DrawFn) -> list[Sighting]:
    """Return what all sources say of an evening, as far as they noticed."""
    now = 0.0
    told: list[Sighting] = []
    account = draw(st.sampled_from(("anna", "ben")))
    for _ in range(draw(st.integers(1, 8))):
        item = draw(st.sampled_from(ITEMS))
        length = (item.duration_ms or 0) / SECOND
        listened = draw(
            st.one_of(st.just(length), st.integers(1, int(length)).map(float))
        )
        pause = draw(st.sampled_from((0.0, 0.0, 0.0, 5.0, 400.0)))
        now += draw(st.sampled_from((0.0, 0.0, 0.7, 30.0, 4000.0)))
        end = now + listened + pause
        whole = listened == length
        if draw(st.booleans()):
            told.append(
                live(
                    now,
                    item,
                    listened=listened,
                    paused=pause,
                    skipped=not whole,
                    account=account,
                )
            )
        if draw(st.booleans()) and listened >= 30:
            told.append(
                recent(draw(st.sampled_from((now, end))), item, account=account)
            )
        if draw(st.booleans()):
            reason = "trackdone" if whole else "fwdbtn"
            told.append(
                imported(end, item, listened=listened, reason=reason, account=account)
            )
        if draw(st.booleans()):
            told.append(digest(end, item, listened=listened, account=account))
        now = end
    return list({_identity(one): one for one in told}.values())


def _identity(one: Sighting) -> tuple[Any, ...]:
    return one.account, one.source, one.item.uri or one.item.name, one.stamp


def told(connection: Connection, calls: Sequence[Sequence[Sighting]]) -> dict[str, Any]:
    """Tell a new archive this, a call at a time; return what it holds."""
    catalogue = Catalogue()
    for call in calls:
        listed = [one for one in call if one.source is Source.RECENT]
        others = [one for one in call if one.source is not Source.RECENT]
        for account in sorted({one.account for one in listed}):
            rows = [one for one in listed if one.account == account]
            ingest.record_recent(connection, catalogue, account, rows)
        ingest.record(connection, catalogue, others)
    return contents(connection)


@contextmanager
def empty() -> Iterator[Connection]:
    """Return an empty archive in memory; made once, and copied for each that is asked for."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    raw = engine.raw_connection()
    driver = raw.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.deserialize(_made())
    raw.close()
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@cache
def _made() -> bytes:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as connection:
        schema.prepare(connection)
    raw = engine.raw_connection()
    driver = raw.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    made = driver.serialize()
    raw.close()
    engine.dispose()
    return made


def fresh(calls: Sequence[Sequence[Sighting]]) -> dict[str, Any]:
    """Tell an archive in memory, and forget it."""
    with empty() as connection:
        return told(connection, calls)


@st.composite
def retellings(draw: st.DrawFn) -> tuple[list[Sighting], list[Sighting]]:
    """Return what is said of two evenings, and the same in another order, some of it twice."""
    told = list(
        {_identity(one): one for one in draw(evenings()) + draw(evenings())}.values()
    )
    again = draw(st.lists(st.sampled_from(told), max_size=5)) if told else []
    return told, draw(st.permutations(told + again))


@settings(deadline=None, max_examples=50)
@given(retellings())
def test_order_and_repetition_do_not_matter(
    both: tuple[list[Sighting], list[Sighting]],
) -> None:
    """Live, recent and import interleaved anyhow, and told again, make the same archive."""
    sightings, shuffled = both
    expected = fresh([sightings])
    found = fresh([[one] for one in shuffled])
    del expected["covers"], found["covers"]
    assert found == expected


@settings(deadline=None, max_examples=40)
@given(evenings())
def test_roll_ups_add_up_and_deleting_undoes(told: list[Sighting]) -> None:
    """What is deleted leaves the archive as if it had never been told."""
    with empty() as connection:
        catalogue = Catalogue()
        ingest.record(connection, catalogue, told)
        held = contents(connection)
        assert rolled_up(connection) == added_up(connection)
        account = told[0].account if told else "anna"
        done = delete_history(connection, catalogue, Which(account))
        assert done.plays == len(held["plays"])
        assert done.sightings == len(held["sightings"])
        left = contents(connection)
        assert not any(left.values())
        ingest.record(
            connection,
            catalogue,
            [one for one in told if one.source is not Source.RECENT],
        )
        again = contents(connection)
        assert len(again["sightings"]) == len(
            [one for one in told if one.source is not Source.RECENT]
        )


async def test_roll_ups_are_always_what_plays_add_up_to(archive: Archive) -> None:
    """On either database, after whatever was told, learnt or deleted."""
    dice = random.Random(7)
    items = [track(number) for number in range(1, 30)]
    job = await archive.begin_import("anna", "export")
    for turn in range(12):
        begin = dice.randrange(200) * 3600
        ends = [begin + 200 * (place + 1) for place in range(dice.randint(1, 250))]
        rows = [imported(end, dice.choice(items)) for end in ends]
        shown = [
            live(end - 180, dice.choice(items), account=dice.choice(("anna", "ben")))
            for end in dice.sample(ends, min(3, len(ends)))
        ]
        await archive.import_batch(job.id, rows, "", 0, 0)
        for one in shown:
            await archive.add_live(one)
        await archive.add_recent("anna", [recent(end, items[0]) for end in ends[:5]])
        if turn % 3 == 1:
            same = [
                replace(one, isrc=f"GBUM7102{turn:04d}")
                for one in dice.sample(items, 2)
            ]
            await archive.enriched(same)
        if turn % 4 == 2:
            await archive.delete_history(Which("anna", until=at(begin + 900)))
        if turn % 4 == 3:
            await archive.delete_history(Which(item=dice.choice(items).uri))
        assert await archive.ask(rolled_up) == await archive.ask(added_up)
    assert await archive.ask(rolled_up) != {"slots": [], "totals": []}
    await archive.rename_account("ben", "anna")
    assert await archive.ask(rolled_up) == await archive.ask(added_up)
