"""Changes to libraries and playlists in the logbook's words."""

from collections.abc import Callable, Mapping
from typing import Any

from homeassistant.components.logbook import (
    LOGBOOK_ENTRY_CONTEXT_ID,
    LOGBOOK_ENTRY_ICON,
    LOGBOOK_ENTRY_MESSAGE,
    LOGBOOK_ENTRY_NAME,
    LazyEventPartialState,
)
from homeassistant.core import HomeAssistant, callback

from .account.changes import EVENT_CHANGED, Door
from .const import DOMAIN

# By what was done: {items} are counted, {playlist} is named.
_WORDS = {
    "saved": "{items} saved to the library",
    "removed": "{items} removed from the library",
    "followed": "{items} followed",
    "unfollowed": "{items} unfollowed",
    "playlist_created": "{playlist} created",
    "playlist_updated": "{playlist} updated",
    "playlist_deleted": "{playlist} deleted",
    "playlist_restored": "{playlist} restored",
    "items_added": "{items} added to {playlist}",
    "items_removed": "{items} removed from {playlist}",
    "items_replaced": "contents of {playlist} replaced",
    "items_reordered": "{items} moved within {playlist}",
    "cleared": "{items} cleared from {playlist}",
    "deduplicated": "{items} removed from {playlist} as duplicates",
    "cover_set": "cover of {playlist} changed",
}
_DOORS = {
    Door.ACTION.value: "by an action",
    Door.ASSISTANT.value: "by an assistant",
    Door.ENTITY.value: "by an entity",
    Door.PANEL.value: "in the panel",
    Door.REPAIR.value: "by a repair",
    Door.VOICE.value: "by voice",
}


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[
        [str, str, Callable[[LazyEventPartialState], dict[str, Any]]], None
    ],
) -> None:
    """Tell the logbook how a change reads; who made it, it says by itself."""

    @callback
    def describe(event: LazyEventPartialState) -> dict[str, Any]:
        return {
            LOGBOOK_ENTRY_NAME: f"{event.data.get('account') or 'Spotify'}:",
            LOGBOOK_ENTRY_MESSAGE: message_of(event.data),
            LOGBOOK_ENTRY_ICON: "mdi:spotify",
            LOGBOOK_ENTRY_CONTEXT_ID: event.context_id,
        }

    async_describe_event(DOMAIN, EVENT_CHANGED, describe)


def message_of(data: Mapping[str, Any]) -> str:
    """Return what was done, in one line."""
    what = str(data.get("change") or "changed")
    # One that is new to this page is told by its own name.
    done = _WORDS.get(what, "{what}").format(
        what=what.replace("_", " "),
        items=_items(data.get("count") or 0),
        playlist=data.get("playlist") or "a playlist",
    )
    door = _DOORS.get(str(data.get("door")))
    return f"{done} {door}" if door else done


def _items(count: int) -> str:
    match count:
        case 0:
            return "items"
        case 1:
            return "1 item"
    return f"{count} items"
