"""Reads the table of music; makes up what would be too long to list."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class TrackRecord:
    """A track as the table has it."""

    title: str
    seconds: int
    guest: str | None = None


@dataclass(frozen=True)
class AlbumRecord:
    """A record; `date` is as precise as Spotify would know it."""

    name: str
    date: str
    kind: str
    popularity: int
    flags: frozenset[str] = frozenset()
    tracks: tuple[TrackRecord, ...] = ()


@dataclass(frozen=True)
class ArtistRecord:
    """An artist with everything they released."""

    name: str
    genres: tuple[str, ...]
    popularity: int
    albums: tuple[AlbumRecord, ...] = ()


_SOUNDS = ("Copper", "Paper", "Silver", "Velvet", "Northern", "Quiet", "Hollow")
_THINGS = ("Kites", "Lanterns", "Foxes", "Harbours", "Orchards", "Pilots", "Rivers")


@cache
def music() -> tuple[ArtistRecord, ...]:
    """Return all artists: the table, then the made-up ones."""
    return (*table("music.txt"), *_bands(), _prolific(), _miniaturist())


def table(name: str) -> tuple[ArtistRecord, ...]:
    """Return the artists of a table that lies beside this file."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    artists: list[ArtistRecord] = []
    for line in text.splitlines():
        mark, rest = line[:2], line[2:]
        if mark == "= ":
            name, genres, popularity = rest.split(" | ")
            artists.append(
                ArtistRecord(name, tuple(genres.split(", ")), int(popularity))
            )
        elif mark == "- " and artists:
            artists[-1] = _with_album(artists[-1], rest)
        elif mark == "  " and artists:
            artists[-1] = _with_tracks(artists[-1], rest)
    return tuple(artists)


def _with_album(artist: ArtistRecord, line: str) -> ArtistRecord:
    name, date, kind, popularity, *flags = line.split(" | ")
    album = AlbumRecord(name, date, kind, int(popularity), frozenset(flags))
    return replace(artist, albums=(*artist.albums, album))


def _with_tracks(artist: ArtistRecord, line: str) -> ArtistRecord:
    *earlier, last = artist.albums
    tracks = tuple(_track(text) for text in line.split(" ; "))
    return replace(artist, albums=(*earlier, replace(last, tracks=tracks)))


def _track(text: str) -> TrackRecord:
    named, _, length = text.rpartition(" ")
    minutes, _, seconds = length.partition(":")
    title, _, guest = named.partition(" @ ")
    return TrackRecord(title, int(minutes) * 60 + int(seconds), guest or None)


def _bands() -> list[ArtistRecord]:
    """Make up little-known bands, so that a user can follow many."""
    return [
        ArtistRecord(
            f"The {sound} {thing}",
            ("indie", "folk"),
            20 + at,
            (
                AlbumRecord(
                    f"{thing} at Dawn",
                    f"20{10 + at % 15}-0{1 + at % 9}-1{at % 9}",
                    "single",
                    15 + at,
                    tracks=(
                        TrackRecord(f"{sound} Morning", 180 + at),
                        TrackRecord(f"Letters from the {thing}", 200 + 3 * at),
                    ),
                ),
            ),
        )
        for at, (sound, thing) in enumerate(
            (sound, thing) for thing in _THINGS for sound in _SOUNDS
        )
    ]


def _prolific() -> ArtistRecord:
    """Make up an artist whose records fill seven pages of ten."""
    return ArtistRecord(
        "Sixty-Five Records",
        ("ambient",),
        35,
        tuple(
            AlbumRecord(
                f"Volume {number}",
                f"{1955 + number}-06-01",
                "album" if number % 3 else "single",
                30 - number // 4,
                tracks=(
                    TrackRecord(f"Opening {number}", 150 + number),
                    TrackRecord(f"Closing {number}", 240 + number),
                ),
            )
            for number in range(1, 66)
        ),
    )


def _miniaturist() -> ArtistRecord:
    """Make up an album of more tracks than one page of fifty holds twice."""
    return ArtistRecord(
        "Minna Turist",
        ("contemporary classical",),
        28,
        (
            AlbumRecord(
                "One Hundred and Thirty Miniatures",
                "2018-04-13",
                "album",
                27,
                tracks=tuple(
                    TrackRecord(f"Miniature No. {number}", 30 + number % 40)
                    for number in range(1, 131)
                ),
            ),
        ),
    )
