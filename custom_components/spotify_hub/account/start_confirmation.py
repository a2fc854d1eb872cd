"""Whether what Spotify says it plays is what a start asked for."""

from collections.abc import Callable

from ..api.models import Device, Playback
from ..api.uri import InvalidUriError, UriType, parse_uri
from .start import Start
from .start_plan import Goal

# A start was at most so long ago when it is checked.
_JUST_BEGAN_MS = 15_000


def is_confirmed(
    goal: Goal,
    what: Start | None,
    before: Playback | None,
    after: Playback | None,
    is_there: Callable[[Device], bool],
) -> bool:
    """Tell whether the goal is reached: `before` the start, `after` its last try.

    `what` is what was to start; `is_there` tells whether a device is the speaker.
    """
    if after is None or after.device is None or not is_there(after.device):
        return False
    if goal is Goal.MOVE_PAUSED:
        return True
    if not after.is_playing:
        return False
    return goal is not Goal.START or what is None or _fits(what, before, after)


def _fits(what: Start, before: Playback | None, after: Playback) -> bool:
    item = after.item.uri if after.item else None
    began = _began(what, before, after)
    if what.context_uri is None:
        # A track may play under the URI that it has in this market; like the one
        # asked for it has no context.
        other = item is not None and after.context is None and began
        return item in what.uris or other
    if after.context is None:
        # Some speakers name no context.
        return began
    if not _is_same_context(after.context.uri, what.context_uri):
        return False
    return what.offset_uri is None or item == what.offset_uri or began


def _began(what: Start, before: Playback | None, after: Playback) -> bool:
    """Tell whether something else plays than before, or the same from its start."""
    if before is None or before.item is None or after.item is None:
        return before is None or before.item is not after.item
    if after.item.uri != before.item.uri:
        return True
    if after.progress_ms is None or before.progress_ms is None:
        return False
    into = after.progress_ms - (what.position_ms or 0)
    return after.progress_ms < before.progress_ms and 0 <= into <= _JUST_BEGAN_MS


def _is_same_context(one: str, other: str) -> bool:
    """Compare URIs, of which playlists and Liked Songs have several."""
    if one == other:
        return True
    try:
        first, second = parse_uri(one), parse_uri(other)
    except InvalidUriError:
        return False
    if first.type is second.type is UriType.COLLECTION:
        return True
    return first == second
