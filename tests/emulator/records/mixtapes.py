"""The playlists: people's own ones, and those Spotify makes."""

from collections.abc import Iterable
from datetime import date, timedelta

from tests.emulator.world import Json, Playlist, PlaylistEntry

from .objects import images, spotify_id
from .shelf import Shelf

DJ = "37i9dQZF1EYkqdzj48dyYq"
MADE_BY_SPOTIFY = {
    DJ: "DJ",
    "37i9dQZF1EQncLwOalG3K7": "Discover Weekly",
    "37i9dQZF1E35aGbRUlqQQK": "Release Radar",
    "37i9dQZF1E8OfvHYexa1zJ": "Daily Mix 1",
    "37i9dQZF1EIeU0cZ7fhhD2": "Workout Beats",
    "37i9dQZF1DX0SM0LYsmbMT": "Jazz Vibes",
    "37i9dQZF1DZ06evO4nJfCd": "This Is Miles Davis",
}

_LOCAL_FILE: Json = {
    "artists": [
        {
            "external_urls": {},
            "href": None,
            "id": None,
            "name": "Garage Band",
            "type": "artist",
            "uri": None,
        }
    ],
    "available_markets": [],
    "disc_number": 0,
    "duration_ms": 187_000,
    "explicit": False,
    "external_ids": {},
    "external_urls": {},
    "href": None,
    "id": None,
    "is_local": True,
    "name": "Demo (Tape 3)",
    "popularity": 0,
    "preview_url": None,
    "track_number": 0,
    "type": "track",
    "uri": "spotify:local:Garage+Band:Tapes:Demo+%28Tape+3%29:187",
}
_LOCAL_ALBUM: Json = {
    "album_type": None,
    "artists": [],
    "available_markets": [],
    "external_urls": {},
    "href": None,
    "id": None,
    "images": [],
    "name": "Tapes",
    "release_date": None,
    "release_date_precision": None,
    "type": "album",
    "uri": None,
}


def local_file() -> Json:
    """Return a track that only exists on somebody's computer."""
    return {**_LOCAL_FILE, "album": dict(_LOCAL_ALBUM)}


def day(back: int) -> str:
    """Return a moment so many days before the newest one of all tables."""
    return f"{date(2026, 9, 28) - timedelta(days=back)}T12:00:00Z"


class Mixer:
    """Makes the playlists of a world."""

    def __init__(self, shelf: Shelf, base_url: str) -> None:
        """Take tracks from the shelf; let covers point to `base_url`."""
        self._shelf = shelf
        self._base = base_url
        self.playlists: dict[str, Playlist] = {}

    def mix(self) -> dict[str, Playlist]:
        """Return every playlist there is, by id."""
        self._annas()
        self._oddities()
        self._others()
        for identifier, name in MADE_BY_SPOTIFY.items():
            playlist = self.add("spotify", name, self._shelf.uris("track")[:30])
            del self.playlists[playlist.id]
            playlist.id = identifier
            playlist.made_by_spotify = True
            self.playlists[identifier] = playlist
        return self.playlists

    def add(
        self,
        owner: str,
        name: str,
        uris: Iterable[str | None],
        description: str = "",
        *,
        public: bool = True,
        collaborative: bool = False,
    ) -> Playlist:
        """Make somebody a playlist."""
        identifier = spotify_id("playlist", owner, name)
        entries = [
            PlaylistEntry(uri, day(2 * at), owner) for at, uri in enumerate(uris)
        ]
        playlist = Playlist(
            identifier,
            name,
            owner,
            description,
            public,
            collaborative,
            images(self._base, identifier, name)[:1] if entries else None,
            entries,
        )
        self.playlists[identifier] = playlist
        return playlist

    def _annas(self) -> None:
        shelf = self._shelf
        tracks = shelf.uris("track")
        self.add(
            "anna",
            "Workout 2026",
            [
                shelf.uri("track", title)
                for title in (
                    "Harder, Better, Faster, Stronger",
                    "Another One Bites the Dust",
                    "Smells Like Teen Spirit",
                    "Back in Black",
                    "CUFF IT",
                    "Get Lucky",
                    "Unrockbar",
                    "Paradise City",
                )
            ],
            "Loud &amp; fast",
        )
        self.add(
            "anna",
            "Dinner Jazz",
            [
                *shelf.album_tracks("Kind of Blue"),
                *shelf.album_tracks("Waltz for Debby"),
                shelf.uri("track", "Take Five"),
            ],
            public=False,
        )
        self.add("anna", "Everything, All at Once", tracks[:230])
        self.add("anna", "Empty for Now", [])
        self.add("anna", "Kitchen", shelf.album_tracks("Kitchen Disco 2026"))
        self.add("anna", "Für die Kinder 🎈", tracks[40:52], public=False)
        for year in range(2004, 2026):
            start = 7 * (year - 2004)
            self.add("anna", f"Summer {year}", tracks[start : start + 12])
        for number in range(1, 25):
            self.add("anna", f"Mixtape No. {number}", tracks[-3 * number :][:10])

    def _oddities(self) -> None:
        """Add a playlist of all that a reader of entries may stumble over."""
        shelf = self._shelf
        odd = self.add(
            "anna",
            'Odds & "Ends" <i>(mixed)</i>',
            [
                shelf.uri("track", "So What", "Miles Davis"),
                None,
                shelf.uri("episode", "130: Bookbinding"),
                shelf.uri("track", "Gone One"),
                shelf.uri("track", '<b>Bold</b> & "Quoted"'),
                shelf.uri("track", "So What", "Miles Davis"),
                None,
                shelf.uri("track", "🎈"),
            ],
            public=False,
        )
        tape = local_file()
        odd.entries.insert(2, PlaylistEntry(tape["uri"], day(300), "anna", tape))
        odd.entries[-1].added_at = odd.entries[-1].added_by = None

    def _others(self) -> None:
        shelf = self._shelf
        tracks = shelf.uris("track")
        self.add(
            "ben",
            "Flat Share",
            [*shelf.album_tracks("Discovery"), *shelf.album_tracks("13")],
            public=False,
            collaborative=True,
        )
        self.add("ben", "Ben's Nineties", shelf.album_tracks("OK Computer"))
        self.add("ben", "Workout", shelf.album_tracks("Appetite for Destruction"))
        self.add("ben", "Secret Diary", tracks[90:95], public=False)
        self.add("carla", "Dinner Jazz & Wine", tracks[:4], "Not Anna's.")
        self.add("carla", "Sunday Morning", shelf.album_tracks("Blue"))
        for name in ("dora", "emil"):
            self.add(name, f"{name.title()}'s Mix", tracks[200:220])
