"""An account's Liked Songs, known without asking: from each copy, and rows of the last."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..api.models import Json
from ..archive import keeping
from ..archive.errors import ArchiveError
from ..archive.keeping import Like
from ..archive.news import News
from ..const import LOGGER
from ..favorites.entries import Kind, entry_of, song_of
from ..favorites.snapshot import Snapshot
from ..favorites.status import Record
from ..household_archive import HouseholdArchive, name_of
from .hits import Hit
from .liked_index import LikedIndex
from .liked_list import LikedList, LikedSong, changed, is_song, looked
from .liked_rows import like_of, liked_in, named, song_in
from .query import Query


@dataclass(frozen=True, slots=True)
class _Change:
    liked: bool
    at: datetime
    song: LikedSong


class LikedSongs:
    """What one account likes, as far as that is known."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, history: HouseholdArchive
    ) -> None:
        """Know nothing yet."""
        self._hass = hass
        self._entry = entry
        self._history = history
        self._index = LikedIndex()
        self._loading = False
        # What was changed since the last copy was begun: newer than it.
        self._changes: dict[str, _Change] = {}
        self._listeners: list[Callable[[], None]] = []
        self.known: LikedList | None = None

    @callback
    def async_begin(self, record: Record, *, granted: bool) -> None:
        """Read the rows of the last copy as soon as the archive is open, if `granted`."""
        if record.succeeded is None or not granted:
            return
        copied_at, total = record.succeeded, record.total

        @callback
        def read(news: News | None) -> None:
            archive_is_there = self._history.archive is not None
            if news is None and archive_is_there and self.known is None:
                self._entry.async_create_background_task(
                    self._hass, self._async_read(copied_at, total), "liked songs"
                )

        self._entry.async_on_unload(self._history.async_add_listener(read))
        read(None)

    @callback
    def async_add_listener(self, listener: Callable[[], None]) -> None:
        """Call `listener` when the list is another, as long as the account is there."""
        self._listeners.append(listener)

    async def async_copied(self, snapshot: Snapshot, began: datetime) -> None:
        """Take over a copy that was begun at a time, and keep it in the archive."""
        likes, songs, index = await self._hass.async_add_executor_job(_copied, snapshot)
        self._changes = {
            uri: change for uri, change in self._changes.items() if change.at >= began
        }
        self._history.inbox.async_keep_likes(name_of(self._entry), likes)
        self._async_take(LikedList(songs, snapshot.liked.total, began), index)

    @callback
    def async_change(
        self, marks: Mapping[str, bool], names: Mapping[str, LikedSong]
    ) -> None:
        """Hear by URIs whether songs are liked, and of some how they are called."""
        now = dt_util.utcnow()
        marks = {uri: liked for uri, liked in marks.items() if is_song(uri)}
        # A copy that is under way may have been read before, whatever was known.
        self._changes |= {
            uri: _Change(liked, now, names.get(uri) or self._name(uri))
            for uri, liked in marks.items()
        }
        if self.known is not None:
            self._async_apply(self.known, marks, names)

    @callback
    def async_look(self, known: LikedList, front: Sequence[Json], total: int) -> None:
        """Hear how the list begins now that was `known` when Spotify was asked."""
        if self.known is not known:
            # A change of our own, or a copy, is newer than the answer.
            return
        songs = [song_of(entry_of(raw, Kind.TRACKS)) for raw in front]
        begins = [(song.uri, named(song)) for song in songs if song.is_savable]
        self.known = seen = looked(known, begins, total, dt_util.utcnow())
        new = {uri: song for uri, song in begins if uri not in known.songs}
        if seen.total is None:
            return
        self._index.add(new)
        self._changes |= {
            uri: _Change(True, seen.at, song) for uri, song in new.items()
        }
        self._keep_rows(dict.fromkeys(new, True), seen)
        # That nothing is new is news too: it is sure again.
        self._async_tell()

    async def hits(self, query: Query) -> Sequence[Hit]:
        """Return the songs that a query may name exactly, the newest first."""
        known = self.known
        return () if known is None else self._index.hits(query, known.songs)

    async def _async_read(self, copied_at: datetime, total: int | None) -> None:
        archive = self._history.archive
        if archive is None or self._loading:
            return
        self._loading = True
        try:
            likes = await archive.ask(keeping.likes, name_of(self._entry))
        except ArchiveError as err:
            LOGGER.debug("What %s likes can't be read: %s", self._entry.title, err)
            return
        finally:
            self._loading = False
        if not likes:
            # The archive was begun anew since the last copy, or that was empty.
            return
        songs, index = await self._hass.async_add_executor_job(_read, likes)
        if self.known is None:
            # With changes since, or songs that no app can name, it counts otherwise.
            comparable = total if total == len(songs) else None
            self._async_take(LikedList(songs, comparable, copied_at), index)

    @callback
    def _async_take(self, known: LikedList, index: LikedIndex) -> None:
        self.known, self._index = known, index
        since = {uri: change.liked for uri, change in self._changes.items()}
        names = {uri: change.song for uri, change in self._changes.items()}
        self._async_apply(known, since, names)
        self._async_tell()

    @callback
    def _async_apply(
        self,
        known: LikedList,
        marks: Mapping[str, bool],
        names: Mapping[str, LikedSong],
    ) -> None:
        songs = known.songs
        news = {uri: liked for uri, liked in marks.items() if (uri in songs) != liked}
        if not news:
            return
        self.known = changed(known, news, names)
        self._index.add({uri: song for uri, song in names.items() if news.get(uri)})
        self._keep_rows(news, self.known)

    def _name(self, uri: str) -> LikedSong:
        """Return how a song is called, as far as it was ever told."""
        before = self._changes.get(uri)
        return before.song if before else LikedSong()

    def _keep_rows(self, marks: Mapping[str, bool], known: LikedList) -> None:
        """Let the archive know, so that it is known after a restart."""
        if not marks:
            return
        now = round(dt_util.utcnow().timestamp() * 1000)
        self._history.inbox.async_change_likes(
            name_of(self._entry),
            [like_of(uri, known.songs[uri], now) for uri, on in marks.items() if on],
            [uri for uri, on in marks.items() if not on],
        )

    @callback
    def _async_tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()


def _copied(snapshot: Snapshot) -> tuple[list[Like], dict[str, LikedSong], LikedIndex]:
    likes = liked_in(snapshot)
    songs = _songs(likes)
    unplayable = {song.uri for song in snapshot.songs() if song.playable is False}
    playable = {uri: song for uri, song in songs.items() if uri not in unplayable}
    return likes, songs, LikedIndex(playable)


def _read(likes: Sequence[Like]) -> tuple[dict[str, LikedSong], LikedIndex]:
    songs = _songs(likes)
    return songs, LikedIndex(songs)


def _songs(likes: Sequence[Like]) -> dict[str, LikedSong]:
    return {str(like.item.uri): song_in(like.item) for like in likes}
