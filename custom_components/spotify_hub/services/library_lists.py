"""Actions: what the library holds, and what was played most or lately."""

from datetime import datetime
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account.library_lists import LONGEST, Order, Shelf, Shown, Wanted
from ..api.library import TimeRange
from ..api.models import Play
from ..api.scopes import Feature
from ..api.uri import InvalidUriError, parse_uri
from .action import Action, Call, require
from .answers import hit_answer, item_answer
from .fields import ATTR_LIMIT, ATTR_MEDIA_TYPE, LIMIT, whole

ATTR_DIRECTION: Final = "direction"
ATTR_FILTER: Final = "filter"
ATTR_OFFSET: Final = "offset"
ATTR_ORDER: Final = "order"
ATTR_TIME_RANGE: Final = "time_range"

_ASCENDING: Final = "ascending"
_DESCENDING: Final = "descending"
_ARTISTS: Final = "artists"
_TRACKS: Final = "tracks"
# Spotify refuses offsets beyond it.
_FARTHEST: Final = 100_000

_PART: Final[dict[vol.Marker, Any]] = {
    **LIMIT,
    vol.Optional(ATTR_OFFSET, default=0): vol.All(
        whole, vol.Range(min=0, max=_FARTHEST)
    ),
    vol.Optional(ATTR_ORDER, default=Order.ADDED.value): vol.Coerce(Order),
    vol.Optional(ATTR_DIRECTION): vol.In([_ASCENDING, _DESCENDING]),
    vol.Optional(ATTR_FILTER, default=""): cv.string,
}
_AT_MOST_50: Final[dict[vol.Marker, Any]] = {
    vol.Optional(ATTR_LIMIT, default=LONGEST): vol.All(
        whole, vol.Range(min=1, max=LONGEST)
    )
}


async def _get_library(call: Call) -> JsonObjectType:
    shelf: Shelf = call.data[ATTR_MEDIA_TYPE]
    playlists = shelf is Shelf.PLAYLISTS
    feature = Feature.PLAYLISTS if playlists else Feature.LIBRARY
    require(call.hass, call.entry, feature)
    shown = await call.account.library.lists.read(shelf, _wanted(call))
    return {"media_type": shelf.value, **_shown(shown)}


async def _get_followed_artists(call: Call) -> JsonObjectType:
    return _shown(await call.account.library.lists.read(Shelf.ARTISTS, _wanted(call)))


async def _get_top_items(call: Call) -> JsonObjectType:
    lists, limit = call.account.library.lists, call.data[ATTR_LIMIT]
    span: TimeRange = call.data[ATTR_TIME_RANGE]
    kind = call.data[ATTR_MEDIA_TYPE]
    read = lists.top_artists if kind == _ARTISTS else lists.top_tracks
    hits = await read(span, limit)
    return {
        "media_type": kind,
        "time_range": span.value,
        "returned": len(hits),
        "items": [hit_answer(hit) for hit in hits],
    }


async def _get_recently_played(call: Call) -> JsonObjectType:
    plays = await call.account.library.lists.recent(call.data[ATTR_LIMIT])
    return {
        "returned": len(plays),
        "items": [_played(call, play) for play in plays],
    }


def _wanted(call: Call) -> Wanted:
    order: Order = call.data[ATTR_ORDER]
    # What was added last stands first, names go from A to Z.
    usual = _DESCENDING if order is Order.ADDED else _ASCENDING
    return Wanted(
        order=order,
        reverse=call.data.get(ATTR_DIRECTION, usual) != usual,
        text=call.data[ATTR_FILTER],
        offset=call.data[ATTR_OFFSET],
        limit=call.data.get(ATTR_LIMIT),
    )


def _shown(shown: Shown) -> JsonObjectType:
    return {
        "total": shown.total,
        "returned": len(shown.entries),
        "items": [
            {**hit_answer(entry.hit), "added_at": _iso(entry.added_at)}
            for entry in shown.entries
        ],
    }


def _played(call: Call, play: Play) -> JsonObjectType:
    return {
        **item_answer(play.track),
        "played_at": _iso(play.played_at),
        "context": _context(call, play.context_uri),
    }


def _context(call: Call, uri: str | None) -> JsonObjectType | None:
    """Return from what it was played; a playlist's name where that is known."""
    if uri is None:
        return None
    try:
        kind = parse_uri(uri).type.value
    except InvalidUriError:
        kind = None
    return {"type": kind, "uri": uri, "name": call.account.contexts.name(uri)}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


ACTIONS: tuple[Action, ...] = (
    Action(
        name="get_library",
        run=_get_library,
        fields={
            vol.Optional(ATTR_MEDIA_TYPE, default=Shelf.TRACKS.value): vol.Coerce(
                Shelf
            ),
            **_PART,
        },
        only_answers=True,
    ),
    Action(
        name="get_followed_artists",
        run=_get_followed_artists,
        fields=_PART,
        feature=Feature.LIBRARY,
        only_answers=True,
    ),
    Action(
        name="get_top_items",
        run=_get_top_items,
        fields={
            vol.Optional(ATTR_MEDIA_TYPE, default=_TRACKS): vol.In([_TRACKS, _ARTISTS]),
            vol.Optional(ATTR_TIME_RANGE, default=TimeRange.MEDIUM.value): vol.Coerce(
                TimeRange
            ),
            **_AT_MOST_50,
        },
        feature=Feature.HISTORY,
        only_answers=True,
    ),
    Action(
        name="get_recently_played",
        run=_get_recently_played,
        fields=_AT_MOST_50,
        feature=Feature.HISTORY,
        only_answers=True,
    ),
)
