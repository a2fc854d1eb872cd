"""Plays as they were derived, written together with what they add up to.

Nothing else writes plays or their roll-ups. One play is one statement; many touch far
fewer slots and items than they are, so they are added up here first.
"""

from collections.abc import Collection, Iterable
from operator import itemgetter

from sqlalchemy import Connection, MetaData, delete

from . import schema
from .merge import Played
from .rollups import (
    ADD_TO_SLOT,
    ADD_TO_TOTAL,
    DROP_SLOT,
    DROP_TOTAL,
    FIND_FIRST,
    SLOT_MS,
)
from .tables import add, each, remove

type Sums = dict[tuple[int, int], tuple[int, ...]]

_told = schema.plays.to_metadata(MetaData(), name="told")


def write(
    connection: Connection, gone: Collection[Played], added: Collection[Played]
) -> None:
    """Take plays away and add others."""
    if len(added) == 1 and not gone:
        add(connection, _told, added)
        return
    # By item, for their index and totals are in that order.
    added = sorted(added, key=itemgetter(2))
    remove(connection, schema.plays, 4, gone)
    add(connection, schema.plays, added)
    _sum_up(connection, added, 1)
    if gone:
        slots, totals = _sum_up(connection, gone, -1)
        each(connection, DROP_SLOT, slots)
        each(connection, DROP_TOTAL, totals)
        each(connection, FIND_FIRST, totals)


def forget(connection: Connection, account: int) -> None:
    """Take all plays of an account away."""
    for table in (schema.plays, schema.slots, schema.totals):
        connection.execute(delete(table).where(table.c.account == account))


type Keys = list[tuple[int, int]]


def _sum_up(
    connection: Connection, plays: Iterable[Played], sign: int
) -> tuple[Keys, Keys]:
    """Add plays to the roll-ups, or take them away; return the slots and totals meant."""
    slots: dict[tuple[int, int], list[int]] = {}
    totals: dict[tuple[int, int], list[int]] = {}
    for account, start, item, _, listened, _, skipped, heard, _, _, _, _ in plays:
        skips = skipped or 0
        slot = start // SLOT_MS
        key = account, slot
        if (sums := slots.get(key)) is None:
            slots[key] = [
                account,
                slot,
                sign,
                sign * heard,
                sign * skips,
                sign * listened,
            ]
        else:
            sums[2] += sign
            sums[3] += sign * heard
            sums[4] += sign * skips
            sums[5] += sign * listened
        key = account, item
        if (sums := totals.get(key)) is None:
            totals[key] = [
                account,
                item,
                sign,
                sign * heard,
                sign * skips,
                sign * listened,
                start,
            ]
        else:
            sums[2] += sign
            sums[3] += sign * heard
            sums[4] += sign * skips
            sums[5] += sign * listened
            sums[6] = min(sums[6], start)
    add(connection, schema.slots, sorted(slots.values()), ADD_TO_SLOT)
    add(connection, schema.totals, totals.values(), ADD_TO_TOTAL)
    return list(slots), list(totals)
