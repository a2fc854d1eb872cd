"""Liked Songs by how their names sound, so that one of ten thousand is found at once."""

from collections.abc import Iterator, Mapping, Sequence

from ..api.models import Album, Artist, Track
from ..api.uri import parse_uri
from .hits import Hit, hit_of
from .liked_list import LikedSong
from .names import OTHER_RECORDINGS, heard, name_of, words
from .query import Query, Reading
from .ranking import is_of_song


class LikedIndex:
    """Finds songs by exact names; building one of many songs belongs into a thread."""

    def __init__(self, songs: Mapping[str, LikedSong] | None = None) -> None:
        """Hold songs by URI, the newest first."""
        self._uris: dict[str, tuple[str, ...]] = {}
        self._makers: set[str] = set()
        for uri, song in (songs or {}).items():
            for key in self._keys(song):
                self._uris[key] = (*self._uris.get(key, ()), uri)

    def add(self, songs: Mapping[str, LikedSong]) -> None:
        """Add songs that are newer than all others."""
        for uri, song in reversed(list(songs.items())):
            for key in self._keys(song):
                others = (one for one in self._uris.get(key, ()) if one != uri)
                self._uris[key] = (uri, *others)

    def hits(self, query: Query, songs: Mapping[str, LikedSong]) -> Sequence[Hit]:
        """Return those of `songs` that are called as a query may mean, each once."""
        found = dict.fromkeys(
            uri
            for reading in query.readings
            for key in self._asked(reading)
            for uri in self._uris.get(key, ())
        )
        return [_hit(uri, songs[uri]) for uri in found if uri in songs]

    def _keys(self, song: LikedSong) -> set[str]:
        # One whose length is not known can't be told where to begin.
        if not song.name or not song.duration_ms:
            return set()
        self._makers.update(heard(words(maker)) for maker in song.artists)
        name = name_of(song.name, is_playlist=False)
        if name.version & OTHER_RECORDINGS:
            # Who asks for a song does not mean somebody's live recording of it.
            return {heard(name.words)}
        return {heard(name.words), heard(name.base)}

    def _asked(self, reading: Reading) -> Iterator[str]:
        """Go through what a song may be called, with its maker said before or after it."""
        asked = words(reading.name)
        whole = heard(asked)
        if is_of_song(reading) or whole not in self._makers:
            # By itself the name of a maker means the maker.
            yield whole
        if not reading.maker:
            for at in range(1, len(asked)):
                yield heard(asked[:at])
                yield heard(asked[at:])


def _hit(uri: str, song: LikedSong) -> Hit:
    track = Track(
        uri=uri,
        id=parse_uri(uri).id,
        name=song.name,
        duration_ms=song.duration_ms,
        artists=tuple(Artist("", "", name) for name in song.artists),
        album=Album("", "", song.album) if song.album else None,
    )
    return hit_of(track, own=True)
