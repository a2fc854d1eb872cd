"""Answers in words: numbers, lists, durations and times as a language says them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import Formatter
from typing import Any

type Value = str | int | timedelta | datetime | Sequence[str] | None
type Values = Mapping[str, Value]

# The placeholder whose number decides between singular and plural.
COUNT = "count"
_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Manner:
    """How a language joins, counts and tells the time.

    `one` are the numbers that are singular; `units` are singular and plural of
    "hour", "minute" and "second". `time` has the placeholders hour, hour12 (as on a
    dial), minute and half: what is said for that stands behind it, as in
    "{hour12}:{minute} {half}|AM|PM".
    """

    conjunction: str
    one: frozenset[int]
    units: Mapping[str, tuple[str, str]]
    time: str

    def counted(self, number: int, unit: str) -> str:
        """Return a number of hours, minutes or seconds."""
        singular, plural = self.units[unit]
        return f"{number} {singular if number in self.one else plural}"


@dataclass(frozen=True, slots=True)
class Template:
    """What is said: the first of the texts for whose placeholders there are values.

    `singular` are those for a count that is one.
    """

    texts: tuple[str, ...]
    singular: tuple[str, ...] = ()


def template(text: str | Sequence[str] | Mapping[str, Any]) -> Template:
    """Read one text, several of which the first that fits is said, or forms of number.

    Raises:
        KeyError: a form of number is missing.
    """
    if isinstance(text, Mapping):
        return Template(_several(text["other"]), _several(text["one"]))
    return Template(_several(text))


def say(manner: Manner, wanted: Template, values: Values) -> str:
    """Return a template's words; what has no value is left unsaid.

    Raises:
        ValueError: no text of the template can do with these values.
    """
    known = {key: value for key, value in values.items() if value not in (None, "", ())}
    is_one = bool(wanted.singular) and known.get(COUNT) in manner.one
    for text in wanted.singular if is_one else wanted.texts:
        if placeholders(text) <= known.keys():
            words = {key: spoken(manner, value) for key, value in known.items()}
            return text.format(**words)
    raise ValueError(f"{wanted.texts} can't be said with {known.keys()}")


def spoken(manner: Manner, value: Value) -> str:
    """Return a value in words."""
    match value:
        case timedelta():
            return duration(manner, value)
        case datetime():
            return time(manner, value)
        case str() | int():
            return str(value)
        case None:
            return ""
    return listed(manner, value)


def duration(manner: Manner, length: timedelta) -> str:
    """Return how long something takes: "1 hour and 5 minutes", "40 seconds".

    Seconds are left out from an hour on.
    """
    seconds = round(abs(length.total_seconds()))
    hours, rest = divmod(seconds, _HOUR)
    parts = {"hour": hours, "minute": rest // _MINUTE, "second": rest % _MINUTE}
    if hours:
        del parts["second"]
    said = [manner.counted(number, unit) for unit, number in parts.items() if number]
    return listed(manner, said or [manner.counted(0, "second")])


def time(manner: Manner, moment: datetime) -> str:
    """Return a time of day; the moment is in the zone of whoever hears it."""
    form, _, halves = manner.time.partition("|")
    before, _, after = halves.partition("|")
    return form.format(
        hour=moment.hour,
        hour12=moment.hour % 12 or 12,
        minute=f"{moment.minute:02}",
        half=after if moment.hour >= 12 else before,
    )


def listed(manner: Manner, names: Sequence[str]) -> str:
    """Return names in a row, the last joined by "and"."""
    *most, last = names
    if not most:
        return last
    return f"{', '.join(most)} {manner.conjunction} {last}"


def placeholders(text: str) -> set[str]:
    """Return the names of the values that a text needs."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _several(text: str | Sequence[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
