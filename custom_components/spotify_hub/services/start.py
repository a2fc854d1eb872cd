"""Actions that play something else."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account.start import start_at
from ..account.starting import Started
from ..account.wish import Enqueue, Found, Wish, check, play
from ..api.models import Repeat
from ..api.uri import SpotifyUri, UriType
from .action import Action, Call
from .answers import hit_answer, started_answer
from .fields import (
    ATTR_MEDIA_TYPE,
    ATTR_PLAYLIST,
    ATTR_SPEAKER,
    ATTR_WAIT_TIMEOUT,
    LONGEST,
    WAIT_TIMEOUT,
    whole,
)

ATTR_ALBUM: Final = "album"
ATTR_ARTIST: Final = "artist"
ATTR_ENQUEUE: Final = "enqueue"
ATTR_FALLBACK_SPEAKER: Final = "fallback_speaker"
ATTR_OFFSET: Final = "offset"
ATTR_POSITION: Final = "position"
ATTR_QUERY: Final = "query"
ATTR_REPEAT: Final = "repeat"
ATTR_SHUFFLE: Final = "shuffle"
ATTR_URI: Final = "uri"

MEDIA_TYPES: Final = (
    UriType.ALBUM,
    UriType.ARTIST,
    UriType.AUDIOBOOK,
    UriType.EPISODE,
    UriType.PLAYLIST,
    UriType.SHOW,
    UriType.TRACK,
)
_NAME: Final = vol.All(cv.string, str.strip, vol.Length(min=1))
_HOW: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_SPEAKER): _NAME,
    vol.Optional(ATTR_FALLBACK_SPEAKER): _NAME,
    **WAIT_TIMEOUT,
    vol.Optional(ATTR_SHUFFLE): cv.boolean,
    vol.Optional(ATTR_REPEAT): vol.All(cv.string, vol.Coerce(Repeat)),
    vol.Optional(ATTR_POSITION): vol.All(
        vol.Coerce(float), vol.Range(min=0, max=LONGEST)
    ),
}
_OFFSET: Final = vol.All(whole, vol.Range(min=0))


def _wish(data: Mapping[str, Any]) -> Wish:
    media_type, enqueue = data.get(ATTR_MEDIA_TYPE), data[ATTR_ENQUEUE]
    return Wish(
        query=data.get(ATTR_QUERY),
        uri=data.get(ATTR_URI),
        artist=data.get(ATTR_ARTIST),
        album=data.get(ATTR_ALBUM),
        playlist=data.get(ATTR_PLAYLIST),
        kind=media_type,
        speaker=data.get(ATTR_SPEAKER),
        shuffle=data.get(ATTR_SHUFFLE),
        repeat=data.get(ATTR_REPEAT),
        position=data.get(ATTR_POSITION),
        offset=data.get(ATTR_OFFSET),
        enqueue=enqueue,
        fallback=data.get(ATTR_FALLBACK_SPEAKER),
        patience=data[ATTR_WAIT_TIMEOUT],
    )


def _check(data: Mapping[str, Any]) -> None:
    check(_wish(data))


async def _play(call: Call) -> JsonObjectType:
    played = await play(call.account, _wish(call.data))
    return {
        "item": _found(played.found),
        "context_uri": played.context_uri,
        **_where(call, played.started),
        "enqueued": list(played.enqueued),
    }


async def _play_liked_songs(call: Call) -> JsonObjectType:
    start = start_at(
        SpotifyUri(UriType.COLLECTION, ""),
        call.account.user_id,
        position=call.data.get(ATTR_POSITION),
    )
    started = await call.account.player.start(
        start,
        call.data.get(ATTR_SPEAKER),
        shuffle=call.data.get(ATTR_SHUFFLE),
        repeat=call.data.get(ATTR_REPEAT),
        patience=call.data[ATTR_WAIT_TIMEOUT],
        fallback=call.data.get(ATTR_FALLBACK_SPEAKER),
    )
    return {"context_uri": start.context_uri, **_where(call, started)}


def _found(found: Found) -> JsonObjectType:
    """Return what was meant; of what was not searched for only what it is."""
    if found.hit is not None:
        return hit_answer(found.hit)
    return {"type": found.uri.type.value, "uri": str(found.uri)}


def _where(call: Call, started: Started | None) -> JsonObjectType:
    """Return on which speaker, by the name that it is chosen by, and whether for sure."""
    device = started.device if started else None
    name = call.account.player.name_of(device) if device else None
    return started_answer(started, name)


ACTIONS = (
    Action(
        name="play",
        run=_play,
        check=_check,
        fields={
            vol.Optional(ATTR_QUERY): _NAME,
            vol.Optional(ATTR_URI): _NAME,
            vol.Optional(ATTR_ARTIST): _NAME,
            vol.Optional(ATTR_ALBUM): _NAME,
            vol.Optional(ATTR_PLAYLIST): _NAME,
            vol.Optional(ATTR_MEDIA_TYPE): vol.All(
                vol.In(MEDIA_TYPES), vol.Coerce(UriType)
            ),
            **_HOW,
            vol.Optional(ATTR_OFFSET): vol.Any(_OFFSET, _NAME),
            vol.Optional(ATTR_ENQUEUE, default=Enqueue.PLAY): vol.Coerce(Enqueue),
        },
    ),
    Action(name="play_liked_songs", run=_play_liked_songs, fields=_HOW),
)
