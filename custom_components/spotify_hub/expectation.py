"""What an own command is expected to do, shown until Spotify says so itself.

Spotify's player answers with its old state for a moment after a command. An
expectation is laid over what was seen until it is met or its time is up; then
what Spotify says stands.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from .api.models import Device, Playback, Repeat

# Two positions are the same when a request's own duration explains the difference.
_SAME_POSITION_MS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Expectation:
    """`apply` shows it, `met` tells whether what was seen agrees with it.

    `subject` is what it is about: a newer one takes the place of an older.
    """

    subject: str
    apply: Callable[[Playback], Playback]
    met: Callable[[Playback | None], bool]


def _laid_over(subject: str, apply: Callable[[Playback], Playback]) -> Expectation:
    return Expectation(
        subject, apply, lambda seen: seen is not None and apply(seen) == seen
    )


def paused() -> Expectation:
    """Expect that nothing plays; Spotify may even have forgotten what did."""
    return Expectation(
        "playing",
        lambda seen: replace(seen, is_playing=False),
        lambda seen: seen is None or not seen.is_playing,
    )


def resumed() -> Expectation:
    """Expect that it plays on."""
    return _laid_over("playing", lambda seen: replace(seen, is_playing=True))


def volume(percent: int) -> Expectation:
    """Expect the active device at this volume."""

    def apply(seen: Playback) -> Playback:
        if seen.device is None:
            return seen
        return replace(seen, device=replace(seen.device, volume_percent=percent))

    return _laid_over("volume", apply)


def shuffled(shuffle: bool) -> Expectation:
    """Expect this order of play."""
    return _laid_over("shuffle", lambda seen: replace(seen, shuffle=shuffle))


def repeating(repeat: Repeat) -> Expectation:
    """Expect this to be repeated."""
    return _laid_over("repeat", lambda seen: replace(seen, repeat=repeat))


def position(progress_ms: int) -> Expectation:
    """Expect the item at this position."""

    def apply(seen: Playback) -> Playback:
        off = abs((seen.progress_ms or 0) - progress_ms)
        return (
            seen if off <= _SAME_POSITION_MS else replace(seen, progress_ms=progress_ms)
        )

    return _laid_over("position", apply)


def moved_to(device: Device) -> Expectation:
    """Expect playback on this device."""

    def met(seen: Playback | None) -> bool:
        return (
            seen is not None and seen.device is not None and seen.device.id == device.id
        )

    def apply(seen: Playback) -> Playback:
        return (
            seen if met(seen) else replace(seen, device=replace(device, is_active=True))
        )

    return Expectation("device", apply, met)


def other_item(than: str | None) -> Expectation:
    """Expect something else than this URI to play; what, only Spotify knows."""

    def met(seen: Playback | None) -> bool:
        return seen is not None and seen.item is not None and seen.item.uri != than

    return Expectation("item", lambda seen: seen, met)


def started(uris: tuple[str, ...], context_uri: str | None) -> Expectation:
    """Expect one of these items, or this context, to play."""

    def met(seen: Playback | None) -> bool:
        if seen is None or not seen.is_playing:
            return False
        if context_uri is not None:
            return seen.context is not None and seen.context.uri == context_uri
        return seen.item is not None and seen.item.uri in uris

    return Expectation("item", lambda seen: seen, met)
