"""Builds Spotify's full objects, as the old regime serves them."""

from collections.abc import Iterable
from functools import cache
import hashlib
import html
import re
from urllib.parse import quote

from tests.emulator.world import Json

from .reader import AlbumRecord, ArtistRecord, TrackRecord, music
from .spoken import BOOKS, SHOWS, BookRecord, ShowRecord

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_MARKETS = ("AT", "CA", "CH", "DE", "FR", "GB", "SE", "US")

# What the short form of an object, inside another or in a list, lacks.
_ONLY_FULL = {
    "artist": {"followers", "genres", "images", "popularity"},
    "album": {"tracks", "copyrights", "external_ids", "genres", "label", "popularity"},
    "track": {"album", "external_ids", "popularity"},
    "show": {"episodes"},
    "episode": {"show"},
    "audiobook": {"chapters"},
    "chapter": {"audiobook"},
}


@cache
def spotify_id(*names: str) -> str:
    """Return the 22 base-62 characters that stand for these names."""
    number = int.from_bytes(hashlib.sha256("\n".join(names).encode()).digest()[:16])
    letters = []
    for _ in range(22):
        number, digit = divmod(number, 62)
        letters.append(_BASE62[digit])
    return "".join(reversed(letters))


def simplified(obj: Json) -> Json:
    """Return the short form of a full object."""
    left_out = _ONLY_FULL[obj["type"]]
    return {key: value for key, value in obj.items() if key not in left_out}


def images(base_url: str, image_id: str, title: str) -> list[Json]:
    """Return the three sizes of a cover."""
    address = f"{base_url}/image/{image_id}?t={quote(title, safe='')}"
    return [
        {"url": f"{address}&s={size}", "height": size, "width": size}
        for size in (640, 300, 64)
    ]


class Builder:
    """Fills a catalogue: URI → full object."""

    def __init__(self, base_url: str, catalogue: dict[str, Json] | None = None) -> None:
        """Let links and images point to `base_url`; a catalogue that is given grows."""
        self._base = base_url
        self._markets = list(_MARKETS)
        self.catalogue: dict[str, Json] = {} if catalogue is None else catalogue

    def build(self) -> dict[str, Json]:
        """Return everything the tables tell of."""
        self.add_music(music())
        for show in SHOWS:
            self._add_show(show)
        for book in BOOKS:
            self._add_book(book)
        return self.catalogue

    def add_music(self, records: Iterable[ArtistRecord]) -> None:
        """Add artists with everything they released."""
        records = tuple(records)
        for artist in records:
            self._add_artist(artist)
        for artist in records:
            for album in artist.albums:
                self._add_album(artist, album)

    def _common(
        self, kind: str, name: str, identifier: str, *, wire: str | None = None
    ) -> Json:
        """Return what objects of every type have; `wire` is the URI's own word."""
        word = wire or kind
        return {
            "external_urls": {
                "spotify": f"https://open.spotify.com/{word}/{identifier}"
            },
            "href": f"{self._base}/v1/{kind}s/{identifier}",
            "id": identifier,
            "name": name,
            "type": kind,
            "uri": f"spotify:{word}:{identifier}",
        }

    def _keep(self, obj: Json) -> Json:
        self.catalogue[obj["uri"]] = obj
        return obj

    def _paging(self, href: str, items: list[Json]) -> Json:
        """Return a paging object with everything in it; answers cut it to a page."""
        return {
            "href": href,
            "items": items,
            "limit": 50,
            "next": None,
            "offset": 0,
            "previous": None,
            "total": len(items),
        }

    def _add_artist(self, record: ArtistRecord) -> Json:
        identifier = spotify_id("artist", record.name)
        return self._keep(
            {
                **self._common("artist", record.name, identifier),
                "followers": {"href": None, "total": record.popularity**3},
                "genres": list(record.genres),
                "images": images(self._base, identifier, record.name),
                "popularity": record.popularity,
            }
        )

    def _short_artist(self, name: str) -> Json:
        uri = f"spotify:artist:{spotify_id('artist', name)}"
        known = self.catalogue.get(uri)
        return simplified(
            known or self._add_artist(ArtistRecord(name, (), popularity=55))
        )

    def _add_album(self, artist: ArtistRecord, record: AlbumRecord) -> None:
        identifier = spotify_id("album", artist.name, record.name)
        kind = record.kind.upper() if "upper" in record.flags else record.kind
        bare = "bare" in record.flags
        album: Json = {
            **self._common("album", record.name, identifier),
            "album_type": kind,
            "artists": [self._short_artist(artist.name)],
            "available_markets": [] if "withdrawn" in record.flags else self._markets,
            "images": [] if bare else images(self._base, identifier, record.name),
            "is_playable": "withdrawn" not in record.flags,
            "release_date": record.date,
            "release_date_precision": ("year", "month", "day")[record.date.count("-")],
            "total_tracks": len(record.tracks),
            "copyrights": [{"text": f"{record.date[:4]} {artist.name}", "type": "C"}],
            "external_ids": {"upc": f"{int.from_bytes(identifier.encode()) % 10**12}"},
            "genres": [],
            "label": "Emulated Records",
            "popularity": record.popularity,
        }
        short = simplified(album)
        tracks = [
            self._add_track(artist, record, short, number, track)
            for number, track in enumerate(record.tracks, 1)
        ]
        album["tracks"] = self._paging(
            f"{album['href']}/tracks", [simplified(track) for track in tracks]
        )
        self._keep(album)

    def _add_track(
        self,
        artist: ArtistRecord,
        album: AlbumRecord,
        short_album: Json,
        number: int,
        record: TrackRecord,
    ) -> Json:
        identifier = spotify_id("track", artist.name, album.name, record.title)
        names = [artist.name, *filter(None, [record.guest])]
        track: Json = {
            **self._common("track", record.title, identifier),
            "album": short_album,
            "artists": [self._short_artist(name) for name in names],
            "available_markets": short_album["available_markets"],
            "disc_number": 1,
            "duration_ms": record.seconds * 1000 + 7 * number,
            "explicit": "explicit" in album.flags,
            "external_ids": {"isrc": f"XXEMU{sum(identifier.encode()):07d}"},
            "is_local": False,
            "is_playable": "withdrawn" not in album.flags,
            "popularity": max(0, album.popularity - 2 * (number - 1)),
            "preview_url": None,
            "track_number": number,
        }
        if "withdrawn" in album.flags:
            track["restrictions"] = {"reason": "market"}
        return self._keep(track)

    def _spoken(self, description: str) -> Json:
        plain = re.sub(r"<[^>]+>", "", description)
        return {
            "description": plain,
            "html_description": description
            if plain != description
            else html.escape(description),
        }

    def _add_show(self, record: ShowRecord) -> None:
        identifier = spotify_id("show", record.name)
        show: Json = {
            **self._common("show", record.name, identifier),
            **self._spoken(record.description),
            "available_markets": self._markets,
            "copyrights": [],
            "explicit": record.explicit,
            "images": images(self._base, identifier, record.name),
            "is_externally_hosted": record.media_type == "mixed",
            "languages": [record.language],
            "media_type": record.media_type,
            "publisher": record.publisher,
            "total_episodes": record.episodes,
        }
        short = simplified(show)
        episodes = []
        for title, released, seconds in record.all_episodes():
            episode_id = spotify_id("episode", record.name, title)
            episode = {
                **self._common("episode", title, episode_id),
                **self._spoken(f"{title}. {record.description}"),
                "audio_preview_url": None,
                "duration_ms": seconds * 1000,
                "explicit": record.explicit,
                "images": images(self._base, episode_id, title),
                "is_externally_hosted": record.media_type == "mixed",
                "is_playable": True,
                "language": record.language,
                "languages": [record.language],
                "release_date": released.isoformat(),
                "release_date_precision": "day",
                "resume_point": {"fully_played": False, "resume_position_ms": 0},
                "show": short,
            }
            episodes.append(simplified(self._keep(episode)))
        show["episodes"] = self._paging(f"{show['href']}/episodes", episodes)
        self._keep(show)

    def _add_book(self, record: BookRecord) -> None:
        identifier = spotify_id("audiobook", record.name)
        book: Json = {
            **self._common("audiobook", record.name, identifier, wire="show"),
            **self._spoken(f"{record.name} by {record.author}."),
            "authors": [{"name": record.author}],
            "available_markets": self._markets,
            "copyrights": [],
            "edition": "Unabridged",
            "explicit": False,
            "images": images(self._base, identifier, record.name),
            "is_externally_hosted": False,
            "languages": [record.language],
            "media_type": "audio",
            "narrators": [{"name": record.narrator}],
            "publisher": record.publisher,
            "total_chapters": len(record.chapters),
        }
        short = simplified(book)
        chapters = []
        for number, title in enumerate(record.chapters, 1):
            chapter_id = spotify_id("chapter", record.name, str(number))
            chapter = {
                **self._common("chapter", title, chapter_id, wire="episode"),
                **self._spoken(title),
                "audio_preview_url": None,
                "available_markets": self._markets,
                "chapter_number": number - 1,
                "duration_ms": (record.minutes * 60 + 11 * (number % 13)) * 1000,
                "explicit": False,
                "images": book["images"],
                "is_playable": True,
                "languages": [record.language],
                # What Spotify says of a chapter's date.
                "release_date": "0000",
                "release_date_precision": "year",
                "resume_point": {"fully_played": False, "resume_position_ms": 0},
                "audiobook": short,
            }
            chapters.append(simplified(self._keep(chapter)))
        book["chapters"] = self._paging(f"{book['href']}/chapters", chapters)
        self._keep(book)
