"""What one account has listened to: asking for it, and deleting it.

Whoever calls has seen to it that the caller may know. Every method raises
HomeAssistantError while the archive is not open, and ArchiveError when it can't be
read or written.
"""

from collections.abc import Callable
from dataclasses import replace
import re
from typing import Concatenate
from zoneinfo import ZoneInfo

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from sqlalchemy import Connection

from ..api.uri import InvalidUriError, UriType, parse_uri
from ..archive.deletion import Deleted, Which
from ..archive.names import folded, uri_of
from ..archive.news import News
from ..archive.plays import Asked, Page, Place, find_items, plays
from ..archive.records import Gap, Item
from ..archive.statistics.habits import Comparison, compare
from ..archive.statistics.scope import Scope
from ..archive.store import Archive
from ..failures import invalid
from ..household_archive import HouseholdArchive, name_of
from .periods import Period, Span, span_of

_ITEMS = (UriType.TRACK, UriType.EPISODE, UriType.CHAPTER)
# Items of a name that are looked through for the one that is meant.
_MOST_OF_A_NAME = 1_000
_MOST_LISTED = 5
_BY = re.compile(r"(?P<name>.+)\s+by\s+(?P<maker>.+)", re.IGNORECASE)

type Question[**P, T] = Callable[Concatenate[Connection, Scope, P], T]


class HistoryOperations:
    """Asks the household's archive about one account."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, history: HouseholdArchive
    ) -> None:
        """Speak for the account of an entry."""
        self._hass = hass
        self._entry = entry
        self._history = history

    async def archive(self) -> Archive:
        """Return the household's archive; raises HomeAssistantError while it is closed."""
        return await self._history.async_require()

    @property
    def name(self) -> str:
        """Return the archive's name of the account."""
        return name_of(self._entry)

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone by which days and hours are told: Home Assistant's."""
        return ZoneInfo(self._hass.config.time_zone)

    def span(self, period: Period) -> Span:
        """Return when a period begins and ends, as of today."""
        return span_of(period, dt_util.now(self.zone).date(), self.zone)

    async def plays(self, asked: Asked, limit: int, after: Place | None = None) -> Page:
        """Return the account's plays, the latest first, `limit` at a time."""
        mine = replace(asked, account=self.name)
        archive = await self.archive()
        return await archive.ask(plays, mine, limit, after)

    async def ask[**P, T](
        self,
        question: Question[P, T],
        span: Span,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Return the answer to a question of `archive.statistics` about the account."""
        archive, scope = await self.archive(), Scope(self.name, *span)
        return await archive.ask(question, scope, *args, **kwargs)

    async def compare(
        self, other: HistoryOperations, span: Span, limit: int
    ) -> Comparison:
        """Return what this account and another have in common."""
        theirs = Scope(other.name, *span)
        return await self.ask(compare, span, theirs, limit)

    async def gaps(self, span: Span) -> list[Gap]:
        """Return the stretches in which plays may be missing, as far as they lie in a span."""
        archive = await self.archive()
        return [
            gap
            for gap in await archive.gaps(self.name)
            if (span.since is None or gap.until > span.since)
            and (span.until is None or gap.since < span.until)
        ]

    async def item(self, text: str) -> str:
        """Return the URI of an item that a URI, a link or a name means; nobody is asked.

        Names are those of items that some account of the household has played, with
        "by" and an artist or show where that is needed.

        Raises:
            ServiceValidationError: nothing, or more than one thing, is called so.
        """
        try:
            uri = parse_uri(text)
        except InvalidUriError:
            return await self._named(text)
        if uri.type not in _ITEMS:
            kinds = ", ".join(sorted(_ITEMS))
            raise invalid("wrong_kind", uri=str(uri), kinds=kinds)
        return str(uri)

    async def delete(
        self, span: Span, item: str | None = None, *, dry_run: bool = False
    ) -> Deleted:
        """Delete the account's plays of a span, or of an item, for good."""
        archive, which = await self.archive(), Which(self.name, *span, item)
        deleted = await archive.delete_history(which, dry_run=dry_run)
        if not dry_run and deleted.first is not None and deleted.last is not None:
            self._history.async_tell(News(self.name, deleted.first, deleted.last))
        return deleted

    async def _named(self, text: str) -> str:
        wanted: list[tuple[str, str | None]] = [(text, None)]
        if parts := _BY.fullmatch(text):
            wanted.append((parts["name"], parts["maker"]))
        found: dict[str, Item] = {}
        archive = await self.archive()
        for name, maker in wanted:
            items = await archive.ask(find_items, name, _MOST_OF_A_NAME)
            # What counts as one has one name and one maker.
            found |= {
                folded(_told(item)): item
                for item, _ in items
                if _is_called(item, name, maker)
            }
        if not found:
            raise invalid("history_item_unknown", name=text)
        if len(found) > 1:
            told = [_told(item) for item in found.values()]
            some = "; ".join(sorted(told)[:_MOST_LISTED])
            raise invalid("history_item_ambiguous", name=text, found=some)
        return uri_of(found.popitem()[1])


def _is_called(item: Item, name: str, maker: str | None) -> bool:
    makers = [folded(one) for one in _makers(item)]
    return folded(item.name or "") == folded(name) and (
        maker is None or folded(maker) in makers
    )


def _makers(item: Item) -> list[str]:
    if item.artists:
        return [artist.name for artist in item.artists]
    return [item.album.name] if item.album else []


def _told(item: Item) -> str:
    return " by ".join([item.name or "", *_makers(item)[:1]])
