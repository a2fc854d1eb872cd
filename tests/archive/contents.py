"""All that an archive holds, without the numbers that depend on the order of telling."""

from typing import Any

from sqlalchemy import Connection, select

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
