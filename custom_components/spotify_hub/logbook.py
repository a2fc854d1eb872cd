"""Changes, copies of Liked Songs and gaps of the history, in the logbook's words."""

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
from homeassistant.util import dt as dt_util

from .account.changes import EVENT_CHANGED, Door
from .account.favorites import EVENT_FAILED, EVENT_SYNCED
from .account.recent import EVENT_GAP
from .const import DOMAIN
from .favorites.status import Reason

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
# Why Liked Songs were not copied.
_REASONS = {
    Reason.SIGN_IN.value: "the sign-in is over",
    Reason.NOT_GRANTED.value: "the library was not granted",
    Reason.REFUSED.value: "Spotify does not serve this account",
    Reason.OUTAGE.value: "Spotify does not answer",
    Reason.RATE_LIMITED.value: "Spotify wants fewer requests",
    Reason.QUOTA.value: "the quota is used up",
    Reason.INVALID_ANSWER.value: "Spotify's answer makes no sense",
    Reason.LIST_CHANGES.value: "the list changes all the time",
    Reason.DISK_FULL.value: "the disk is full",
    Reason.NOT_WRITABLE.value: "the folder can't be written",
    Reason.UNEXPECTED.value: "something unexpected happened",
}


@callback
def async_describe_events(
    hass: HomeAssistant,
    async_describe_event: Callable[
        [str, str, Callable[[LazyEventPartialState], dict[str, Any]]], None
    ],
) -> None:
    """Tell the logbook how an event reads; who caused it, it says by itself."""

    def register(
        event_type: str, icon: str, message: Callable[[Mapping[str, Any]], str]
    ) -> None:
        @callback
        def describe(event: LazyEventPartialState) -> dict[str, Any]:
            return {
                LOGBOOK_ENTRY_NAME: f"{event.data.get('account') or 'Spotify'}:",
                LOGBOOK_ENTRY_MESSAGE: message(event.data),
                LOGBOOK_ENTRY_ICON: icon,
                LOGBOOK_ENTRY_CONTEXT_ID: event.context_id,
            }

        async_describe_event(DOMAIN, event_type, describe)

    register(EVENT_CHANGED, "mdi:spotify", message_of)
    register(EVENT_SYNCED, "mdi:heart", synced_message_of)
    register(EVENT_FAILED, "mdi:heart-broken", failed_message_of)
    register(EVENT_GAP, "mdi:playlist-remove", gap_message_of)


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


def synced_message_of(data: Mapping[str, Any]) -> str:
    """Return what copying Liked Songs has found."""
    added, removed = data.get("added") or 0, data.get("removed") or 0
    if not data.get("changed"):
        return "Liked Songs looked at, nothing has changed"
    if not (added or removed):
        return "Liked Songs copied"
    return f"Liked Songs copied, {added} added and {removed} removed"


def failed_message_of(data: Mapping[str, Any]) -> str:
    """Return why Liked Songs were not copied."""
    why = _REASONS.get(str(data.get("reason")), "something unexpected happened")
    return f"Liked Songs not copied: {why}"


def gap_message_of(data: Mapping[str, Any]) -> str:
    """Return between which moments plays may be missing, as clocks at home showed them."""
    since, until = (
        dt_util.parse_datetime(str(data.get(key))) for key in ("since", "until")
    )
    if since is None or until is None:
        return "plays may be missing"
    first, last = (
        f"{dt_util.as_local(moment):%Y-%m-%d %H:%M}" for moment in (since, until)
    )
    return f"plays may be missing from {first} to {last}"


def _items(count: int) -> str:
    match count:
        case 0:
            return "items"
        case 1:
            return "1 item"
    return f"{count} items"
