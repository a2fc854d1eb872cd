"""The record of changes to libraries and playlists: who, what, when, by which door."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.helpers.json import json_bytes
from homeassistant.util import dt as dt_util

from ..archive.keeping import Change as Kept
from ..const import DOMAIN
from ..household_archive import HouseholdArchive, name_of
from .sightings import milliseconds

EVENT_CHANGED = f"{DOMAIN}_changed"
# The recorder drops events of more than 32 KiB, and there is more in them than URIs.
MOST_URIS = 100
MOST_BYTES = 16 * 1024


class Door(StrEnum):
    """Through what somebody reached an account."""

    ACTION = "action"
    ASSISTANT = "assistant"
    ENTITY = "entity"
    PANEL = "panel"
    REPAIR = "repair"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf something is done, and through which door."""

    context: Context
    door: Door


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change that Spotify has accepted.

    `what` is a key such as "saved" or "items_added" (see the logbook); `uris` are
    what it was done to. `playlist_uri`, `playlist` (its name) and `snapshot_id`
    come with changes of playlists.
    """

    what: str
    uris: Sequence[str] = ()
    playlist_uri: str | None = None
    playlist: str | None = None
    snapshot_id: str | None = None


class ChangeLog:
    """Puts every change of one account on record, as an event and in the archive."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, history: HouseholdArchive
    ) -> None:
        """Record for one account."""
        self._hass = hass
        self._entry = entry
        self._history = history

    @callback
    def record(self, caller: Caller, change: Change) -> None:
        """Fire `spotify_hub_changed`, its time being the event's own; keep all URIs."""
        kept = {
            "uris": list(change.uris),
            "playlist_uri": change.playlist_uri,
            "playlist": change.playlist,
            "snapshot_id": change.snapshot_id,
        }
        self._history.inbox.async_add_change(
            Kept(
                milliseconds(dt_util.utcnow()),
                name_of(self._entry),
                caller.door.value,
                change.what,
                caller.context.user_id,
                {name: value for name, value in kept.items() if value},
            )
        )
        self._hass.bus.async_fire(
            EVENT_CHANGED,
            {
                "config_entry_id": self._entry.entry_id,
                "account": self._entry.title,
                "change": change.what,
                "door": caller.door.value,
                "user_id": caller.context.user_id,
                "count": len(change.uris),
                "uris": _first(change.uris),
                "playlist_uri": change.playlist_uri,
                "playlist": change.playlist,
                "snapshot_id": change.snapshot_id,
            },
            context=caller.context,
        )


def _first(uris: Sequence[str]) -> list[str]:
    """Return as many URIs as an event has room for; those of local files are long."""
    sizes = accumulate(len(json_bytes(uri)) + 1 for uri in uris[:MOST_URIS])
    return [uri for uri, size in zip(uris, sizes, strict=False) if size <= MOST_BYTES]
