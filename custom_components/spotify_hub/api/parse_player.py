"""JSON of the player into models: state, devices, queue and recent plays."""

from . import fields
from .errors import InvalidAnswerError
from .models import (
    Context,
    Device,
    Json,
    OtherItem,
    Play,
    Playback,
    PlayingItem,
    Queue,
    Repeat,
)
from .parse import playable, track


def play(data: Json) -> Play | None:
    """Read one row of the recently-played list."""
    played, raw, at = (
        fields.one(data, "track", track),
        fields.text(data, "played_at"),
        fields.time(data, "played_at"),
    )
    if played is None or raw is None or at is None:
        return None
    return Play(
        played, at, raw, context_uri=fields.text(fields.mapping(data, "context"), "uri")
    )


def device(data: Json) -> Device | None:
    """Read a Connect device; only a name is indispensable."""
    name = fields.text(data, "name")
    if name is None:
        return None
    return Device(
        id=fields.text(data, "id"),
        name=name,
        type=fields.text(data, "type") or "Unknown",
        is_active=data.get("is_active") is True,
        is_private_session=data.get("is_private_session") is True,
        is_restricted=data.get("is_restricted") is True,
        volume_percent=fields.integer(data, "volume_percent"),
        supports_volume=data.get("supports_volume") is not False,
    )


def devices(data: Json) -> tuple[Device, ...]:
    """Read the list of devices."""
    raw = data.get("devices")
    if not isinstance(raw, list):
        raise InvalidAnswerError("Spotify's answer has no list of devices")
    return tuple(fields.readable(raw, device))


def playback(data: Json) -> Playback:
    """Read the player's state."""
    if not isinstance(data.get("is_playing"), bool):
        raise InvalidAnswerError("Spotify's answer does not say whether it plays")
    disallows = fields.mapping(fields.mapping(data, "actions"), "disallows")
    return Playback(
        is_playing=data["is_playing"],
        device=fields.one(data, "device", device),
        item=_playing_item(data),
        context=fields.one(data, "context", _context),
        progress_ms=fields.integer(data, "progress_ms"),
        timestamp_ms=fields.integer(data, "timestamp"),
        shuffle=data.get("shuffle_state") is True,
        smart_shuffle=data.get("smart_shuffle") is True,
        repeat=_repeat(data),
        disallows=frozenset(
            name for name, refused in disallows.items() if refused is True
        ),
    )


def queue(data: Json) -> Queue:
    """Read the queue."""
    playing = data.get("currently_playing")
    return Queue(
        playing=_known_item(playing) if isinstance(playing, dict) else None,
        upcoming=tuple(fields.readable(fields.mappings(data, "queue"), playable)),
    )


def _playing_item(data: Json) -> PlayingItem | None:
    item = data.get("item")
    if isinstance(item, dict):
        return _known_item(item)
    kind = fields.text(data, "currently_playing_type")
    return OtherItem(kind) if kind not in {None, "track", "episode"} else None


def _known_item(data: Json) -> PlayingItem:
    return playable(data) or OtherItem(
        kind=fields.text(data, "type") or "unknown",
        uri=fields.text(data, "uri"),
        name=fields.text(data, "name"),
        duration_ms=fields.integer(data, "duration_ms"),
    )


def _context(data: Json) -> Context | None:
    uri = fields.text(data, "uri")
    return Context(fields.text(data, "type") or "unknown", uri) if uri else None


def _repeat(data: Json) -> Repeat:
    try:
        return Repeat(data.get("repeat_state") or Repeat.OFF)
    except ValueError:
        return Repeat.OFF
