"""An archive of any version that ever was becomes one of today, with all it holds."""

from collections.abc import Mapping
from pathlib import Path
import sqlite3
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text

from custom_components.spotify_hub.archive import schema
from custom_components.spotify_hub.archive.database import engine_for
from custom_components.spotify_hub.archive.errors import NewerArchiveError
from custom_components.spotify_hub.archive.plays import Asked, plays
from custom_components.spotify_hub.archive.store import Archive

from .contents import contents
from .listening import live, recent, told, track

STORED = Path(__file__).parent / "schemas"


def stored(version: int, path: Path) -> None:
    """Write the archive that was stored when a version was new."""
    connection = sqlite3.connect(path)
    connection.executescript((STORED / f"{version}.sql").read_text())
    connection.close()


def shape(connection: Connection) -> dict[str, Any]:
    """Return tables with their columns and indexes, views and triggers."""
    seen = inspect(connection)
    others = connection.execute(
        text(
            "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"
            " ORDER BY name"
        )
    )
    return {
        "others": [" ".join(f"{row[0]} {row[1]}".split()) for row in others],
        "tables": {
            table: (
                [(one["name"], str(one["type"])) for one in seen.get_columns(table)],
                seen.get_pk_constraint(table)["constrained_columns"],
                sorted(str(one["name"]) for one in seen.get_indexes(table)),
            )
            for table in seen.get_table_names()
        },
    }


@pytest.mark.parametrize("version", range(1, schema.VERSION + 1))
async def test_each_version_is_brought_forward(tmp_path: Path, version: int) -> None:
    """Its plays are there, it has the shape of a new one, and goes on."""
    path = tmp_path / "archive.db"
    stored(version, path)
    archive = Archive(path)
    await archive.open()
    found = (await archive.ask(plays, Asked())).plays
    assert told(found) == [
        (0, "spotify:track:0000000000000000000001", 180),
        (400, "spotify:track:0000000000000000000002", 180),
    ]
    again = Archive(tmp_path / "new.db")
    await again.open()
    assert await archive.ask(shape) == await again.ask(shape)
    for one in (archive, again):
        await one.add_live(live(0))
        await one.add_recent("anna", [recent(580, track(2))])
    assert await archive.ask(contents) == await again.ask(contents)
    await archive.close()
    await again.close()


def test_there_is_a_stored_archive_of_each_version() -> None:
    """Whoever makes a new version keeps one of it for ever."""
    assert {int(file.stem) for file in STORED.glob("*.sql")} == set(
        range(1, schema.VERSION + 1)
    )
    assert set(schema.STEPS) == set(range(2, schema.VERSION + 1))


def test_steps_are_taken_in_order_and_once(tmp_path: Path) -> None:
    """From the version that is there; one that fails leaves all as it was."""
    engine = engine_for(tmp_path / "archive.db")
    taken: list[int] = []

    def step(number: int, connection: Connection) -> None:
        taken.append(number)
        connection.execute(text(f"CREATE TABLE step_{number} (x)"))
        if number == 4 and taken.count(4) == 1:
            raise OSError("the disk is gone")

    steps: Mapping[int, Any] = {
        number: (lambda connection, number=number: step(number, connection))
        for number in (2, 3, 4)
    }
    with engine.begin() as connection:
        schema.prepare(connection, 1, steps)
    with engine.begin() as connection:
        schema.prepare(connection, 3, steps)
    assert taken == [2, 3]
    with pytest.raises(OSError, match="gone"), engine.begin() as connection:
        schema.prepare(connection, 4, steps)
    with engine.begin() as connection:
        assert not inspect(connection).has_table("step_4")
        schema.prepare(connection, 4, steps)
        schema.prepare(connection, 4, steps)
    assert taken == [2, 3, 4, 4]
    with pytest.raises(NewerArchiveError), engine.begin() as connection:
        schema.prepare(connection, 3, steps)
    engine.dispose()
