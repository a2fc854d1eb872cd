"""What an account saves and follows: each change an operation of its own."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import batched
from pathlib import Path

from ..api.client import SpotifyHubClient
from ..api.errors import (
    BadRequestError,
    ForbiddenError,
    NotFoundError,
    SpotifyApiError,
)
from ..api.library import LARGEST_CHANGE
from ..api.models import Episode, Playable
from ..api.request import Lane, in_lane
from ..api.uri import InvalidUriError, UriType, parse_uri
from ..failures import invalid, partly_done
from .changes import Caller, Change, ChangeLog
from .library_lists import LibraryLists
from .likes import Likes
from .patience import patiently
from .playlists.writer import may_have_arrived
from .undo import DELETED, MOST_KEPT, Kept, UndoFolder

# What Spotify speaks of as followed rather than saved.
FOLLOWED = frozenset({UriType.ARTIST, UriType.PLAYLIST, UriType.SHOW, UriType.USER})
# What a library can hold.
KINDS = FOLLOWED | {UriType.ALBUM, UriType.AUDIOBOOK, UriType.EPISODE, UriType.TRACK}
_LIKED = frozenset({UriType.EPISODE, UriType.TRACK})
# Up to so many it is looked what is there before anything is changed.
MOST_CHECKED = 200
# A change of more requests than this waits while the ledger has no room.
_FEW = 5


@dataclass(frozen=True, slots=True)
class LibraryChange:
    """What was done to the library, or would be done in a dry run.

    `uris` are what was changed; unless it was `checked` what was there, they are what
    was sent, and some may have been so before. `skipped` were so already: nothing was
    sent for them. `refused` is what Spotify does not know, where the rest was changed.
    """

    uris: tuple[str, ...]
    skipped: tuple[str, ...] = ()
    checked: bool = False
    refused: tuple[str, ...] = ()


class LibraryOperations:
    """The library of one account.

    URIs may be any number, of any kinds that a library holds. Every method raises
    ServiceValidationError for others before anything is asked or changed.
    """

    def __init__(
        self,
        client: SpotifyHubClient,
        changes: ChangeLog,
        likes: Likes,
        *,
        undo: UndoFolder,
        forget: Callable[[], None],
    ) -> None:
        """Change by `client`, put on record by `changes`, tell `likes`.

        Playlists that leave are kept in `undo`; `forget` is called when there are
        others than before.
        """
        self._client = client
        self._changes = changes
        self._likes = likes
        self._undo = undo
        self._forget = forget
        self.lists = LibraryLists(client)

    async def save(
        self, caller: Caller, uris: Sequence[str], *, check: bool = False
    ) -> LibraryChange:
        """Save, or follow; what is there already stays there.

        `check` spends requests on what is there, for up to 200 URIs.

        Raises:
            HomeAssistantError: Spotify refused; it says how much was done before.
            SpotifyApiError: what is there could not be learnt; nothing was changed.
        """
        kinds = _kinds_of(uris)
        check = check and len(kinds) <= MOST_CHECKED
        found = await self._look(kinds) if check else {}
        return await self._change(caller, kinds, found, saved=True)

    async def restore(self, caller: Caller, uris: Sequence[str]) -> LibraryChange:
        """Save in this order, 40 at a time; what Spotify refuses is left out.

        Waits while the ledger has no room.

        Raises:
            HomeAssistantError: Spotify ended it; it says how much was done before.
        """
        kinds = _kinds_of(uris)
        done: list[str] = []
        refused: list[str] = []
        try:
            for part in batched(kinds, LARGEST_CHANGE, strict=False):
                await self._sift(part, done, refused)
        except SpotifyApiError as err:
            raise partly_done(err, len(done), len(kinds)) from err
        finally:
            self._likes.async_note({uri: True for uri in done if kinds[uri] in _LIKED})
            self._record(caller, {uri: kinds[uri] for uri in done}, saved=True)
        return LibraryChange(tuple(done), refused=tuple(refused))

    async def _sift(
        self, part: Sequence[str], done: list[str], refused: list[str]
    ) -> None:
        """Save a part, or of one that is refused each half by itself, the later first."""
        try:
            await _asked(partial(self._client.library.save, part), several=True)
        except BadRequestError, NotFoundError:
            if len(part) == 1:
                refused += part
                return
            half = len(part) // 2
            await self._sift(part[half:], done, refused)
            await self._sift(part[:half], done, refused)
        else:
            done += part

    async def remove(
        self,
        caller: Caller,
        uris: Sequence[str],
        *,
        check: bool = False,
        dry_run: bool = False,
    ) -> LibraryChange:
        """Remove, or follow no more; undo_playlist_change follows playlists again.

        A playlist of the account's own has no other deletion. `check` as for saving;
        for playlists it is always looked whether they are there.

        Raises:
            HomeAssistantError: Spotify refused, it says how much was done before; or
                playlists could not be kept, and nothing was changed.
            SpotifyApiError: what is there could not be learnt; nothing was changed.
        """
        kinds = _kinds_of(uris)
        playlists = _playlists(kinds)
        if len(playlists) > MOST_KEPT:
            raise invalid(
                "too_many_playlists", count=str(len(playlists)), most=str(MOST_KEPT)
            )
        if dry_run:
            found = await self.contains(uris)
            return LibraryChange(
                tuple(uri for uri, there in found.items() if there),
                tuple(uri for uri, there in found.items() if not there),
                checked=True,
            )
        check = check and len(kinds) <= MOST_CHECKED
        found = await self._look(kinds if check else playlists)
        return await self._change(caller, kinds, found, saved=False)

    async def contains(self, uris: Sequence[str]) -> dict[str, bool]:
        """Tell of each URI whether it is in the library; raises SpotifyApiError."""
        found: dict[str, bool] = {}
        parts = list(batched(_kinds_of(uris), LARGEST_CHANGE, strict=False))
        for some in parts:
            ask = partial(self._client.library.contains, some)
            found |= await (patiently(ask) if len(parts) > 1 else ask())
        return found

    async def _look(self, uris: Iterable[str]) -> dict[str, bool]:
        """Tell what is there before a change, which is as urgent as the change."""
        wanted = list(uris)
        if not wanted:
            return {}
        with in_lane(_lane(len(wanted) > LARGEST_CHANGE)):
            return await self.contains(wanted)

    async def _change(
        self,
        caller: Caller,
        kinds: dict[str, UriType],
        found: dict[str, bool],
        *,
        saved: bool,
    ) -> LibraryChange:
        skipped = tuple(uri for uri in kinds if found.get(uri) is saved)
        wanted = [uri for uri in kinds if found.get(uri) is not saved]
        playlists = _playlists({uri: kinds[uri] for uri in wanted})
        self._likes.async_learn({uri: saved for uri in skipped if kinds[uri] in _LIKED})
        several = len(wanted) > LARGEST_CHANGE or len(playlists) > _FEW
        send = self._client.library.save if saved else self._client.library.remove
        done: list[str] = []
        # The files of playlists that are there for all we know.
        kept: dict[str, Path] = {}
        try:
            if not saved:
                await self._keep(playlists, kept, several=several)
            for part in batched(wanted, LARGEST_CHANGE, strict=False):
                going = {uri: kept.pop(uri) for uri in part if uri in kept}
                try:
                    await _asked(partial(send, part), several=several)
                except SpotifyApiError as err:
                    if not may_have_arrived(err):
                        kept |= going
                    raise
                done += part
                self._likes.async_note(
                    {uri: saved for uri in part if kinds[uri] in _LIKED}
                )
        except SpotifyApiError as err:
            raise partly_done(err, len(done), len(wanted)) from err
        finally:
            if playlists:
                self._forget()
            self._record(caller, {uri: kinds[uri] for uri in done}, saved=saved)
            for path in kept.values():
                await self._undo.forget(path)
        return LibraryChange(tuple(done), skipped, checked=len(found) == len(kinds))

    async def _keep(
        self, playlists: Sequence[str], kept: dict[str, Path], *, several: bool
    ) -> None:
        """Keep what undo_playlist_change needs; adds the files to `kept`."""
        names = {uri: await self._name(uri, several=several) for uri in playlists}
        for uri, name in names.items():
            before = Kept(what=DELETED, playlist_id=parse_uri(uri).id, playlist=name)
            kept[uri] = await self._undo.keep(before)

    async def _name(self, playlist: str, *, several: bool) -> str:
        """Return a playlist's name; its URI for what Spotify shows to no app."""
        ask = partial(self._client.playlists.playlist, parse_uri(playlist).id)
        try:
            return (await _asked(ask, several=several)).name
        except ForbiddenError, NotFoundError:
            return playlist

    def _record(self, caller: Caller, done: dict[str, UriType], *, saved: bool) -> None:
        followed = [uri for uri, kind in done.items() if kind in FOLLOWED]
        others = [uri for uri, kind in done.items() if kind not in FOLLOWED]
        for what, uris in (
            ("saved" if saved else "removed", others),
            ("followed" if saved else "unfollowed", followed),
        ):
            if uris:
                self._changes.record(caller, Change(what=what, uris=uris))


async def _asked[T](ask: Callable[[], Awaitable[T]], *, several: bool) -> T:
    """Ask: one of several leaves room for commands and waits, others fail at once."""
    with in_lane(_lane(several)):
        return await (patiently(ask) if several else ask())


def _lane(several: bool) -> Lane:
    return Lane.BROWSE if several else Lane.COMMAND


def _playlists(kinds: dict[str, UriType]) -> list[str]:
    return [uri for uri, kind in kinds.items() if kind is UriType.PLAYLIST]


def savable(item: Playable) -> str:
    """Return the URI by which something that plays is saved.

    Raises:
        ServiceValidationError: it is a local file, or a chapter of an audiobook.
    """
    if not item.id or (isinstance(item, Episode) and item.is_chapter):
        raise invalid("not_savable", items=item.name)
    return item.uri


def _kinds_of(uris: Sequence[str]) -> dict[str, UriType]:
    """Return of what kind each is, once; all are such that a library can hold them."""
    found: dict[str, UriType] = {}
    wrong: list[str] = []
    for text in uris:
        try:
            uri = parse_uri(text)
        except InvalidUriError:
            wrong.append(text)
        else:
            found[str(uri)] = uri.type
    wrong += [uri for uri, kind in found.items() if kind not in KINDS]
    if wrong:
        raise invalid("not_savable", items=", ".join(wrong))
    if not found:
        raise invalid("no_items")
    return found
