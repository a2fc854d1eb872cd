"""What happened between two looks at what an account plays.

Happenings are told of what Spotify said, never of what a command of ours is only
expected to do: a pause that Spotify refuses ends nothing.

A look that does not tell something (nothing plays, an advert, no speaker) changes
nothing: the next look is compared with what was last known. The first look after a
start has nothing to be compared with. In a private session everything is told, but
for what is listened to: `private_session` is true, and its item and context are null.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util.signal_type import SignalType

from ..api.models import Episode, Playback, Track
from ..const import DOMAIN
from ..coordinator import PlaybackCoordinator
from ..playback_state import PlaybackState
from .likes import Likes
from .told import ContextName, nameless, speaker_of, told, uri_of

# Spotify's longest crossfade, and a second of imprecision: the next item may begin
# so many seconds before the end without anybody's doing.
_NEARLY_OVER = 13.0


class What(StrEnum):
    """The kinds of happenings."""

    TRACK_CHANGED = "track_changed"
    CONTEXT_CHANGED = "context_changed"
    SPEAKER_CHANGED = "speaker_changed"
    LIKED = "liked"
    UNLIKED = "unliked"
    SKIPPED = "skipped"
    PLAYBACK_STARTED = "playback_started"
    PLAYBACK_ENDED = "playback_ended"


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened; `data` is what an automation needs to know of it."""

    what: What
    data: Mapping[str, Any] = field(default_factory=dict)


# Sent for every account, whether or not it was loaded when somebody began to listen.
HAPPENED: SignalType[ConfigEntry, Happening] = SignalType(f"{DOMAIN}_happened")


def known(before: PlaybackState | None, now: PlaybackState) -> PlaybackState:
    """Return a look with what it does not tell as it was last known."""
    old = before.playback if before and before.playback else Playback(is_playing=False)
    new = now.playback or Playback(is_playing=False)
    if not isinstance(new.item, Track | Episode):
        new = replace(
            new, item=old.item, context=new.context or old.context, progress_ms=None
        )
    return replace(now, playback=replace(new, device=new.device or old.device))


def compare(
    before: PlaybackState | None,
    after: PlaybackState,
    context_name: ContextName = nameless,
) -> tuple[Happening, ...]:
    """Return what happened between two looks; both are completed by `known`.

    Skipped is what played and was left early, on the same speaker, for something
    else in the same context: not what gave way to another context, nor what had
    time to end by itself between the looks.
    """
    if before is None or before.playback is None or after.playback is None:
        return ()
    old, new = before.playback, after.playback
    was, now = told(before, context_name), told(after, context_name)
    happened: list[Happening] = []
    if old.device and speaker_of(old.device) != speaker_of(new.device):
        past = _past(was, "speaker", "speaker_type")
        happened.append(Happening(What.SPEAKER_CHANGED, {**now, **past}))
    if (left := _left_early(before, after)) is not None:
        happened.append(Happening(What.SKIPPED, _skipped(was, now, left)))
    if uri_of(old.context) != uri_of(new.context):
        past = _past(was, "context_uri", "context_type", "context")
        happened.append(Happening(What.CONTEXT_CHANGED, {**now, **past}))
    if uri_of(old.item) != uri_of(new.item):
        past = _past(was, "uri", "name", "artists")
        happened.append(Happening(What.TRACK_CHANGED, {**now, **past}))
    if old.is_playing is not new.is_playing:
        what = What.PLAYBACK_STARTED if new.is_playing else What.PLAYBACK_ENDED
        happened.append(Happening(what, now))
    return tuple(happened)


class Happenings:
    """Tells what happens on one account."""

    def __init__(
        self,
        playback: PlaybackCoordinator,
        likes: Likes,
        context_name: ContextName = nameless,
    ) -> None:
        """Watch what `playback` shows and what `likes` knows."""
        self._playback = playback
        self._likes = likes
        self._context_name = context_name
        self._look: PlaybackState | None = None
        self._mark: bool | None = None
        self._listeners: list[Callable[[Happening], None]] = []
        entry = playback.config_entry
        entry.async_on_unload(likes.async_add_listener(self._async_follow_mark))
        entry.async_on_unload(playback.async_add_look_listener(self.async_follow))
        self.async_follow()

    @callback
    def async_follow(self) -> None:
        """Hear what Spotify says now."""
        if (look := self._playback.seen) is None:
            return
        before, after = self._look, known(self._look, look)
        self._look = after
        if before is None or before.item_uri != after.item_uri:
            self._mark = self._is_liked()
        for happening in compare(before, after, self._context_name):
            self._tell(happening)

    @callback
    def async_add_listener(
        self, listener: Callable[[Happening], None]
    ) -> CALLBACK_TYPE:
        """Call `listener` for everything that happens."""
        self._listeners.append(listener)

        @callback
        def remove() -> None:
            self._listeners.remove(listener)

        return remove

    @callback
    def _async_follow_mark(self) -> None:
        """Tell that what plays was liked or unliked, unless that is only learned now.

        What is changed here is told even if nobody knew how it was before.
        """
        was, now = self._mark, self._is_liked()
        if now is None or self._look is None or self._look.item_uri is None:
            return
        self._mark = now
        learned = was is None and not self._likes.is_ours(self._look.item_uri)
        if was is not now and not learned:
            what = What.LIKED if now else What.UNLIKED
            self._tell(Happening(what, told(self._look, self._context_name)))

    def _is_liked(self) -> bool | None:
        uri = self._look.item_uri if self._look else None
        return self._likes.is_surely_liked(uri) if uri else None

    def _tell(self, happening: Happening) -> None:
        for listener in tuple(self._listeners):
            listener(happening)
        entry = self._playback.config_entry
        async_dispatcher_send(self._playback.hass, HAPPENED, entry, happening)


def _left_early(before: PlaybackState, after: PlaybackState) -> float | None:
    """Return how many seconds were left of the item that was skipped, if one was."""
    old, new = before.playback, after.playback
    remaining = before.remaining(before.at)
    if (
        old is None
        or new is None
        or remaining is None
        or not old.is_playing
        or uri_of(old.item) == uri_of(new.item)
        or uri_of(old.context) != uri_of(new.context)
        or speaker_of(old.device) != speaker_of(new.device)
    ):
        return None
    elapsed = (after.at - before.at).total_seconds()
    if elapsed >= remaining:
        return None
    # The next one's position tells when it began.
    left = remaining - elapsed + min((new.progress_ms or 0) / 1000, elapsed)
    return left if left > _NEARLY_OVER else None


def _skipped(
    was: Mapping[str, Any], now: Mapping[str, Any], left: float
) -> dict[str, Any]:
    """Return what is told of what was skipped; of a private session not even lengths."""
    duration: float | None = was["duration"]
    return {
        **was,
        "position": None if duration is None else round(duration - left, 1),
        "remaining": None if duration is None else round(left, 1),
        "next_uri": now["uri"],
        "next_name": now["name"],
    }


def _past(was: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {f"previous_{key}": was[key] for key in keys}
