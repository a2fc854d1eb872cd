"""Actions: listing, making, describing and deleting playlists, and undoing changes."""

from typing import Any

from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account.hits import hit_of
from ..api.models import Playlist
from ..api.scopes import Feature
from . import playlist_items
from .action import Action, Call
from .answers import hit_answer
from .fields import (
    ATTR_DRY_RUN,
    ATTR_ITEMS,
    ATTR_LIMIT,
    ATTR_PLAYLIST,
    DRY_RUN,
    LIMIT,
    PLAYLIST,
    TEXTS,
)
from .playlist_items import named_items

_DETAILS: dict[vol.Marker, Any] = {
    vol.Optional("name"): cv.string,
    vol.Optional("description"): cv.string,
    vol.Optional("public"): cv.boolean,
    vol.Optional("collaborative"): cv.boolean,
}


async def _get(call: Call) -> JsonObjectType:
    found, total = await call.account.playlists.mine(
        call.data["filter"],
        owned=call.data["owned_only"],
        limit=call.data.get(ATTR_LIMIT),
    )
    return {
        "total": total,
        "returned": len(found),
        "playlists": [hit_answer(hit_of(one)) for one in found],
    }


async def _create(call: Call) -> JsonObjectType:
    data = call.data
    texts = data.get(ATTR_ITEMS)
    made = await call.account.playlists.create(
        call.caller,
        data["name"],
        description=data.get("description"),
        public=data["public"],
        collaborative=data["collaborative"],
        uris=await named_items(call, texts) if texts else (),
    )
    return {
        **_details(made.playlist),
        "snapshot_id": made.snapshot_id,
        "count": len(made.added),
        "uris": list(made.added),
    }


async def _update(call: Call) -> JsonObjectType:
    data = call.data
    changed = await call.account.playlists.update(
        call.caller,
        data[ATTR_PLAYLIST],
        name=data.get("name"),
        description=data.get("description"),
        public=data.get("public"),
        collaborative=data.get("collaborative"),
    )
    return _details(changed)


async def _delete(call: Call) -> JsonObjectType:
    dry_run = call.data[ATTR_DRY_RUN]
    gone = await call.account.playlists.delete(
        call.caller, call.data[ATTR_PLAYLIST], dry_run=dry_run
    )
    return {
        "dry_run": dry_run,
        "playlist": gone.name,
        "playlist_uri": gone.uri,
        "snapshot_id": gone.snapshot_id,
        "unfollowed": not dry_run,
    }


async def _undo(call: Call) -> JsonObjectType:
    undone = await call.account.playlists.undo(
        call.caller, call.data.get(ATTR_PLAYLIST)
    )
    restored = undone.restored
    return {
        "undone": undone.what,
        "playlist": undone.playlist,
        "playlist_uri": undone.playlist_uri,
        "followed": restored is None,
        "count": len(restored.uris) if restored else 0,
        "uris": list(restored.uris) if restored else [],
        "taken_out": list(restored.taken_out) if restored else [],
        "lost": restored.lost if restored else 0,
        "snapshot_id": restored.snapshot_id if restored else None,
    }


def _details(playlist: Playlist) -> JsonObjectType:
    return {
        "playlist": playlist.name,
        "playlist_uri": playlist.uri,
        "description": playlist.description or "",
        "public": playlist.public,
        "collaborative": playlist.collaborative,
        "snapshot_id": playlist.snapshot_id,
    }


ACTIONS: tuple[Action, ...] = (
    Action(
        name="get_playlists",
        run=_get,
        fields={
            vol.Optional("filter", default=""): cv.string,
            vol.Optional("owned_only", default=False): cv.boolean,
            **LIMIT,
        },
        feature=Feature.PLAYLISTS,
        only_answers=True,
    ),
    Action(
        name="create_playlist",
        run=_create,
        fields={
            vol.Required("name"): cv.string,
            vol.Optional("description"): cv.string,
            vol.Optional("public", default=False): cv.boolean,
            vol.Optional("collaborative", default=False): cv.boolean,
            vol.Optional(ATTR_ITEMS): TEXTS,
        },
        feature=Feature.PLAYLISTS,
    ),
    Action(
        name="update_playlist",
        run=_update,
        fields={**PLAYLIST, **_DETAILS},
        feature=Feature.PLAYLISTS,
    ),
    Action(
        name="delete_playlist",
        run=_delete,
        fields={**PLAYLIST, **DRY_RUN},
        feature=Feature.PLAYLISTS,
    ),
    Action(
        name="undo_playlist_change",
        run=_undo,
        fields={vol.Optional(ATTR_PLAYLIST): cv.string},
        feature=Feature.PLAYLISTS,
    ),
    *playlist_items.ACTIONS,
)
