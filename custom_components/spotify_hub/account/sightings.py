"""What Spotify's answers say of listenings, in the archive's words."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from ..api.models import Episode, Play, PlayingItem, Track
from ..archive.records import (
    Album,
    Artist,
    Context,
    Item,
    Kind,
    Means,
    Sighting,
    Source,
)


def item_of(playing: PlayingItem | None) -> Item | None:
    """Return what plays; None for local files, adverts and what is unknown here."""
    match playing:
        case Track(id=identifier, is_local=False) if identifier:
            return _track(playing)
        case Episode():
            show = playing.show
            return Item(
                Kind.CHAPTER if playing.is_chapter else Kind.EPISODE,
                playing.name or None,
                playing.uri,
                album=Album(show.name, show.uri or None, show.publisher)
                if show
                else None,
                duration_ms=playing.duration_ms or None,
            )
    return None


def listed(account: str, plays: Iterable[Play]) -> list[Sighting]:
    """Return what an answer of the recent list says; its stamps may be either end."""
    seen: Counter[tuple[str, datetime]] = Counter()
    rows: list[Sighting] = []
    for play in plays:
        if (item := item_of(play.track)) is None:
            continue
        key = (play.track.uri, play.played_at)
        rows.append(
            Sighting(
                account,
                item,
                Source.RECENT,
                milliseconds(play.played_at),
                Means.EITHER,
                seen[key],
                context=Context(play.context_uri) if play.context_uri else None,
            )
        )
        seen[key] += 1
    return rows


def milliseconds(moment: datetime) -> int:
    """Return a moment as the archive keeps it."""
    return round(moment.timestamp() * 1000)


def _track(track: Track) -> Item:
    album = track.album
    return Item(
        Kind.TRACK,
        track.name or None,
        track.uri,
        tuple(Artist(one.name, one.uri or None) for one in track.artists if one.name),
        Album(
            album.name,
            album.uri or None,
            next((one.name for one in album.artists if one.name), None),
        )
        if album and album.name
        else None,
        track.duration_ms or None,
        track.isrc,
    )
