"""What is told of changes of playlists that went wrong."""

from collections.abc import Sequence
from pathlib import Path

from homeassistant.exceptions import HomeAssistantError

from ...api.errors import SpotifyApiError
from ...api.models import Playlist
from ...const import DOMAIN
from ...failures import translated
from ..undo import KeptItem
from .comeback import Restored
from .writer import StaleError, UnsureError

# Of what is missing only so many are named.
_MOST_TITLES = 5


def changed_meanwhile(playlist: Playlist) -> HomeAssistantError:
    """Return the error for a playlist that somebody keeps changing."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="playlist_changed",
        translation_placeholders={"playlist": playlist.name},
    )


def taken_back(playlist: Playlist, reason: str) -> HomeAssistantError:
    """Return the error for a change that ended midway and was made good."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="playlist_change_taken_back",
        translation_placeholders={"playlist": playlist.name, "reason": reason},
    )


class IncompleteError(HomeAssistantError):
    """A change ended midway and could not be made good.

    `removed` and `added` are known to have changed all the same.
    """

    def __init__(
        self,
        playlist: Playlist,
        missing: Sequence[KeptItem],
        path: Path,
        reason: str,
        *,
        removed: tuple[str, ...],
        added: tuple[str, ...],
        snapshot_id: str | None,
    ) -> None:
        """Say what is missing and where it is kept."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key="playlist_change_incomplete",
            translation_placeholders=_missing(playlist, missing, path, reason),
        )
        self.removed = removed
        self.added = added
        self.snapshot_id = snapshot_id


class NotRestoredError(Exception):
    """Not everything has come back: `restored` has, `missing` has not."""

    def __init__(self, restored: Restored, missing: Sequence[KeptItem] = ()) -> None:
        """Keep what became of it."""
        super().__init__()
        self.restored = restored
        self.missing = missing


def unsure(playlist: Playlist, err: UnsureError, done: int) -> HomeAssistantError:
    """Return the error for items of which nobody knows whether they were added."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="playlist_change_unsure",
        translation_placeholders={
            "playlist": playlist.name,
            "done": str(done),
            "reason": reason_of(err),
        },
    )


def not_filled(playlist: Playlist, err: Exception) -> HomeAssistantError:
    """Return the error for a playlist that was made, but does not hold all items."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="playlist_not_filled",
        translation_placeholders={
            "playlist": playlist.name,
            "uri": playlist.uri,
            "reason": reason_of(err),
        },
    )


def not_known_to_be_made(name: str, err: SpotifyApiError) -> HomeAssistantError:
    """Return the error for a playlist of which nobody knows whether it was made."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="playlist_perhaps_made",
        translation_placeholders={"playlist": name, "reason": str(err)},
    )


def not_all_undone(
    playlist: Playlist, missing: Sequence[KeptItem], path: Path, err: BaseException
) -> HomeAssistantError:
    """Return the error for a change that is undone in part; once more does the rest."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="playlist_undo_incomplete",
        translation_placeholders=_missing(playlist, missing, path, reason_of(err)),
    )


def not_in_order(playlist: Playlist, path: Path) -> HomeAssistantError:
    """Return the error for a playlist that holds all it held, in another order."""
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="playlist_undo_order",
        translation_placeholders={"playlist": playlist.name, "file": str(path)},
    )


def reason_of(err: BaseException) -> str:
    """Return what went wrong, in words for people."""
    match err:
        case SpotifyApiError():
            return str(translated(err))
        case UnsureError():
            # Not the words that advise to try again.
            return str(err)
        case StaleError():
            return str(changed_meanwhile(err.playlist))
    return str(err)


def _missing(
    playlist: Playlist, missing: Sequence[KeptItem], path: Path, reason: str
) -> dict[str, str]:
    titles = [item.name or item.uri or "?" for item in missing]
    first = ", ".join(titles[:_MOST_TITLES]) or "-"
    return {
        "playlist": playlist.name,
        "missing": str(len(missing)),
        "titles": f"{first}, …" if len(titles) > _MOST_TITLES else first,
        "file": str(path),
        "reason": reason,
    }
