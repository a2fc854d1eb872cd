"""Making, describing and deleting playlists, and undoing what was done to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from homeassistant.exceptions import HomeAssistantError

from ...api.client import SpotifyHubClient
from ...api.errors import SpotifyApiError
from ...api.models import Playlist
from ...api.uri import SpotifyUri, UriType
from ...failures import invalid
from ..changes import Caller, ChangeLog
from ..patience import patiently
from ..pins import PinOperations
from ..uncut import uncut
from ..undo import DELETED, Kept, UndoFolder
from .comeback import Restored
from .edits import PlaylistEdits
from .errors import (
    NotRestoredError,
    not_all_undone,
    not_filled,
    not_in_order,
    not_known_to_be_made,
)
from .items import Added, ItemChanges
from .names import Candidate, find, fold, playlist_uri
from .reader import Access, Contents, PlaylistReader, explained
from .writer import may_have_arrived


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo brought back; `restored` is None where a playlist itself came back."""

    what: str
    playlist: str
    playlist_uri: str
    restored: Restored | None


class PlaylistOperations(ItemChanges):
    """The playlists of one account."""

    def __init__(
        self,
        client: SpotifyHubClient,
        changes: ChangeLog,
        undo: UndoFolder,
        user_id: str,
        *,
        pins: PinOperations | None = None,
        forget: Callable[[], None] = lambda: None,
    ) -> None:
        """Change by `client`, put on record by `changes`, keep what goes in `undo`.

        `pins` are names of playlists too; `forget` is called when the names of the
        account's own have changed.
        """
        reader = PlaylistReader(client, user_id, pins)
        edits = PlaylistEdits(client, reader, undo)
        super().__init__(client, changes, reader, edits)
        self._undo = undo
        self._forget = forget

    async def mine(
        self, text: str = "", *, owned: bool = False, limit: int | None = None
    ) -> tuple[list[Playlist], int]:
        """Return own and followed playlists whose name holds a text; and of how many."""
        if not text and not owned:
            return await self._reader.mine(limit)
        playlists, _ = await self._reader.mine()
        wanted = fold(text)
        found = [
            one
            for one in playlists
            if wanted in fold(one.name) and (not owned or self._reader.owns(one))
        ]
        return found[:limit], len(found)

    async def contents(
        self, playlist: str, *, offset: int = 0, limit: int | None = None
    ) -> Contents:
        """Return what a playlist holds, from a position."""
        found = await self._find(playlist, Access.READ)
        part = await self._reader.part(found, offset, limit)
        return await self._reader.with_flags(part)

    @uncut
    async def create(
        self,
        caller: Caller,
        name: str,
        *,
        description: str | None = None,
        public: bool = False,
        collaborative: bool = False,
        uris: Sequence[str] = (),
    ) -> Added:
        """Make a playlist, and put items into it."""
        _check_details(name, public=public, collaborative=collaborative)
        make = partial(
            self._client.playlists.create,
            name,
            description=description,
            public=public,
            collaborative=collaborative,
        )
        try:
            made = await patiently(make)
        except SpotifyApiError as err:
            if not may_have_arrived(err):
                raise
            made = await self._made_after_all(name, err)
        self._forget()
        self._record(caller, "playlist_created", made)
        if not uris:
            return Added((), (), made, made.snapshot_id)
        try:
            return await self._add(caller, made, uris, None)
        except (HomeAssistantError, SpotifyApiError) as err:
            raise not_filled(made, err) from err

    @uncut
    async def update(
        self,
        caller: Caller,
        playlist: str,
        *,
        name: str | None = None,
        description: str | None = None,
        public: bool | None = None,
        collaborative: bool | None = None,
    ) -> Playlist:
        """Change what is given; an empty description clears it."""
        if {name, description, public, collaborative} == {None}:
            raise invalid("nothing_to_change")
        found = await self._find(playlist, Access.CHANGE_DETAILS)
        after = replace(
            found,
            name=found.name if name is None else name,
            description=found.description if description is None else description,
            public=found.public if public is None else public,
            collaborative=(
                found.collaborative if collaborative is None else collaborative
            ),
        )
        _check_details(
            after.name, public=after.public, collaborative=after.collaborative
        )
        with explained(found.name):
            await patiently(
                partial(
                    self._client.playlists.change_details,
                    found.id,
                    name=name,
                    description=description,
                    public=public,
                    collaborative=collaborative,
                )
            )
        self._forget()
        after = await self._as_it_is(after)
        self._record(caller, "playlist_updated", after)
        return after

    @uncut
    async def delete(
        self, caller: Caller, playlist: str, *, dry_run: bool = False
    ) -> Playlist:
        """Take a playlist out of the account's library; Spotify has no other deletion."""
        found = await self._find(playlist, Access.TAKE_AWAY)
        library = self._client.library
        held = await patiently(partial(library.contains, [found.uri]))
        if not held.get(found.uri):
            raise invalid("playlist_not_in_library", playlist=found.name)
        if dry_run:
            return found
        kept = Kept(what=DELETED, playlist_id=found.id, playlist=found.name)
        path = await self._undo.keep(kept)
        try:
            await patiently(partial(library.remove, [found.uri]))
        except SpotifyApiError as err:
            if not may_have_arrived(err):
                await self._undo.forget(path)
            raise
        self._forget()
        self._record(caller, DELETED, found)
        return found

    @uncut
    async def set_cover(self, caller: Caller, playlist: str, jpeg: bytes) -> Playlist:
        """Set a playlist's picture."""
        found = await self._find(playlist, Access.CHANGE_DETAILS)
        with explained(found.name):
            await patiently(partial(self._client.playlists.set_cover, found.id, jpeg))
        self._forget()
        self._record(caller, "cover_set", found)
        return found

    @uncut
    async def undo(self, caller: Caller, playlist: str | None = None) -> Undone:
        """Undo the latest change that took something away, of one playlist or of all."""
        wanted = await self._changed(playlist) if playlist is not None else None
        path, kept = await self._undo.latest(wanted)
        uri = SpotifyUri(UriType.PLAYLIST, kept.playlist_id)
        if kept.what == DELETED:
            await patiently(partial(self._client.library.save, [str(uri)]))
            self._forget()
            found = Playlist(str(uri), uri.id, kept.playlist)
            self._record(caller, "playlist_restored", found)
            restored = None
        else:
            found = await self._reader.playlist(uri, Access.CHANGE_ITEMS)
            restored = await self._put_back(caller, found, path, kept)
        await self._undo.forget(path)
        return Undone(kept.what, found.name, str(uri), restored)

    async def _put_back(
        self, caller: Caller, playlist: Playlist, path: Path, kept: Kept
    ) -> Restored:
        """Put back what a change took, and put on record what came of it."""
        attempt = partial(self._edits.put_back, kept=kept)
        try:
            with explained(playlist.name):
                restored = await self._settled(playlist, attempt)
        except NotRestoredError as err:
            self._record_restored(caller, playlist, err.restored)
            cause = err.__cause__ or err
            raise not_all_undone(playlist, err.missing, path, cause) from err
        self._record_restored(caller, playlist, restored)
        if kept.is_replaced and not restored.in_order:
            raise not_in_order(playlist, path)
        return restored

    def _record_restored(
        self, caller: Caller, playlist: Playlist, restored: Restored
    ) -> None:
        snapshot = restored.snapshot_id
        if restored.taken_out:
            self._record(
                caller, "items_removed", playlist, restored.taken_out, snapshot
            )
        if snapshot != playlist.snapshot_id:
            self._record(caller, "playlist_restored", playlist, restored.uris, snapshot)

    async def _changed(self, text: str) -> str:
        """Return the id of a playlist that was changed; a deleted one is known no more."""
        uri = playlist_uri(text.strip())
        if uri is None:
            known = [
                Candidate(playlist_id, name)
                for playlist_id, name in await self._undo.names()
            ]
            if found := find(text, known):
                return found
            uri = await self._reader.uri(text, Access.TAKE_AWAY)
        return uri.id

    async def _made_after_all(self, name: str, err: SpotifyApiError) -> Playlist:
        """Return the playlist that was made although Spotify did not say so."""
        try:
            newest, _ = await self._reader.mine(1)
        except SpotifyApiError:
            raise not_known_to_be_made(name, err) from err
        # A new playlist stands first.
        for one in newest:
            if one.name == name and one.total == 0 and self._reader.owns(one):
                return one
        raise not_known_to_be_made(name, err)

    async def _as_it_is(self, changed: Playlist) -> Playlist:
        """Return a playlist after a change; what is known of it, if Spotify is silent."""
        try:
            return await self._reader.again(changed)
        except SpotifyApiError:
            return changed


def _check_details(name: str, *, public: bool | None, collaborative: bool) -> None:
    if not name.strip():
        raise invalid("playlist_name_empty")
    if public and collaborative:
        raise invalid("collaborative_is_private")
