"""Plays as they were derived, written together with what they add up to.

Nothing else writes plays or their roll-ups. One play is one statement; many touch far
fewer slots and items than they are, so they are added up here first.
"""

from collections.abc import Collection, Sequence
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

_BY_ITEM = itemgetter(0, 2)
_told = schema.plays.to_metadata(MetaData(), name="told")


def write(
    connection: Connection, gone: Collection[Played], added: Collection[Played]
) -> None:
    """Take plays away and add others."""
    if len(added) == 1 and not gone:
        add(connection, _told, added)
        return
    # By item, for their index and totals are in that order.
    gone, added = sorted(gone, key=_BY_ITEM), sorted(added, key=_BY_ITEM)
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


def _sum_up(
    connection: Connection, plays: Sequence[Played], sign: int
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Add plays to the roll-ups, or take them away; return the keys of these.

    The plays are in the order of accounts and items.
    """
    slots: dict[tuple[int, int], list[int]] = {}
    totals: list[list[int]] = []
    total = [0] * 7
    for account, start, item, _, listened, _, skipped, heard, _, _, _, _ in plays:
        skips = skipped or 0
        key = account, start // SLOT_MS
        if (slot := slots.get(key)) is None:
            slot = slots[key] = [*key, 0, 0, 0, 0]
        if item != total[1] or account != total[0]:
            total = [account, item, 0, 0, 0, 0, start]
            totals.append(total)
        for sums in (slot, total):
            sums[2] += sign
            sums[3] += sign * heard
            sums[4] += sign * skips
            sums[5] += sign * listened
        total[6] = min(total[6], start)
    add(connection, schema.slots, sorted(slots.values()), ADD_TO_SLOT)
    add(connection, schema.totals, totals, ADD_TO_TOTAL)
    return list(slots), [(account, item) for account, item, *_ in totals]
