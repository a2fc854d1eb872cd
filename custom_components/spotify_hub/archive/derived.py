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

type Sums = dict[int, tuple[int, ...]]

_told = schema.plays.to_metadata(MetaData(), name="told")


def write(
    connection: Connection,
    account: int,
    gone: Collection[Played],
    added: Collection[Played],
) -> None:
    """Take plays of an account away and add others."""
    if len(added) == 1 and not gone:
        add(connection, _told, added)
        return
    # By item, for their index and totals are in that order.
    added = sorted(added, key=itemgetter(2))
    remove(connection, schema.plays, 4, gone)
    add(connection, schema.plays, added)
    slots, totals = _added_up(added)
    _add(connection, account, slots, totals)
    if gone:
        slots, totals = _added_up(gone)
        _add(
            connection,
            account,
            {key: tuple(-one for one in sums) for key, sums in slots.items()},
            {key: (*(-n for n in sums[:4]), sums[4]) for key, sums in totals.items()},
        )
        each(connection, DROP_SLOT, [(account, slot) for slot in slots])
        each(connection, DROP_TOTAL, [(account, item) for item in totals])
        each(connection, FIND_FIRST, [(account, item) for item in totals])


def forget(connection: Connection, account: int) -> None:
    """Take all plays of an account away."""
    for table in (schema.plays, schema.slots, schema.totals):
        connection.execute(delete(table).where(table.c.account == account))


def _add(connection: Connection, account: int, slots: Sums, totals: Sums) -> None:
    for table, sums, otherwise in (
        (schema.slots, slots, ADD_TO_SLOT),
        (schema.totals, totals, ADD_TO_TOTAL),
    ):
        rows = [(account, key, *sums[key]) for key in sorted(sums)]
        add(connection, table, rows, otherwise)


def _added_up(plays: Iterable[Played]) -> tuple[Sums, Sums]:
    """Return starts, plays, skips and time by slot, and by item with the first start."""
    slots: Sums = {}
    totals: Sums = {}
    for _, start, item, _, listened, _, skipped, heard, _, _, _, _ in plays:
        skips = skipped or 0
        slot = start // SLOT_MS
        if (sums := slots.get(slot)) is None:
            slots[slot] = (1, heard, skips, listened)
        else:
            starts, hearings, others, time = sums
            slots[slot] = (
                starts + 1,
                hearings + heard,
                others + skips,
                time + listened,
            )
        if (sums := totals.get(item)) is None:
            totals[item] = (1, heard, skips, listened, start)
        else:
            starts, hearings, others, time, first = sums
            totals[item] = (
                starts + 1,
                hearings + heard,
                others + skips,
                time + listened,
                min(first, start),
            )
    return slots, totals
