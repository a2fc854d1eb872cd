"""Changes that take items out of a playlist: what goes is kept first, and comes back."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from homeassistant.exceptions import HomeAssistantError

from ...api.client import SpotifyHubClient
from ...api.errors import SpotifyApiError
from ...api.models import Playable, Playlist
from ..undo import Kept, KeptItem, UndoFolder
from .comeback import Restored, plan_comeback
from .diff import Uris, count_missing, gone, plan_restore, without
from .errors import (
    IncompleteError,
    NotRestoredError,
    changed_meanwhile,
    reason_of,
    taken_back,
)
from .reader import Contents, PlaylistReader
from .writer import PlaylistWriter, StaleError, UnsureError

_CutShort = (
    HomeAssistantError,
    NotRestoredError,
    SpotifyApiError,
    StaleError,
    UnsureError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a change takes out of a playlist, and what it puts in.

    `removes` go wherever they stand; `replacement` stands in the place of all; what
    is then missing of `target` is put in. `uris` are what the change is about. `lost`
    can't be put back by anybody, `left` is left alone; both have positions.
    """

    what: str
    target: tuple[str | None, ...]
    removes: tuple[str, ...] = ()
    replacement: tuple[str, ...] | None = None
    uris: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    lost: tuple[tuple[int, Playable | None], ...] = ()
    left: tuple[tuple[int, Playable | None], ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Tell whether there is nothing to do."""
        return not self.removes and self.replacement is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What was done, or would be; `removed` and `added` count entries."""

    playlist: Playlist
    edit: Edit
    removed: int
    added: int
    snapshot_id: str | None


class PlaylistEdits:
    """Makes such changes for one account."""

    def __init__(
        self, client: SpotifyHubClient, reader: PlaylistReader, undo: UndoFolder
    ) -> None:
        """Keep what goes in `undo`."""
        self._client = client
        self._reader = reader
        self._undo = undo

    async def attempt(
        self,
        playlist: Playlist,
        plan: Callable[[Contents], Edit],
        look_closer: Callable[[Contents], Awaitable[Contents]] | None = None,
        *,
        dry_run: bool,
    ) -> Edited:
        """Read a playlist, plan a change of it, and make the change.

        Raises:
            StaleError: somebody was faster; nothing was changed.
            HomeAssistantError: it could not be made; says what became of the items.
            SpotifyApiError: nothing was changed.
        """
        contents = await self._reader.contents(playlist)
        if look_closer is not None:
            contents = await look_closer(contents)
        edit = plan(contents)
        snapshot = playlist.snapshot_id
        if not (dry_run or edit.changes_nothing):
            snapshot = await self._make(contents, edit)
        return Edited(
            playlist=playlist,
            edit=edit,
            removed=count_missing(contents.uris, edit.target),
            added=count_missing(edit.target, contents.uris),
            snapshot_id=snapshot,
        )

    async def put_back(self, playlist: Playlist, kept: Kept) -> Restored:
        """Put back what is missing since, and take out what the change put in.

        Raises:
            StaleError: somebody was faster; nothing was changed.
            NotRestoredError: it is not all done; once more does the rest.
            SpotifyApiError: nothing was changed.
        """
        contents = await self._reader.contents(playlist)
        return await self._restore(contents, kept, exactly=kept.is_replaced)

    async def _make(self, contents: Contents, edit: Edit) -> str | None:
        """Keep what goes and make the change; returns the new version."""
        playlist = contents.playlist
        new = set(edit.replacement or ()).difference(contents.uris)
        kept = Kept(
            what=edit.what,
            playlist_id=playlist.id,
            playlist=playlist.name,
            items=tuple(
                KeptItem(entry.item.uri, entry.item.name)
                if entry.item
                else KeptItem(None, None)
                for entry in contents.entries
            ),
            added=tuple(sorted(new)),
        )
        path = await self._undo.keep(kept)
        writer = PlaylistWriter(self._client, playlist, contents.total)
        try:
            await writer.check()
            await _carry_out(writer, contents, edit)
        except (HomeAssistantError, SpotifyApiError, StaleError, UnsureError) as err:
            if not writer.touched:
                await self._undo.forget(path)
                raise
            try:
                snapshot = await self._mend(contents, edit, kept)
            except _CutShort as again:
                raise await self._incomplete(
                    contents, edit, writer, kept, path, err
                ) from again
            if snapshot is None:
                await self._undo.forget(path)
                raise taken_back(playlist, reason_of(err)) from err
            return snapshot
        return writer.snapshot

    async def _mend(self, before: Contents, edit: Edit, kept: Kept) -> str | None:
        """Restore what a change took that ended midway; its version if it did not."""
        now = await self._reader.again(before.playlist)
        contents = await self._reader.contents(now)
        if contents.uris == edit.target:
            return now.snapshot_id
        restored = await self._restore(contents, kept, exactly=True)
        if restored.lost or not restored.in_order:
            raise NotRestoredError(restored)
        return None

    async def _restore(
        self, contents: Contents, kept: Kept, *, exactly: bool
    ) -> Restored:
        before = tuple(item.uri for item in kept.items)
        comeback = plan_comeback(before, contents.uris, kept.added, exactly=exactly)
        writer = PlaylistWriter(self._client, contents.playlist, contents.total)
        try:
            await comeback.carry_out(writer)
        except (SpotifyApiError, UnsureError) as err:
            there = comeback.reached(writer)
            restored = Restored(
                gone(there, contents.uris),
                gone(contents.uris, there),
                0,
                in_order=False,
                snapshot_id=writer.snapshot,
            )
            raise NotRestoredError(restored, missing_of(kept, there)) from err
        return comeback.done(writer.snapshot)

    async def _incomplete(
        self,
        before: Contents,
        edit: Edit,
        writer: PlaylistWriter,
        kept: Kept,
        path: Path,
        err: Exception,
    ) -> IncompleteError:
        """Return the error that says, as far as it can be seen, what is missing."""
        worst = edit.target if edit.replacement is None else ()
        worst = without(worst, edit.removes)
        known = () if writer.replaced else without(before.uris, writer.removed)
        snapshot = writer.snapshot
        try:
            now = await self._reader.again(before.playlist)
            worst = known = (await self._reader.contents(now)).uris
            snapshot = now.snapshot_id
        except HomeAssistantError, SpotifyApiError:
            pass
        return IncompleteError(
            before.playlist,
            missing_of(kept, worst),
            path,
            reason_of(err),
            removed=gone(before.uris, known),
            added=gone(known, before.uris),
            snapshot_id=snapshot,
        )


async def _carry_out(writer: PlaylistWriter, contents: Contents, edit: Edit) -> None:
    if edit.replacement is not None:
        await writer.replace(edit.replacement)
        return
    await writer.remove(edit.removes)
    rest = without(contents.uris, edit.removes)
    if inserts := plan_restore(edit.target, rest):
        # Positions hold only if Spotify removed just what was meant.
        if await writer.count() != len(rest):
            raise changed_meanwhile(contents.playlist)
        for insert in inserts:
            await writer.add(insert.uris, insert.position)


def missing_of(kept: Kept, there: Uris) -> tuple[KeptItem, ...]:
    """Return what was kept of what is no longer there."""
    left = Counter(there)
    missing: list[KeptItem] = []
    for item in kept.items:
        if left[item.uri] > 0:
            left[item.uri] -= 1
        else:
            missing.append(item)
    return tuple(missing)
