"""Reading playlists: the one that is meant, and what it holds."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto
from functools import partial

from ...api.client import SpotifyHubClient
from ...api.errors import BadRequestError, ForbiddenError, NotFoundError
from ...api.models import Episode, Playable, Playlist, PlaylistEntry, Track
from ...api.paging import LARGEST_PAGE
from ...api.uri import SpotifyUri, parse_uri
from ...failures import invalid
from ..patience import patiently
from ..pins import MADE_BY_SPOTIFY, PinOperations
from . import names, pages
from .diff import is_restorable
from .names import Candidate, playlist_uri

# What the ids of playlists that Spotify makes begin with.


class Access(Enum):
    """What somebody wants to do with a playlist."""

    READ = auto()
    TAKE_AWAY = auto()
    CHANGE_ITEMS = auto()
    CHANGE_DETAILS = auto()


class Status(StrEnum):
    """What can be done with an entry of a playlist."""

    PLAYABLE = auto()
    UNAVAILABLE = auto()
    LOCAL = auto()
    MISSING = auto()


@dataclass(frozen=True, slots=True)
class Contents:
    """A playlist and entries of it, from a position (0-based)."""

    playlist: Playlist
    entries: tuple[PlaylistEntry, ...]
    total: int
    offset: int = 0

    @property
    def uris(self) -> tuple[str | None, ...]:
        """Return what stands there, place by place."""
        return tuple(entry.item.uri if entry.item else None for entry in self.entries)

    def placed(self, *statuses: Status) -> Iterator[tuple[int, Playable | None]]:
        """Go through the entries of these statuses, with their positions."""
        for position, entry in enumerate(self.entries, self.offset):
            if status_of(entry.item) in statuses:
                yield position, entry.item


def status_of(item: Playable | None) -> Status:
    """Return what an entry is, for playing and for putting it back."""
    if item is None:
        return Status.MISSING
    if not is_restorable(item.uri) or (isinstance(item, Track) and item.is_local):
        return Status.LOCAL
    if isinstance(item, Track | Episode) and item.is_playable is False:
        return Status.UNAVAILABLE
    return Status.PLAYABLE


class PlaylistReader:
    """Reads the playlists of one account; every method may raise SpotifyApiError."""

    def __init__(
        self, client: SpotifyHubClient, user_id: str, pins: PinOperations | None
    ) -> None:
        """Read for the account of `user_id`; `pins` are names as good as Spotify's."""
        self._client = client
        self._user_id = user_id
        self._tells_playable = True
        self._pins = pins

    async def mine(self, most: int | None = None) -> tuple[list[Playlist], int]:
        """Return own and followed playlists, and how many Spotify counts."""
        return await pages.read(self._client.playlists.mine(), most)

    def owns(self, playlist: Playlist) -> bool:
        """Tell whether the account made a playlist; true where Spotify is silent."""
        return playlist.owner_id in {None, self._user_id}

    async def uri(self, text: str, access: Access) -> SpotifyUri:
        """Return the playlist that a URI, a link or a name means.

        What is called exactly so goes first, and what is the account's own before
        pins; to be changed, the account's own always does.

        Raises:
            ServiceValidationError: none is called so, or several are.
        """
        name = text.strip()
        if not name:
            raise invalid("no_playlist")
        if (uri := playlist_uri(name)) is not None:
            return uri
        mine, _ = await self.mine()
        own = [Candidate(one.uri, one.name) for one in mine]
        pinned = self._pinned()
        exactly, nearly = names.find_exact, names.find_folded
        steps = [(exactly, own), (exactly, pinned), (nearly, own), (nearly, pinned)]
        if access is not Access.READ:
            steps[1], steps[2] = steps[2], steps[1]
        for find, known in steps:
            if (found := find(name, known)) is not None:
                return parse_uri(found)
        near = names.near(name, [*pinned, *own])
        raise invalid("playlist_not_found", playlist=name, near=", ".join(near) or "-")

    async def playlist(self, uri: SpotifyUri, access: Access) -> Playlist:
        """Return a playlist that the account may use so.

        Raises:
            ServiceValidationError: it is somebody else's.
        """
        with explained(str(uri)):
            playlist = await patiently(partial(self._client.playlists.playlist, uri.id))
        may = access in {Access.READ, Access.TAKE_AWAY} or self.owns(playlist)
        if not may and not (access is Access.CHANGE_ITEMS and playlist.collaborative):
            raise invalid("playlist_not_yours", playlist=playlist.name)
        return playlist

    async def again(self, playlist: Playlist) -> Playlist:
        """Return a playlist as it is now."""
        return await patiently(partial(self._client.playlists.playlist, playlist.id))

    async def contents(self, playlist: Playlist) -> Contents:
        """Return all that a playlist holds."""
        with explained(playlist.name):
            entries, total = await pages.read(self._client.playlists.items(playlist.id))
        return Contents(playlist, tuple(entries), total)

    async def part(
        self, playlist: Playlist, offset: int, length: int | None
    ) -> Contents:
        """Return what stands in a playlist from a position, to its end if need be."""
        with explained(playlist.name):
            entries, total = await pages.read(
                self._client.playlists.items(playlist.id), length, offset
            )
        return Contents(playlist, tuple(entries), total, offset)

    async def with_flags(
        self, contents: Contents, positions: Iterable[int] | None = None
    ) -> Contents:
        """Return contents that tell what the account can't play, at these positions.

        Spotify tells it by country only, and may then name another version of a track:
        it takes a second look.
        """
        if not self._tells_playable:
            return contents
        entries, first = list(contents.entries), contents.offset
        wanted = range(len(entries)) if positions is None else positions
        for start in sorted({place - place % LARGEST_PAGE for place in wanted}):
            part = entries[start : start + LARGEST_PAGE]
            ask = partial(
                self._client.playlists.playable,
                contents.playlist.id,
                first + start,
                len(part),
            )
            try:
                flags = await patiently(ask)
            except BadRequestError:
                # It knows no such country: then nobody knows, nor will later.
                self._tells_playable = False
                return contents
            for place, (entry, flag) in enumerate(zip(part, flags, strict=False)):
                if isinstance(entry.item, Track | Episode):
                    item = replace(entry.item, is_playable=flag)
                    entries[start + place] = replace(entry, item=item)
        return replace(contents, entries=tuple(entries))

    def _pinned(self) -> list[Candidate]:
        return [
            Candidate(pin.uri, name)
            for pin in (self._pins.all if self._pins else ())
            if pin.uri.startswith("spotify:playlist:")
            for name in pin.names
        ]


@contextmanager
def explained(playlist: str) -> Iterator[None]:
    """Say what it means that Spotify refuses a playlist or does not know it."""
    try:
        yield
    except ForbiddenError as err:
        raise invalid("playlist_not_yours", playlist=playlist) from err
    except NotFoundError as err:
        if playlist.startswith(f"spotify:playlist:{MADE_BY_SPOTIFY}"):
            raise invalid("playlist_made_by_spotify", playlist=playlist) from err
        raise
