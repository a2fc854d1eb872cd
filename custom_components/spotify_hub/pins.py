"""What a household has pinned: things it plays by names of its own."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """Something on Spotify by a name of one's own; it is never asked for.

    So what Spotify hides from apps (playlists it made for somebody) can be shown
    and played. `image` is the address of a cover. `entry_id` is the account it was
    pinned for; None means everybody's.
    """

    uri: str
    name: str
    image: str | None = None
    aliases: tuple[str, ...] = ()
    entry_id: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Return everything it is called."""
        return (self.name, *self.aliases)


type Pins = tuple[Pin, ...]


def with_pin(pins: Pins, pin: Pin) -> Pins:
    """Return the pins with one added, in the place of the same thing's former pin."""
    if any(_is_same(pin, other) for other in pins):
        return tuple(pin if _is_same(pin, other) else other for other in pins)
    return (*pins, pin)


def without_pin(pins: Pins, pin: Pin) -> Pins:
    """Return the pins without one."""
    return tuple(other for other in pins if not _is_same(pin, other))


def pins_for(pins: Pins, entry_id: str) -> Pins:
    """Return what an account sees: its own pins, then the household's."""
    own = tuple(pin for pin in pins if pin.entry_id == entry_id)
    shared = (pin for pin in pins if pin.entry_id is None)
    mine = {pin.uri for pin in own}
    return (*own, *(pin for pin in shared if pin.uri not in mine))


def without_account(pins: Pins, entry_id: str) -> Pins:
    """Return the pins without those of one account."""
    return tuple(pin for pin in pins if pin.entry_id != entry_id)


def dump(pins: Pins) -> list[dict[str, Any]]:
    """Return what a store keeps."""
    return [asdict(pin) for pin in pins]


def load(data: Iterable[Mapping[str, Any]]) -> Pins:
    """Read what `dump` returned.

    Raises:
        LookupError, TypeError: it is something else.
    """
    return tuple(
        Pin(
            uri=one["uri"],
            name=one["name"],
            image=one["image"],
            aliases=tuple(one["aliases"]),
            entry_id=one["entry_id"],
        )
        for one in data
    )


def _is_same(one: Pin, other: Pin) -> bool:
    return (one.uri, one.entry_id) == (other.uri, other.entry_id)
