"""Actions that play something else."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account.start import start_at
from ..account.starting import Started
from ..account.waking import ALARM_PATIENCE, Waking
from ..account.wish import Enqueue, Found, Wish, check, find, play
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
    LONGEST_FADE,
    NAME,
    WAIT_TIMEOUT,
    wait_timeout,
    whole,
)

ATTR_ALBUM: Final = "album"
ATTR_ARTIST: Final = "artist"
ATTR_ENQUEUE: Final = "enqueue"
ATTR_FADE_IN: Final = "fade_in"
ATTR_FALLBACK_SPEAKER: Final = "fallback_speaker"
ATTR_OFFSET: Final = "offset"
ATTR_POSITION: Final = "position"
ATTR_QUERY: Final = "query"
ATTR_REPEAT: Final = "repeat"
ATTR_SHUFFLE: Final = "shuffle"
ATTR_URI: Final = "uri"
ATTR_VOLUME: Final = "volume"

MEDIA_TYPES: Final = (
    UriType.ALBUM,
    UriType.ARTIST,
    UriType.AUDIOBOOK,
    UriType.EPISODE,
    UriType.PLAYLIST,
    UriType.SHOW,
    UriType.TRACK,
)
_FALLBACK: Final[dict[vol.Marker, Any]] = {vol.Optional(ATTR_FALLBACK_SPEAKER): NAME}
_ORDER: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_SHUFFLE): cv.boolean,
    vol.Optional(ATTR_REPEAT): vol.All(cv.string, vol.Coerce(Repeat)),
    vol.Optional(ATTR_POSITION): vol.All(
        vol.Coerce(float), vol.Range(min=0, max=LONGEST)
    ),
}
_HOW: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_SPEAKER): NAME,
    **_FALLBACK,
    **WAIT_TIMEOUT,
    **_ORDER,
}
_OFFSET: Final = vol.All(whole, vol.Range(min=0))
_WHAT: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_QUERY): NAME,
    vol.Optional(ATTR_URI): NAME,
    vol.Optional(ATTR_ARTIST): NAME,
    vol.Optional(ATTR_ALBUM): NAME,
    vol.Optional(ATTR_PLAYLIST): NAME,
    vol.Optional(ATTR_MEDIA_TYPE): vol.All(vol.In(MEDIA_TYPES), vol.Coerce(UriType)),
    vol.Optional(ATTR_OFFSET): vol.Any(_OFFSET, NAME),
}
_PERCENT: Final = vol.All(whole, vol.Range(min=1, max=100))


def _wish(data: Mapping[str, Any]) -> Wish:
    return Wish(
        query=data.get(ATTR_QUERY),
        uri=data.get(ATTR_URI),
        artist=data.get(ATTR_ARTIST),
        album=data.get(ATTR_ALBUM),
        playlist=data.get(ATTR_PLAYLIST),
        kind=data.get(ATTR_MEDIA_TYPE),
        speaker=data.get(ATTR_SPEAKER),
        shuffle=data.get(ATTR_SHUFFLE),
        repeat=data.get(ATTR_REPEAT),
        position=data.get(ATTR_POSITION),
        offset=data.get(ATTR_OFFSET),
        enqueue=data.get(ATTR_ENQUEUE, Enqueue.PLAY),
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


async def _wake_up(call: Call) -> JsonObjectType:
    wish = _wish(call.data)
    found, start = await find(call.account, wish)
    woken = await call.account.routines.waking.wake_up(
        start,
        call.data[ATTR_SPEAKER],
        Waking(
            volume=call.data[ATTR_VOLUME],
            fade_in=call.data[ATTR_FADE_IN],
            shuffle=wish.shuffle,
            repeat=wish.repeat,
            patience=wish.patience,
        ),
        fallback=wish.fallback,
    )
    return {
        "item": _found(found),
        "context_uri": start.context_uri,
        **_where(call, woken.started),
        "volume": woken.volume,
    }


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
            **_WHAT,
            **_HOW,
            vol.Optional(ATTR_ENQUEUE, default=Enqueue.PLAY): vol.Coerce(Enqueue),
        },
    ),
    Action(name="play_liked_songs", run=_play_liked_songs, fields=_HOW),
    Action(
        name="wake_up",
        run=_wake_up,
        check=_check,
        fields={
            **_WHAT,
            vol.Required(ATTR_SPEAKER): NAME,
            **_FALLBACK,
            **wait_timeout(ALARM_PATIENCE),
            **_ORDER,
            vol.Optional(ATTR_VOLUME, default=30): _PERCENT,
            vol.Optional(ATTR_FADE_IN, default=60): vol.All(
                vol.Coerce(float), vol.Range(min=0, max=LONGEST_FADE)
            ),
        },
    ),
)
