"""An archive in each of the databases."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from custom_components.spotify_hub.archive.store import Archive

from .listening import EVENING
from .postgresql import Cluster, cluster

type Open = Callable[[], Awaitable[Archive]]


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return a PostgreSQL of our own, begun for these tests."""
    with cluster(tmp_path_factory) as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Return where an archive may be kept; nothing is there."""
    if request.param == "sqlite":
        return tmp_path / "archive.db"
    found: Cluster = request.getfixturevalue("postgresql")
    return found.new_database()


@pytest.fixture
async def archive(target: Path | str) -> AsyncIterator[Archive]:
    """Return an empty archive."""
    made = Archive(target, now=lambda: datetime.fromtimestamp(EVENING / 1000, UTC))
    await made.open()
    yield made
    await made.close()
