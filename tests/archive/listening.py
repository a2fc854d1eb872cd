"""Sightings as tests need them: of one evening, by the second."""

from collections.abc import Iterable
from dataclasses import replace

from custom_components.spotify_hub.archive.records import (
    Album,
    Artist,
    Context,
    Item,
    Kind,
    Means,
    Play,
    Sighting,
    Source,
    Speaker,
)

# 2026-03-01 20:00:00 UTC, a Sunday.
EVENING = 1_772_395_200_000
SECOND = 1_000
MINUTE = 60_000
HOUR = 3_600_000
DAY = 86_400_000
ACCOUNT = "anna"
KITCHEN = Speaker("speaker-1", "Kitchen")
MIX = Context("spotify:playlist:37i9dQZF1DX0", "Morning mix")


def track(
    number: int = 1,
    *,
    name: str | None = None,
    artist: str = "Nina Simone",
    length: int = 180,
    isrc: str | None = None,
) -> Item:
    """Return a track of so many seconds as Spotify's Web API tells it."""
    return Item(
        Kind.TRACK,
        name or f"Song {number}",
        f"spotify:track:{number:022d}",
        (Artist(artist, f"spotify:artist:{artist.replace(' ', '')}"),),
        Album("The Album", "spotify:album:1", artist),
        length * SECOND,
        isrc,
    )


def in_export(item: Item) -> Item:
    """Return an item as the extended history tells it: names, and its own URI."""
    artists = tuple(Artist(one.name) for one in item.artists[:1])
    album = item.album and replace(item.album, uri=None)
    return replace(item, artists=artists, album=album, duration_ms=None, isrc=None)


def by_name(item: Item) -> Item:
    """Return an item as account data tell it: names alone."""
    return replace(in_export(item), uri=None, album=None)


def episode(number: int = 1, *, length: int = 1800) -> Item:
    """Return an episode of a podcast."""
    return Item(
        Kind.EPISODE,
        f"Episode {number}",
        f"spotify:episode:{number:022d}",
        album=Album("The Show", "spotify:show:1", "A publisher"),
        duration_ms=length * SECOND,
    )


def live(
    start: float,
    item: Item | None = None,
    *,
    listened: float | None = None,
    paused: float = 0,
    skipped: bool = False,
    account: str = ACCOUNT,
    speaker: Speaker | None = KITCHEN,
    context: Context | None = MIX,
) -> Sighting:
    """Return what was watched; `start` is in seconds after the evening's begin."""
    item = item or track()
    heard = (item.duration_ms or 0) / SECOND if listened is None else listened
    begin = at(start)
    return Sighting(
        account,
        item,
        Source.LIVE,
        begin,
        Means.START,
        listened_ms=round(heard * SECOND),
        ended=begin + round((heard + paused) * SECOND),
        skipped=skipped,
        reason_end=None if skipped else "trackdone",
        speaker=speaker,
        context=context,
    )


def recent(
    stamp: float,
    item: Item | None = None,
    *,
    means: Means = Means.EITHER,
    account: str = ACCOUNT,
    context: Context | None = MIX,
) -> Sighting:
    """Return a row of the recent list."""
    return Sighting(
        account, item or track(), Source.RECENT, at(stamp), means, context=context
    )


def imported(
    end: float,
    item: Item | None = None,
    *,
    listened: float = 180,
    reason: str = "trackdone",
    position: int = 0,
    offline_stamp: int | None = None,
    account: str = ACCOUNT,
) -> Sighting:
    """Return a row of the extended history, whose stamps are of whole seconds."""
    return Sighting(
        account,
        in_export(item or track()),
        Source.IMPORT,
        at(end) // SECOND * SECOND,
        Means.END,
        position,
        SECOND,
        listened_ms=round(listened * SECOND),
        skipped=False,
        reason_start="trackdone",
        reason_end=reason,
        offline=offline_stamp is not None,
        offline_stamp=offline_stamp,
    )


def digest(
    end: float,
    item: Item | None = None,
    *,
    listened: float = 180,
    account: str = ACCOUNT,
) -> Sighting:
    """Return a row of account data, which tells the minute."""
    return Sighting(
        account,
        by_name(item or track()),
        Source.IMPORT,
        at(end) // MINUTE * MINUTE,
        Means.END,
        precision_ms=MINUTE,
        listened_ms=round(listened * SECOND),
    )


def at(seconds: float) -> int:
    """Return a moment of the evening in UTC milliseconds."""
    return EVENING + round(seconds * SECOND)


def told(plays: Iterable[Play]) -> list[tuple[float, str, float]]:
    """Return when each play began (seconds of the evening), of what, how long it was."""
    return sorted(
        (
            (one.started - EVENING) / SECOND,
            one.item.uri or one.item.name or "",
            one.listened_ms / SECOND,
        )
        for one in plays
    )
