"""An archive in each of the databases."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from custom_components.spotify_hub.archive.store import Archive
from scripts.postgresql import WHY_NONE, Cluster, binaries, cluster

from .listening import EVENING

type Open = Callable[[], Awaitable[Archive]]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """Return a PostgreSQL of our own, begun for these tests."""
    if (programs := binaries()) is None:
        pytest.skip(WHY_NONE)
    with cluster(programs) as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Return where an archive may be kept; nothing is there."""
    if request.param == "sqlite":
        return tmp_path / "archive.db"
    found: Cluster = request.getfixturevalue("postgresql")
    return found.new_schema()


@pytest.fixture
async def archive(target: Path | str) -> AsyncIterator[Archive]:
    """Return an empty archive."""
    made = Archive(target, now=lambda: datetime.fromtimestamp(EVENING / 1000, UTC))
    await made.open()
    yield made
    await made.close()
