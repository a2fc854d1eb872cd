"""Actions: copies of Liked Songs, made, read, compared, put back and handed on."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonArrayType, JsonObjectType
import voluptuous as vol

from ..account.snapshots import Copy, Restored, SnapshotOperations
from ..api.scopes import Feature
from ..callers import async_account_for
from ..favorites.entries import Song
from ..favorites.export import Form
from .action import Action, Call, require
from .fields import ATTR_DRY_RUN, ATTR_LIMIT, LIMIT, whole

ATTR_AFTER: Final = "after"
ATTR_BEFORE: Final = "before"
ATTR_FORCE: Final = "force"
ATTR_FORMAT: Final = "format"
ATTR_MISSING_ONLY: Final = "missing_only"
ATTR_OFFSET: Final = "offset"
ATTR_OTHER: Final = "other_config_entry_id"
ATTR_PATH: Final = "path"
ATTR_SNAPSHOT: Final = "snapshot"

# A template that gives a date gives it as such.
_NAME: Final = vol.All(vol.Coerce(str), str.strip)
_SNAPSHOT: Final[dict[vol.Marker, Any]] = {vol.Optional(ATTR_SNAPSHOT): _NAME}
_OTHER: Final[dict[vol.Marker, Any]] = {vol.Optional(ATTR_OTHER): str}


async def _sync(call: Call) -> JsonObjectType:
    favorites = call.account.favorites
    started = favorites.async_request(force=call.data[ATTR_FORCE])
    due = favorites.job.next_run
    return {
        "started": started,
        "state": favorites.state.value,
        "begins_at": due.isoformat() if due else None,
    }


async def _get(call: Call) -> JsonObjectType:
    snapshots = call.account.snapshots
    copy = await snapshots.copy(call.data.get(ATTR_SNAPSHOT))
    offset, limit = call.data[ATTR_OFFSET], call.data.get(ATTR_LIMIT)
    shown = islice(
        copy.snapshot.songs(), offset, None if limit is None else offset + limit
    )
    # Ten thousand would hold up all else for a while.
    items = await call.hass.async_add_executor_job(_songs, shown)
    return {
        **_about(copy),
        "snapshots": list(await snapshots.names()),
        "total": len(copy.snapshot.liked.lines),
        "returned": len(items),
        "items": items,
    }


async def _compare(call: Call) -> JsonObjectType:
    other = await _other(call) if ATTR_OTHER in call.data else None
    compared = await call.account.snapshots.compare(
        call.data.get(ATTR_BEFORE), call.data.get(ATTR_AFTER), other
    )
    differs = compared.difference
    return {
        "before": _about(compared.before),
        "after": _about(compared.after),
        "added": _songs(differs.added),
        "removed": _songs(differs.removed),
        "became_unplayable": _songs(differs.unplayable),
        "playability_unknown": differs.unknown,
    }


async def _restore(call: Call) -> JsonObjectType:
    snapshots, dry_run = call.account.snapshots, call.data[ATTR_DRY_RUN]
    into = await _other(call) if ATTR_OTHER in call.data else snapshots
    restored = await snapshots.restore(
        call.caller,
        call.data.get(ATTR_SNAPSHOT),
        into,
        missing_only=call.data[ATTR_MISSING_ONLY],
        dry_run=dry_run,
    )
    return {"dry_run": dry_run, **_restored(restored)}


async def _export(call: Call) -> JsonObjectType:
    path = call.data.get(ATTR_PATH)
    copy, text = await call.account.snapshots.export(
        call.data.get(ATTR_SNAPSHOT),
        call.data[ATTR_FORMAT],
        None if path is None else Path(path),
    )
    return {
        **_about(copy),
        "total": len(copy.snapshot.liked.lines),
        "path": path,
        "content": text if path is None else None,
    }


async def _other(call: Call) -> SnapshotOperations:
    """Return the copies of the other account, which the caller must be allowed to use."""
    entry = await async_account_for(
        call.hass, call.caller.context, entry_id=call.data[ATTR_OTHER]
    )
    require(call.hass, entry, Feature.LIBRARY)
    return entry.runtime_data.snapshots


def _about(copy: Copy) -> JsonObjectType:
    return {
        ATTR_SNAPSHOT: copy.name,
        "taken_at": copy.snapshot.taken_at.isoformat(),
        "market": copy.snapshot.market,
    }


def _restored(restored: Restored) -> JsonObjectType:
    planned, change = restored.plan, restored.change
    refused = set(change.refused) if change else set()
    return {
        **_about(restored.copy),
        "planned": len(planned.songs),
        "restored": len(change.uris) if change else 0,
        "there_already": planned.there,
        "items": _songs(planned.songs),
        "impossible": _songs(planned.impossible),
        "refused": _songs(song for song in planned.songs if song.uri in refused),
    }


def _songs(songs: Iterable[Song]) -> JsonArrayType:
    return [
        {
            "uri": song.uri,
            "name": song.name,
            "by": list(song.artists),
            "album": song.album,
            "added_at": song.added_at,
            "duration": None if song.duration_ms is None else song.duration_ms / 1000,
            "playable": song.playable,
            "local": song.is_local,
        }
        for song in songs
    ]


ACTIONS: tuple[Action, ...] = (
    Action(
        name="sync_favorites",
        run=_sync,
        fields={vol.Optional(ATTR_FORCE, default=False): cv.boolean},
        feature=Feature.LIBRARY,
    ),
    Action(
        name="get_favorites",
        run=_get,
        fields={
            **_SNAPSHOT,
            vol.Optional(ATTR_OFFSET, default=0): vol.All(whole, vol.Range(min=0)),
            **LIMIT,
        },
        feature=Feature.LIBRARY,
        only_answers=True,
    ),
    Action(
        name="compare_favorites",
        run=_compare,
        fields={
            vol.Optional(ATTR_BEFORE): _NAME,
            vol.Optional(ATTR_AFTER): _NAME,
            **_OTHER,
        },
        feature=Feature.LIBRARY,
        only_answers=True,
    ),
    Action(
        name="restore_favorites",
        run=_restore,
        fields={
            **_SNAPSHOT,
            **_OTHER,
            vol.Optional(ATTR_MISSING_ONLY, default=True): cv.boolean,
            vol.Optional(ATTR_DRY_RUN, default=True): cv.boolean,
        },
        feature=Feature.LIBRARY,
    ),
    Action(
        name="export_favorites",
        run=_export,
        fields={
            **_SNAPSHOT,
            vol.Optional(ATTR_FORMAT, default=Form.CSV.value): vol.Coerce(Form),
            vol.Optional(ATTR_PATH): cv.string,
        },
        feature=Feature.LIBRARY,
    ),
)
