"""Actions: reading and changing what playlists hold."""

from collections.abc import Iterable
from typing import Any

from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonArrayType, JsonObjectType
import voluptuous as vol

from ..account.playlists.edits import Edited
from ..account.playlists.items import Added
from ..account.playlists.reader import Contents, status_of
from ..api.models import Playable
from ..api.scopes import Feature
from ..api.uri import UriType
from ..failures import invalid
from .action import Action, Call
from .answers import item_answer
from .fields import (
    ATTR_DRY_RUN,
    ATTR_ITEMS,
    ATTR_LIMIT,
    ATTR_PLAYLIST,
    DRY_RUN,
    ITEMS,
    LIMIT,
    PLAYLIST,
    TEXTS,
    whole,
)

ATTR_POSITION = "position"
_KINDS = (UriType.TRACK, UriType.EPISODE)
_LOCAL = "spotify:local:"
_INDEX = vol.All(whole, vol.Range(min=0))
_SOME_ITEMS: dict[vol.Marker, Any] = {vol.Optional(ATTR_ITEMS): TEXTS}


async def named_items(
    call: Call, texts: list[str], *, repeats: bool = True
) -> tuple[str, ...]:
    """Return the tracks and episodes that texts mean, as often as they are named."""
    for text in texts:
        if text.strip().lower().startswith(_LOCAL):
            raise invalid("local_file", item=text.strip())
    found = await call.account.items.uris(texts, _KINDS, repeats=repeats)
    return tuple(map(str, found))


async def _items(call: Call) -> tuple[str, ...]:
    """Return what is named, or else what plays."""
    if ATTR_ITEMS in call.data:
        return await named_items(call, call.data[ATTR_ITEMS])
    item = call.account.items.playing()
    if item.uri.startswith(_LOCAL):
        raise invalid("local_file", item=item.name)
    return (item.uri,)


async def _get(call: Call) -> JsonObjectType:
    contents = await call.account.playlists.contents(
        call.data[ATTR_PLAYLIST],
        offset=call.data["offset"],
        limit=call.data.get(ATTR_LIMIT),
    )
    return {
        "playlist": contents.playlist.name,
        "playlist_uri": contents.playlist.uri,
        "snapshot_id": contents.playlist.snapshot_id,
        "total": contents.total,
        "offset": contents.offset,
        "returned": len(contents.entries),
        "items": _entries(contents),
    }


async def _add(call: Call) -> JsonObjectType:
    added: Added = await call.account.playlists.add(
        call.caller,
        call.data[ATTR_PLAYLIST],
        await _items(call),
        position=call.data.get(ATTR_POSITION),
        skip_duplicates=call.data["skip_duplicates"],
    )
    return {
        "playlist": added.playlist.name,
        "playlist_uri": added.playlist.uri,
        "snapshot_id": added.snapshot_id,
        "count": len(added.added),
        "uris": list(added.added),
        "skipped": [{"uri": uri, "reason": "already_there"} for uri in added.skipped],
    }


async def _remove(call: Call) -> JsonObjectType:
    dry_run = call.data[ATTR_DRY_RUN]
    edited = await call.account.playlists.remove(
        call.caller, call.data[ATTR_PLAYLIST], await _items(call), dry_run=dry_run
    )
    return _edited(edited, dry_run=dry_run)


async def _replace(call: Call) -> JsonObjectType:
    dry_run = call.data[ATTR_DRY_RUN]
    uris = await named_items(call, call.data[ATTR_ITEMS])
    edited = await call.account.playlists.replace(
        call.caller, call.data[ATTR_PLAYLIST], uris, dry_run=dry_run
    )
    return _edited(edited, dry_run=dry_run)


async def _clear(call: Call) -> JsonObjectType:
    dry_run = call.data[ATTR_DRY_RUN]
    edited = await call.account.playlists.replace(
        call.caller, call.data[ATTR_PLAYLIST], (), dry_run=dry_run
    )
    return _edited(edited, dry_run=dry_run)


async def _deduplicate(call: Call) -> JsonObjectType:
    dry_run = call.data[ATTR_DRY_RUN]
    edited = await call.account.playlists.deduplicate(
        call.caller, call.data[ATTR_PLAYLIST], dry_run=dry_run
    )
    # What was removed and put back counts as new.
    lost = bool(edited.edit.removes)
    return {**_edited(edited, dry_run=dry_run), "date_added_lost": lost}


async def _reorder(call: Call) -> JsonObjectType:
    dry_run = call.data[ATTR_DRY_RUN]
    moved = await call.account.playlists.reorder(
        call.caller,
        call.data[ATTR_PLAYLIST],
        call.data["range_start"],
        call.data["insert_before"],
        call.data["range_length"],
        dry_run=dry_run,
    )
    return {
        "dry_run": dry_run,
        "playlist": moved.playlist.name,
        "playlist_uri": moved.playlist.uri,
        "snapshot_id": moved.snapshot_id,
        "count": moved.count,
        "uris": list(moved.uris),
        "position": moved.position,
    }


def _edited(edited: Edited, *, dry_run: bool) -> JsonObjectType:
    edit = edited.edit
    return {
        "dry_run": dry_run,
        "playlist": edited.playlist.name,
        "playlist_uri": edited.playlist.uri,
        "snapshot_id": edited.snapshot_id,
        "removed": edited.removed,
        "added": edited.added,
        "uris": list(edit.uris),
        "skipped": [{"uri": uri, "reason": "not_there"} for uri in edit.skipped],
        "lost": _placed(edit.lost),
        "left_alone": _placed(edit.left),
    }


def _placed(entries: Iterable[tuple[int, Playable | None]]) -> JsonArrayType:
    return [_entry(position, item) for position, item in entries]


def _entries(contents: Contents) -> JsonArrayType:
    return [
        {
            **_entry(position, entry.item),
            "added_at": entry.added_at.isoformat() if entry.added_at else None,
            "added_by": entry.added_by,
        }
        for position, entry in enumerate(contents.entries, contents.offset)
    ]


def _entry(position: int, item: Playable | None) -> JsonObjectType:
    return {
        ATTR_POSITION: position,
        "status": status_of(item).value,
        **(item_answer(item) if item else {"type": None, "uri": None, "name": None}),
    }


ACTIONS: tuple[Action, ...] = (
    Action(
        name="get_playlist_items",
        run=_get,
        fields={**PLAYLIST, vol.Optional("offset", default=0): _INDEX, **LIMIT},
        feature=Feature.PLAYLISTS,
        only_answers=True,
    ),
    Action(
        name="add_to_playlist",
        run=_add,
        fields={
            **PLAYLIST,
            **_SOME_ITEMS,
            vol.Optional(ATTR_POSITION): _INDEX,
            vol.Optional("skip_duplicates", default=False): cv.boolean,
        },
        feature=Feature.PLAYLISTS,
    ),
    Action(
        name="remove_from_playlist",
        run=_remove,
        fields={**PLAYLIST, **_SOME_ITEMS, **DRY_RUN},
        feature=Feature.PLAYLISTS,
    ),
    Action(
        name="reorder_playlist",
        run=_reorder,
        fields={
            **PLAYLIST,
            vol.Required("range_start"): _INDEX,
            vol.Required("insert_before"): _INDEX,
            vol.Optional("range_length", default=1): vol.All(whole, vol.Range(min=1)),
            **DRY_RUN,
        },
        feature=Feature.PLAYLISTS,
    ),
    Action(
        name="replace_playlist_items",
        run=_replace,
        fields={**PLAYLIST, **ITEMS, **DRY_RUN},
        feature=Feature.PLAYLISTS,
    ),
    Action(
        name="clear_playlist",
        run=_clear,
        fields={**PLAYLIST, **DRY_RUN},
        feature=Feature.PLAYLISTS,
    ),
    Action(
        name="deduplicate_playlist",
        run=_deduplicate,
        fields={**PLAYLIST, **DRY_RUN},
        feature=Feature.PLAYLISTS,
    ),
)
