"""Answers of actions, cut down to what a language model needs to go on."""

from collections.abc import Iterable
from typing import Any

from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

_KEPT = ("type", "name", "album", "show", "uri", "total")


def thing(answer: JsonObjectType) -> JsonObjectType:
    """Return something on Spotify by name, makers and URI; what is empty is left out."""
    found: JsonObjectType = {key: answer[key] for key in _KEPT if answer.get(key)}
    makers: Any = answer.get("by")
    return found | ({"by": ", ".join(makers)} if makers else {})


def things(answers: Any) -> list[Any]:
    """Return several of them."""
    return [thing(answer) for answer in answers]


def without(answer: JsonObjectType, names: Iterable[str]) -> JsonObjectType:
    """Return an answer without some of it, and without what is empty."""
    left_out = frozenset(names)
    return {
        key: value
        for key, value in answer.items()
        if key not in left_out and value is not None
    }


def local(moment: Any) -> str | None:
    """Return when something was, to the minute, by the clock at home."""
    parsed = dt_util.parse_datetime(moment) if isinstance(moment, str) else None
    return f"{dt_util.as_local(parsed):%Y-%m-%d %H:%M}" if parsed else None


def minutes(seconds: Any) -> float | None:
    """Return a length in minutes, with one decimal."""
    return None if seconds is None else round(float(seconds) / 60, 1)
