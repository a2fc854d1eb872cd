"""When somebody is to be woken, and with what: decisions only.

An alarm rings once. Moments are UTC seconds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

# Whoever was not woken by then has woken by themselves.
TOO_LATE = 600.0


@dataclass(frozen=True, slots=True)
class Alarm:
    """Music at a moment, by an account (its entry's id) on a speaker (by our id)."""

    entry_id: str
    speaker: str
    at: float
    uri: str
    title: str


type Alarms = tuple[Alarm, ...]


def with_alarm(alarms: Alarms, alarm: Alarm) -> Alarms:
    """Return the alarms with another; one that it replaces goes.

    An account wakes somebody on a speaker once.
    """
    others = (
        one
        for one in alarms
        if (one.entry_id, one.speaker) != (alarm.entry_id, alarm.speaker)
    )
    return tuple(sorted((*others, alarm), key=lambda one: one.at))


def without_account(alarms: Alarms, entry_id: str) -> Alarms:
    """Return the alarms without those of one account."""
    return tuple(one for one in alarms if one.entry_id != entry_id)


def of_account(alarms: Alarms, entry_id: str) -> Alarms:
    """Return the alarms of one account, the next first."""
    return tuple(one for one in alarms if one.entry_id == entry_id)


def dump(alarms: Alarms) -> list[dict[str, Any]]:
    """Return what a store keeps."""
    return [asdict(alarm) for alarm in alarms]


def load(data: Iterable[Mapping[str, Any]]) -> Alarms:
    """Read what `dump` returned.

    Raises:
        LookupError, TypeError, ValueError: it is something else.
    """
    found = (
        Alarm(
            entry_id=str(one["entry_id"]),
            speaker=str(one["speaker"]),
            at=float(one["at"]),
            uri=str(one["uri"]),
            title=str(one["title"]),
        )
        for one in data
    )
    return tuple(sorted(found, key=lambda alarm: alarm.at))
