"""Which items count as one: those of equal ISRC, or of equal name and artist."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from . import schema


@dataclass(frozen=True, slots=True)
class Union:
    """Works that turned out to be one: which former work each of its items had."""

    work: int
    former: Mapping[int, int]


class Works:
    """Joins items that share a key, some of them stored, others to be."""

    def __init__(
        self,
        connection: Connection,
        keys: Iterable[int | str | None],
        known: Iterable[Row[Any]],
    ) -> None:
        """Look up who has these keys; `known` are rows of the items to be joined."""
        known = list(known)
        wanted = set(keys)
        columns = schema.items.c
        found = connection.execute(
            select(columns.work, columns.name_key, columns.isrc).where(
                or_(
                    columns.name_key.in_(
                        [one for one in wanted if isinstance(one, int)]
                    ),
                    columns.isrc.in_([one for one in wanted if isinstance(one, str)]),
                )
            )
        ).all()
        self._joined: dict[int, int] = {}
        self._stored = {row.work for row in found} | {row.work for row in known}
        self._of_item: dict[int, int] = {row.id: row.work for row in known}
        self._of_key: dict[int | str, int] = {}
        for row in found:
            for key in (row.name_key, row.isrc):
                if key is not None:
                    self._join(self._of_key.setdefault(key, row.work), row.work)

    def join(self, id_: int, *keys: int | str | None) -> None:
        """Join an item with all that share one of its keys."""
        work = self._of_item.setdefault(id_, id_)
        for key in keys:
            if key is not None:
                work = self._join(self._of_key.setdefault(key, work), work)

    def of(self, id_: int) -> int:
        """Return the work of an item that was joined."""
        return self._last(self._of_item[id_])

    def unite(self, connection: Connection) -> list[Union]:
        """Store which of the stored works are one now."""
        parts: dict[int, set[int]] = {}
        for work in self._stored:
            parts.setdefault(self._last(work), set()).add(work)
        unions: list[Union] = []
        columns = schema.items.c
        for work, former in parts.items():
            if len(former) > 1:
                of_items = select(columns.id, columns.work).where(
                    columns.work.in_(former)
                )
                members = {row.id: row.work for row in connection.execute(of_items)}
                change = schema.items.update().where(columns.work.in_(former))
                connection.execute(change.values(work=work))
                unions.append(Union(work, members))
        return unions

    def _join(self, one: int, other: int) -> int:
        one, other = sorted((self._last(one), self._last(other)))
        if one != other:
            self._joined[other] = one
        return one

    def _last(self, work: int) -> int:
        while work in self._joined:
            work = self._joined[work]
        return work
