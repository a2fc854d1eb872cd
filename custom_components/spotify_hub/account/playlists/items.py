"""Changing what playlists hold: each change an operation of its own."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from ...api.client import SpotifyHubClient
from ...api.errors import SpotifyApiError
from ...api.models import Playlist
from ...failures import invalid, partly_done
from ..changes import Caller, Change, ChangeLog
from ..uncut import Uncut, uncut
from . import plans
from .diff import Uris, moved_to
from .edits import Edit, Edited, PlaylistEdits
from .errors import IncompleteError, changed_meanwhile, unsure
from .reader import Access, Contents, PlaylistReader, explained
from .writer import PlaylistWriter, StaleError, UnsureError


@dataclass(frozen=True, slots=True)
class Added:
    """What was put into a playlist, and what was there already."""

    added: tuple[str, ...]
    skipped: tuple[str, ...]
    playlist: Playlist
    snapshot_id: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved, or would be, and where it begins now (0-based)."""

    playlist: Playlist
    uris: tuple[str, ...]
    count: int
    position: int
    snapshot_id: str | None


class ItemChanges(Uncut):
    """Changes what the playlists of one account hold.

    `playlist` is a URI, a link or a name. Every method raises
    ServiceValidationError for what the caller can mend, HomeAssistantError for what
    ended midway, and SpotifyApiError where nothing was changed.
    """

    def __init__(
        self,
        client: SpotifyHubClient,
        changes: ChangeLog,
        reader: PlaylistReader,
        edits: PlaylistEdits,
    ) -> None:
        """Change by `client` and `edits`, put on record by `changes`."""
        super().__init__()
        self._client = client
        self._changes = changes
        self._reader = reader
        self._edits = edits

    @uncut
    async def add(
        self,
        caller: Caller,
        playlist: str,
        uris: Sequence[str],
        *,
        position: int | None = None,
        skip_duplicates: bool = False,
    ) -> Added:
        """Put tracks and episodes into a playlist in their order."""
        found = await self._find(playlist, Access.CHANGE_ITEMS)
        with explained(found.name):
            return await self._settled(
                found,
                lambda now: self._add(
                    caller, now, uris, position, skip=skip_duplicates
                ),
            )

    async def remove(
        self,
        caller: Caller,
        playlist: str,
        uris: Sequence[str],
        *,
        dry_run: bool = False,
    ) -> Edited:
        """Remove items from a playlist, wherever they stand in it."""
        plan = partial(plans.removal, uris=uris)
        return await self._edit(caller, playlist, plan, dry_run=dry_run)

    async def replace(
        self,
        caller: Caller,
        playlist: str,
        uris: Sequence[str],
        *,
        dry_run: bool = False,
    ) -> Edited:
        """Put other items in the place of all that a playlist holds; none clears it."""
        plan = partial(plans.replacement, uris=uris)
        return await self._edit(caller, playlist, plan, dry_run=dry_run)

    async def deduplicate(
        self, caller: Caller, playlist: str, *, dry_run: bool = False
    ) -> Edited:
        """Leave what stands in a playlist several times at its first place only."""

        async def look_closer(contents: Contents) -> Contents:
            return await self._reader.with_flags(contents, plans.to_look_at(contents))

        return await self._edit(
            caller, playlist, plans.deduplication, look_closer, dry_run=dry_run
        )

    @uncut
    async def reorder(
        self,
        caller: Caller,
        playlist: str,
        start: int,
        before: int,
        length: int = 1,
        *,
        dry_run: bool = False,
    ) -> Moved:
        """Move a range of items to before a position; positions begin with 0."""

        async def attempt(now: Playlist) -> Moved:
            part = await self._reader.part(now, start, length)
            if start + length > part.total or before > part.total:
                raise invalid("positions_beyond_end", total=str(part.total))
            target = moved_to(start, length, before)
            snapshot = now.snapshot_id
            if target != start and not dry_run:
                writer = PlaylistWriter(self._client, now, part.total)
                await writer.check()
                try:
                    await writer.reorder(start, before, part.uris, target)
                except UnsureError as err:
                    raise unsure(now, err, 0) from err
                snapshot = writer.snapshot
            uris = tuple(uri for uri in part.uris if uri)
            return Moved(now, uris, length, target, snapshot)

        found = await self._find(playlist, Access.CHANGE_ITEMS)
        with explained(found.name):
            moved = await self._settled(found, attempt)
        if moved.snapshot_id != moved.playlist.snapshot_id:
            self._record(
                caller,
                "items_reordered",
                moved.playlist,
                moved.uris,
                moved.snapshot_id,
            )
        return moved

    @uncut
    async def _edit(
        self,
        caller: Caller,
        playlist: str,
        plan: Callable[[Contents], Edit],
        look_closer: Callable[[Contents], Awaitable[Contents]] | None = None,
        *,
        dry_run: bool,
    ) -> Edited:
        found = await self._find(playlist, Access.CHANGE_ITEMS)
        with explained(found.name):
            attempt = partial(
                self._edits.attempt,
                plan=plan,
                look_closer=look_closer,
                dry_run=dry_run,
            )
            try:
                edited = await self._settled(found, attempt)
            except IncompleteError as err:
                self._record_partly(caller, found, err)
                raise
        edit = edited.edit
        if not (dry_run or edit.changes_nothing):
            self._record(
                caller, edit.what, edited.playlist, edit.uris, edited.snapshot_id
            )
        return edited

    async def _add(
        self,
        caller: Caller,
        playlist: Playlist,
        uris: Sequence[str],
        position: int | None = None,
        *,
        skip: bool = False,
    ) -> Added:
        wanted, skipped = list(uris), list[str]()
        writer = PlaylistWriter(self._client, playlist, playlist.total or 0)
        if skip:
            contents = await self._reader.contents(playlist)
            writer.total = contents.total
            wanted, skipped = _new(uris, contents.uris)
            await writer.check()
        elif playlist.total is None:
            await writer.count()
        if position is not None and position > writer.total:
            raise invalid("positions_beyond_end", total=str(writer.total))
        try:
            await writer.add(wanted, position)
        except UnsureError as err:
            raise unsure(playlist, err, writer.added) from err
        except SpotifyApiError as err:
            if not writer.added:
                raise
            raise partly_done(err, writer.added, len(wanted)) from err
        finally:
            if done := wanted[: writer.added]:
                self._record(caller, "items_added", playlist, done, writer.snapshot)
        return Added(tuple(wanted), tuple(skipped), playlist, writer.snapshot)

    async def _find(self, text: str, access: Access) -> Playlist:
        uri = await self._reader.uri(text, access)
        return await self._reader.playlist(uri, access)

    async def _settled[T](
        self, playlist: Playlist, attempt: Callable[[Playlist], Awaitable[T]]
    ) -> T:
        """Make a change; once more from the start if somebody was faster."""
        try:
            return await attempt(playlist)
        except StaleError:
            latest = await self._reader.again(playlist)
        try:
            return await attempt(latest)
        except StaleError as err:
            raise changed_meanwhile(playlist) from err

    def _record_partly(
        self, caller: Caller, playlist: Playlist, err: IncompleteError
    ) -> None:
        for what, uris in (("items_removed", err.removed), ("items_added", err.added)):
            if uris:
                self._record(caller, what, playlist, uris, err.snapshot_id)

    def _record(
        self,
        caller: Caller,
        what: str,
        playlist: Playlist,
        uris: Sequence[str] = (),
        snapshot_id: str | None = None,
    ) -> None:
        self._changes.record(
            caller,
            Change(
                what=what,
                uris=uris,
                playlist_uri=playlist.uri,
                playlist=playlist.name,
                snapshot_id=snapshot_id or playlist.snapshot_id,
            ),
        )


def _new(uris: Sequence[str], there: Uris) -> tuple[list[str], list[str]]:
    """Return what is not there yet, each once, and the rest."""
    known = set(there)
    parts: tuple[list[str], list[str]] = ([], [])
    for uri in uris:
        parts[uri in known].append(uri)
        known.add(uri)
    return parts
