"""All that an archive holds, without the numbers that depend on the order of telling."""

from typing import Any

from sqlalchemy import Connection, func, select, text

from custom_components.spotify_hub.archive import schema
from custom_components.spotify_hub.archive.plays import Asked, all_plays


def contents(connection: Connection) -> dict[str, Any]:
    """Return plays, sightings, roll-ups and covers by content."""
    uris = {row.id: row.uri for row in connection.execute(select(schema.items))}
    accounts = {row.id: row.key for row in connection.execute(select(schema.accounts))}
    works = {row.id: row.work for row in connection.execute(select(schema.items))}
    together: dict[int, set[str]] = {}
    for id_, work in works.items():
        together.setdefault(work, set()).add(uris[id_])
    return {
        "plays": [
            (
                one.account,
                one.started,
                one.item.uri or one.item.name,
                one.listened_ms,
                one.paused_ms,
                one.heard,
                one.skipped,
                sorted(one.sources),
                one.start_estimated,
                one.listened_estimated,
                one.speaker,
                one.context,
            )
            for one in sorted(
                all_plays(connection, Asked()),
                key=lambda one: (
                    one.started,
                    one.account,
                    str(one.item.uri),
                    one.item.name,
                    one.listened_ms,
                ),
            )
        ],
        "sightings": sorted(
            (
                accounts[row.account],
                uris[row.item],
                row.at,
                row.source,
                row.position,
                row.late,
            )
            for row in connection.execute(select(schema.sightings))
        ),
        "works": sorted(sorted(uris) for uris in together.values()),
        "slots": sorted(
            (accounts[row.account], *row[1:])
            for row in connection.execute(select(schema.slots))
        ),
        "totals": sorted(
            (accounts[row.account], uris[row.item], *row[2:])
            for row in connection.execute(select(schema.totals))
        ),
        "covers": sorted(
            (accounts[row.account], row.since, row.until)
            for row in connection.execute(select(schema.covers))
        ),
    }


def rolled_up(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Return what the roll-ups say."""
    return {
        table.name: sorted(tuple(row) for row in connection.execute(select(table)))
        for table in (schema.slots, schema.totals)
    }


def added_up(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Return what the roll-ups should say: what a plain GROUP BY over plays tells."""
    by = schema.plays.c
    found: dict[str, list[tuple[Any, ...]]] = {}
    for name, key in (("slots", by.started // 1_800_000), ("totals", by.item)):
        query = select(
            by.account,
            key,
            func.count(),
            func.sum(by.heard),
            func.coalesce(func.sum(by.skipped), 0),
            func.sum(by.listened),
            *((func.min(by.started),) if name == "totals" else ()),
        ).group_by(text("1"), text("2"))
        # A sum is a decimal in PostgreSQL.
        found[name] = sorted(tuple(map(int, row)) for row in connection.execute(query))
    return found
