"""Tools: the heart, and playlists."""

from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..services import library, playlists
from ..services.fields import ATTR_ITEMS, ATTR_LIMIT, ATTR_PLAYLIST
from .brief import things
from .tool import ADDS, READS, SETTLES, TAKES_AWAY, Means, Offer, action_of

_MOST: Final = 30
_ITEMS: Final[dict[vol.Marker, Any]] = {
    vol.Optional(
        ATTR_ITEMS,
        description="Names or Spotify URIs; leave it out for what plays now",
    ): [cv.string],
}


def _changed(answer: JsonObjectType) -> JsonObjectType:
    skipped: Any = answer["skipped"]
    return {"changed": answer["count"], "were_so_already": len(skipped)}


def _playlists(answer: JsonObjectType) -> JsonObjectType:
    return {"total": answer["total"], "playlists": things(answer["playlists"])}


def _added(answer: JsonObjectType) -> JsonObjectType:
    skipped: Any = answer["skipped"]
    return {
        "playlist": answer["playlist"],
        "added": answer["count"],
        "were_there_already": len(skipped),
    }


OFFERS: Final = (
    Offer(
        name="like",
        title="Like",
        description=(
            "Saves songs, albums, podcasts or audiobooks to the user's library on "
            "Spotify, or follows artists and playlists: the song that plays, or what is "
            "named. Saved songs are the Liked Songs."
        ),
        action=action_of(library.ACTIONS, "save_to_library"),
        annotations=SETTLES,
        parameters=_ITEMS,
        brief=_changed,
        means=Means.HEARD_ITEM,
    ),
    Offer(
        name="unlike",
        title="Unlike",
        description=(
            "Takes songs, albums, podcasts or audiobooks out of the user's library on "
            "Spotify, or follows artists and playlists no more: the song that plays, or "
            "what is named."
        ),
        action=action_of(library.ACTIONS, "remove_from_library"),
        annotations=TAKES_AWAY,
        parameters=_ITEMS,
        brief=_changed,
        means=Means.HEARD_ITEM,
    ),
    Offer(
        name="playlists",
        title="List playlists",
        description="Lists the user's own and followed playlists on Spotify.",
        action=action_of(playlists.ACTIONS, "get_playlists"),
        annotations=READS,
        parameters={
            vol.Optional("filter", description="A part of the name"): cv.string,
        },
        data=lambda args: {**args, ATTR_LIMIT: _MOST},
        brief=_playlists,
    ),
    Offer(
        name="add_to_playlist",
        title="Add to a playlist",
        description=(
            "Adds the song that plays, or songs and episodes that are named, to one of "
            "the user's playlists. What is in it already is not added again."
        ),
        action=action_of(playlists.ACTIONS, "add_to_playlist"),
        annotations=ADDS,
        parameters={
            vol.Required(ATTR_PLAYLIST, description="Its name"): cv.string,
            **_ITEMS,
        },
        data=lambda args: {**args, "skip_duplicates": True},
        brief=_added,
        means=Means.HEARD_ITEM,
    ),
)
