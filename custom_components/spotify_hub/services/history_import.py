"""Actions: bringing Spotify's privacy export into the history."""

from typing import Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..archive.takeout.preview import FilePreview
from ..callers import async_check_permission
from ..failures import invalid
from ..household_import import Look
from .action import HouseholdAction, HouseholdCall
from .fields import ATTR_DRY_RUN, DRY_RUN
from .history_answers import iso

ATTR_PATH: Final = "path"

# Files that an answer lists; an export has a few dozen.
_MOST_FILES: Final = 200


async def _import_history(call: HouseholdCall) -> JsonObjectType:
    imports, data = call.household.imports, call.data
    look = await imports.async_look(data[ATTR_PATH], call.named)
    entry = None
    if look.job is not None:
        entry = call.hass.config_entries.async_get_known_entry(look.job.entry_id)
        await async_check_permission(call.hass, call.caller.context, entry)
    if not data[ATTR_DRY_RUN]:
        if look.job is None:
            raise invalid("import_whose")
        await imports.async_start(look.job)
    return {
        "config_entry_id": entry.entry_id if entry else None,
        "account": entry.title if entry else None,
        "started": not data[ATTR_DRY_RUN],
        **_found(look),
    }


async def _cancel_import(call: HouseholdCall) -> JsonObjectType:
    imports = call.household.imports
    job, named = imports.under_way, call.named
    if job is None or (named is not None and named.entry_id != job.entry_id):
        return {"cancelled": False}
    entry = call.hass.config_entries.async_get_known_entry(job.entry_id)
    await async_check_permission(call.hass, call.caller.context, entry)
    reached = await imports.async_cancel()
    if reached is None:
        return {"cancelled": False}
    return {
        "cancelled": True,
        "file": reached.file,
        "done": reached.done,
        "total": reached.total,
        "added": reached.added,
        "known": reached.known,
    }


def _found(look: Look) -> JsonObjectType:
    """Return what an export would bring."""
    found = look.preview
    return {
        "rows": found.rows,
        "plays": sum(file.plays for file in found.files),
        "new": found.new,
        "known": found.known,
        "ignored": {reason.value: count for reason, count in found.ignored.items()},
        "estimated": found.estimated,
        "first": iso(found.first),
        "last": iso(found.last),
        "files": [_file(file) for file in found.files[:_MOST_FILES]],
    }


def _file(file: FilePreview) -> JsonObjectType:
    return {
        "name": file.name,
        "rows": file.rows,
        "plays": file.plays,
        "new": file.new,
        "known": file.known,
        "first": iso(file.first),
        "last": iso(file.last),
    }


ACTIONS: tuple[HouseholdAction, ...] = (
    HouseholdAction(
        name="import_history",
        run=_import_history,
        fields={
            vol.Required(ATTR_PATH): vol.All(cv.string, str.strip, vol.Length(min=1)),
            **DRY_RUN,
        },
    ),
    HouseholdAction(name="cancel_import", run=_cancel_import),
)
