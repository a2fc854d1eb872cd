"""How the archive's things look in the answers of actions; lengths are in seconds."""

from datetime import UTC, datetime, timedelta

from homeassistant.util.json import JsonObjectType, JsonValueType

from ..archive.records import Album, Artist, Context, Item, Kind, Play, Speaker
from ..archive.statistics.scope import Amount

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def item_answer(item: Item) -> JsonObjectType:
    """Return a track, episode or chapter, as far as the archive knows it."""
    album = item.album
    answer: JsonObjectType = {
        "type": item.kind.value,
        "uri": item.uri,
        "name": item.name,
        "by": [artist.name for artist in item.artists],
        "duration": seconds(item.duration_ms),
    }
    group = "album" if item.kind is Kind.TRACK else "show"
    answer[group] = album.name if album else None
    answer[f"{group}_uri"] = album.uri if album else None
    if item.kind is not Kind.TRACK and album and not item.artists:
        answer["by"] = [album.artist] if album.artist else []
    return answer


def album_answer(album: Album, kind: str) -> JsonObjectType:
    """Return an album, podcast or audiobook."""
    by: list[JsonValueType] = [album.artist] if album.artist else []
    return {"type": kind, "uri": album.uri, "name": album.name, "by": by}


def artist_answer(artist: Artist) -> JsonObjectType:
    """Return an artist."""
    return {"type": "artist", "uri": artist.uri, "name": artist.name}


def speaker_answer(speaker: Speaker | None) -> JsonObjectType:
    """Return a speaker; without a name where nobody saw it."""
    return {"speaker": speaker.name if speaker else None}


def context_answer(context: Context | None) -> JsonObjectType:
    """Return from what something was played; empty where nobody saw it."""
    return {
        "uri": context.uri if context else None,
        "name": context.name if context else None,
    }


def play_answer(play: Play) -> JsonObjectType:
    """Return one listening."""
    sources: list[JsonValueType] = [*sorted(source.value for source in play.sources)]
    return {
        **item_answer(play.item),
        "played_at": iso(play.started),
        "listened": seconds(play.listened_ms),
        "paused": seconds(play.paused_ms),
        "heard": play.heard,
        "skipped": play.skipped,
        "estimated": play.start_estimated or play.listened_estimated,
        "sources": sources,
        **speaker_answer(play.speaker),
        "context": context_answer(play.context) if play.context else None,
    }


def amount_answer(amount: Amount) -> JsonObjectType:
    """Return how much was listened."""
    return {
        "plays": amount.plays,
        "starts": amount.starts,
        "skips": amount.skips,
        "listened": seconds(amount.listened_ms),
    }


def seconds(milliseconds: int | None) -> float | None:
    """Return a length in seconds."""
    return None if milliseconds is None else milliseconds / 1000


def iso(stamp: int | None) -> str | None:
    """Return a moment in UTC."""
    if stamp is None:
        return None
    # No float: it would be off by a millisecond here and there.
    return (_EPOCH + timedelta(milliseconds=stamp)).isoformat()
