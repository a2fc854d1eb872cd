"""Which rows Home Assistant's long-term statistics lack, or have wrong. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import isclose

HOUR_MS = 3_600_000
# What floating point leaves of equal sums.
_NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Row:
    """An hour by its begin (UTC ms): what was in it, and what was until its end."""

    hour: int
    state: float
    sum: float


def wrong_rows(
    wanted: Iterable[tuple[int, float]],
    found: Iterable[Row],
    before: float,
) -> list[Row]:
    """Return the rows to write, in order.

    `wanted` are hours in order, and what was in each; `found` are the rows that are
    there of the same time, and `before` is the sum before all of them. An hour that has
    a row and is not wanted had something that was deleted: nothing was in it.
    """
    there = {row.hour: row for row in found}
    amounts = dict.fromkeys(there, 0.0) | dict(wanted)
    rows: list[Row] = []
    total = before
    for hour in sorted(amounts):
        total += amounts[hour]
        row = Row(hour, amounts[hour], total)
        if not _is_same(row, there.get(hour)):
            rows.append(row)
    return rows


def sum_before(found: Iterable[Row], hour: int) -> float:
    """Return the sum of the last row before an hour."""
    earlier = [row for row in found if row.hour < hour]
    return max(earlier, key=lambda row: row.hour).sum if earlier else 0.0


def slug_for(wanted: str, known: Mapping[str, str], entry_id: str) -> str:
    """Return by what an account's statistics are called: as before, else as wanted.

    `known` are the names in use, by entry.
    """
    if (own := known.get(entry_id)) is not None:
        return own
    taken = set(known.values())
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}"
    return name


def hour_of(stamp: int) -> int:
    """Return when the hour of a moment begins (UTC ms)."""
    return stamp // HOUR_MS * HOUR_MS


def _is_same(row: Row, other: Row | None) -> bool:
    return (
        other is not None
        and isclose(row.state, other.state, abs_tol=_NOTHING)
        and isclose(row.sum, other.sum, abs_tol=_NOTHING)
    )
