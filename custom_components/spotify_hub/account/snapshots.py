"""What the copies of an account's Liked Songs are good for: reading, comparing, restoring."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.file import WriteError, write_utf8_file_atomic

from ..api.client import SpotifyHubClient
from ..api.request import Lane
from ..const import DOMAIN
from ..failures import invalid
from ..favorites.diff import Difference, difference
from ..favorites.entries import Key, Kind, keys_of
from ..favorites.export import Form, exported
from ..favorites.progress import Progress
from ..favorites.reading import ListReader
from ..favorites.restore import Plan, plan
from ..favorites.snapshot import (
    OtherSchemaError,
    Snapshot,
    SnapshotError,
    day_of,
    order_of,
)
from ..favorites.source import SpotifySource
from ..favorites.store import MissingSnapshotError
from .changes import Caller
from .favorites import Favorites
from .library import LibraryChange, LibraryOperations


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy with its name, which is its day."""

    name: str
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Compared:
    """Two copies, and what differs; whether songs play is known for a common market."""

    before: Copy
    after: Copy
    difference: Difference


@dataclass(frozen=True, slots=True)
class Restored:
    """What a copy gave back, or would give back: no `change` was made then."""

    copy: Copy
    plan: Plan
    change: LibraryChange | None


class SnapshotOperations:
    """The copies of one account."""

    def __init__(
        self,
        hass: HomeAssistant,
        client: SpotifyHubClient,
        favorites: Favorites,
        library: LibraryOperations,
    ) -> None:
        """Read the copies that `favorites` makes."""
        self._hass = hass
        self._client = client
        self._favorites = favorites
        self._folder = favorites.folder
        self._library = library

    async def names(self) -> list[str]:
        """Return the names of all copies, newest first."""
        return await self._hass.async_add_executor_job(self._folder.names)

    async def copy(self, name: str | None = None) -> Copy:
        """Return the copy of a day, by default the newest.

        A day without one is like the last before it that has one.

        Raises:
            ServiceValidationError: there is none, or it can't be read.
        """
        return await self._read(found(await self.names(), name))

    async def compare(
        self,
        before: str | None = None,
        after: str | None = None,
        other: SnapshotOperations | None = None,
    ) -> Compared:
        """Return what differs between two days, or two accounts (`after` is the other's).

        By default the two newest copies, or the newest of each account.

        Raises:
            ServiceValidationError: there are none, or they can't be read.
        """
        second = await (other or self).copy(after)
        if other is None and before is None:
            newer = order_of(second.name)
            earlier = [one for one in await self.names() if order_of(one) < newer]
            if not earlier:
                raise invalid("nothing_to_compare")
            before = earlier[0]
        first = await self.copy(before)
        market = first.snapshot.market
        same = market is not None and market == second.snapshot.market
        result = await self._hass.async_add_executor_job(
            partial(
                difference,
                first.snapshot.songs(),
                second.snapshot.songs(),
                same_market=same,
            )
        )
        return Compared(first, second, result)

    async def export(
        self, name: str | None, form: Form, path: Path | None
    ) -> tuple[Copy, str]:
        """Return a copy for other programs, and write it if there is a `path`.

        Raises:
            ServiceValidationError: it can't be read, or may not be written there.
            HomeAssistantError: it can't be written.
        """
        file = path and await self._hass.async_add_executor_job(self._checked, path)
        copy = await self.copy(name)
        text = await self._hass.async_add_executor_job(
            exported, copy.snapshot.songs(), form
        )
        if file is not None:
            try:
                # What was there stays until all is written.
                await self._hass.async_add_executor_job(
                    write_utf8_file_atomic, str(file), text
                )
            except WriteError as err:
                raise HomeAssistantError(
                    translation_domain=DOMAIN,
                    translation_key="export_failed",
                    translation_placeholders={"path": str(path), "reason": str(err)},
                ) from err
        return copy, text

    async def restore(
        self,
        caller: Caller,
        name: str | None,
        into: SnapshotOperations,
        *,
        missing_only: bool = True,
        dry_run: bool = False,
    ) -> Restored:
        """Save the songs of a copy in an account's library, oldest first.

        By default of the copy that has what vanished at once, else of the newest. Doing
        it again goes on where it was ended, if it is for what is missing.

        Raises:
            ServiceValidationError: the copy can't be read.
            HomeAssistantError: Spotify ended it; it says how much was done before.
            SpotifyApiError: what is there could not be learnt; nothing was changed.
        """
        vanished = self._favorites.record.vanished
        copy = await self.copy(name or (vanished.snapshot if vanished else None))
        there = await into.liked() if missing_only else frozenset[str]()
        planned = await self._hass.async_add_executor_job(
            lambda: plan(tuple(copy.snapshot.songs()), there)
        )
        if dry_run:
            return Restored(copy, planned, None)
        if not planned.songs:
            return Restored(copy, planned, LibraryChange(()))
        return Restored(copy, planned, await into.save(caller, planned))

    async def liked(self) -> frozenset[str]:
        """Return what the account likes now; one request if its newest copy still holds."""
        latest = await self._hass.async_add_executor_job(self._folder.latest)
        reader = ListReader(
            SpotifySource(self._client, Lane.BROWSE),
            Kind.TRACKS,
            Progress(),
            self._hass.async_add_executor_job,
            lambda *_: None,
        )
        known = latest[1].liked if latest else None
        saved = (known and await reader.renewed(known)) or await reader.whole()
        keys: list[Key] = await self._hass.async_add_executor_job(
            keys_of, saved.lines, Kind.TRACKS
        )
        return frozenset(uri for _, uri in keys)

    async def save(self, caller: Caller, planned: Plan) -> LibraryChange:
        """Put back what is planned, then look what the library has come to.

        Not before it is all there: the copy it is put back from stays the newest.
        """
        change = await self._library.restore(caller, planned.uris)
        self._favorites.async_refresh()
        return change

    async def _read(self, name: str) -> Copy:
        read = self._folder.read
        try:
            return Copy(name, await self._hass.async_add_executor_job(read, name))
        except MissingSnapshotError as err:
            raise invalid("no_such_snapshot", name=name) from err
        except OtherSchemaError as err:
            raise invalid(
                "snapshot_of_other_schema",
                file=str(self._folder.file(name)),
                schema=str(err),
            ) from err
        except (OSError, SnapshotError) as err:
            raise invalid(
                "snapshot_damaged", file=str(self._folder.file(name))
            ) from err

    def _checked(self, path: Path) -> Path:
        """Return a file that may be written, links resolved; none that all may fetch."""
        public, file = Path(self._hass.config.path("www")).resolve(), path.resolve()
        if file.is_relative_to(public):
            raise invalid("export_public", path=str(path))
        if not self._hass.config.is_allowed_path(str(file)):
            raise invalid("path_not_writable", path=str(path))
        return file


def found(names: list[str], wanted: str | None) -> str:
    """Return the name of the copy that is wanted, of all, newest first.

    Raises:
        ServiceValidationError: there is none of so early a day, or no day is meant.
    """
    if not names:
        raise invalid("no_snapshots")
    if wanted is None:
        return names[0]
    if wanted in names:
        return wanted
    try:
        day = date.fromisoformat(wanted)
    except ValueError as err:
        raise invalid("no_such_snapshot", name=wanted) from err
    earlier = [name for name in names if day_of(name) <= day]
    if not earlier:
        raise invalid("no_snapshot_so_early", day=wanted, first=names[-1])
    return earlier[0]
