"""Fields of Spotify's JSON, read without ever failing.

A field of another type than expected counts as absent: one odd value must not
cost the whole answer.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
import math
from typing import Any

from .models import Json

type Reader[T] = Callable[[Json], T | None]


def readable[T](raw: Iterable[Any], reader: Reader[T]) -> Iterator[T]:
    """Yield what the reader could read of a list; the rest is left out."""
    for data in raw:
        if isinstance(data, dict) and (item := reader(data)) is not None:
            yield item


def one[T](data: Json, key: str, reader: Reader[T]) -> T | None:
    """Read the object under a key."""
    content = data.get(key)
    return reader(content) if isinstance(content, dict) else None


def text(data: Json, key: str) -> str | None:
    """Return the text under a key."""
    value = data.get(key)
    return value if isinstance(value, str) else None


def integer(data: Json, key: str) -> int | None:
    """Return the whole number under a key."""
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if math.isfinite(value) else None


def flag(data: Json, key: str) -> bool | None:
    """Return the truth value under a key."""
    value = data.get(key)
    return value if isinstance(value, bool) else None


def mapping(data: Json, key: str) -> Json:
    """Return the object under a key, or an empty one."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def mappings(data: Json, key: str) -> list[Json]:
    """Return the objects in the list under a key."""
    value = data.get(key)
    return (
        [entry for entry in value if isinstance(entry, dict)]
        if isinstance(value, list)
        else []
    )


def time(data: Json, key: str) -> datetime | None:
    """Return the ISO time under a key; one without a zone is in UTC."""
    try:
        value = datetime.fromisoformat(text(data, key) or "")
    except ValueError:
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
