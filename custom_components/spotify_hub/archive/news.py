"""Which plays became different, in the words of whoever shows or counts them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from . import schema
from .merge import Played


@dataclass(frozen=True, slots=True)
class News:
    """Plays of an account came or went that began from `since` to `until` (UTC ms)."""

    account: str
    since: int
    until: int


def news_of(connection: Connection, changed: Iterable[Played]) -> list[News]:
    """Return what is to be told of plays that came or went, once for each account."""
    spans: dict[int, tuple[int, int]] = {}
    for account, started, *_ in changed:
        since, until = spans.get(account, (started, started))
        spans[account] = min(since, started), max(until, started)
    if not spans:
        return []
    table = schema.accounts.c
    query = select(table.key, table.id).where(table.id.in_(spans)).order_by(table.key)
    return [News(row.key, *spans[row.id]) for row in connection.execute(query)]
