"""What is told of a look at what an account plays, in the words of automations."""

from collections.abc import Callable
from typing import Any

from ..api.models import Context, Device, Episode, Playback, PlayingItem, Track
from ..playback_state import PlaybackState
from .hits import hit_of

type ContextName = Callable[[str], str | None]


def nameless(_context_uri: str) -> str | None:
    """Know no context by name."""
    return None


def told(look: PlaybackState, context_name: ContextName) -> dict[str, Any]:
    """Return what is told of a look; durations and positions are in seconds."""
    playback = look.playback or Playback(is_playing=False)
    device = playback.device
    private = device is not None and device.is_private_session
    item = None if private else playback.item
    context = None if private else playback.context
    hit = hit_of(item) if isinstance(item, Track | Episode) else None
    duration = item.duration_ms if item else None
    position = look.progress_ms(look.at) if item else None
    return {
        "uri": hit.uri if hit else None,
        "name": hit.name if hit else None,
        "media_type": hit.kind.value if hit else None,
        "artists": list(hit.makers) if hit else [],
        "album": _album(item),
        "image": hit.image if hit else None,
        "duration": duration / 1000 if duration else None,
        "position": None if position is None else position / 1000,
        "context_uri": context.uri if context else None,
        "context_type": context.type if context else None,
        "context": _context(item, context, context_name) if context else None,
        "speaker": device.name if device else None,
        "speaker_type": device.type if device else None,
        "private_session": private,
    }


def _album(item: PlayingItem | None) -> str | None:
    """Return the name of the album, or of the show."""
    match item:
        case Track(album=album) if album:
            return album.name
        case Episode(show=show) if show:
            return show.name
    return None


def _context(
    item: PlayingItem | None, context: Context, context_name: ContextName
) -> str | None:
    """Return the name that the context goes by here, else the one that what plays knows."""
    names: dict[str, str] = {}
    match item:
        case Track(album=album, artists=artists):
            names = {one.uri: one.name for one in (*artists, album) if one}
        case Episode(show=show) if show:
            names = {show.uri: show.name}
    return context_name(context.uri) or names.get(context.uri)


def speaker_of(device: Device | None) -> tuple[str, str] | None:
    """Return what a speaker is told apart by; its id may change."""
    return (device.name, device.type) if device else None


def uri_of(thing: Context | PlayingItem | None) -> str | None:
    """Return the URI, if there is one."""
    return thing.uri if thing else None
