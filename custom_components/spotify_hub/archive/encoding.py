"""Sightings as the archive stores them: by numbers."""

from sqlalchemy import Connection, Table

from . import schema
from .catalogue import Catalogue
from .merge import (
    DIGEST,
    EITHER,
    END,
    EXTENDED,
    LIVE,
    LONGEST,
    MINUTE,
    RECENT,
    START,
    Seen,
)
from .records import Context, Means, Sighting, Source, Speaker

MEANS = {Means.START: START, Means.END: END, Means.EITHER: EITHER}


SOURCES = {
    LIVE: Source.LIVE,
    RECENT: Source.RECENT,
    EXTENDED: Source.IMPORT,
    DIGEST: Source.IMPORT,
}


def sources_of(bits: int) -> frozenset[Source]:
    """Return who saw a play."""
    return frozenset(source for bit, source in SOURCES.items() if bits & bit)


class Numbers:
    """Gives what the sightings of one call name its numbers."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        """Look up with `catalogue`, once for each name."""
        self._connection = connection
        self._catalogue = catalogue
        self._accounts: dict[str, int] = {}
        self._reasons: dict[str, int] = {}
        self._speakers: dict[Speaker, int] = {}
        self._contexts: dict[Context, int] = {}

    def seen(self, one: Sighting, item: int) -> Seen:
        """Return a sighting by numbers, at the moment at which it belongs."""
        listened, ended, skipped = one.listened_ms, one.ended, one.skipped
        start, end = one.reason_start, one.reason_end
        shuffle, offline = one.shuffle, one.offline
        key = key_of(one, self._account(one.account), item)
        return Seen(
            *key,
            MEANS[one.means],
            listened if listened is None else max(0, min(listened, LONGEST)),
            ended if ended is None else max(0, min(ended - key[1], LONGEST)),
            one.item.duration_ms if one.source is Source.RECENT else None,
            skipped if skipped is None else int(skipped),
            None if start is None else self._reasons.get(start) or self._reason(start),
            None if end is None else self._reasons.get(end) or self._reason(end),
            shuffle if shuffle is None else int(shuffle),
            offline if offline is None else int(offline),
            one.offline_stamp,
            None if one.speaker is None else self._speaker(one.speaker),
            None if one.context is None else self._context(one.context),
        )

    def _account(self, key: str) -> int:
        if (number := self._accounts.get(key)) is None:
            number = self._accounts[key] = self._number(schema.accounts, key)
        return number

    def _reason(self, word: str) -> int:
        number = self._reasons[word] = self._number(schema.reasons, word)
        return number

    def _speaker(self, speaker: Speaker) -> int:
        if (number := self._speakers.get(speaker)) is None:
            number = self._number(schema.speakers, speaker.key, speaker.name)
            self._speakers[speaker] = number
        return number

    def _context(self, context: Context) -> int:
        if (number := self._contexts.get(context)) is None:
            number = self._number(schema.contexts, context.uri, context.name)
            self._contexts[context] = number
        return number

    def _number(self, table: Table, key: str, name: str | None = None) -> int:
        return self._catalogue.number(self._connection, table, key, name)


def key_of(
    one: Sighting, account: int, item: int
) -> tuple[int, int, int, int, int, int]:
    """Return by what a sighting is known, whose account and item have these numbers."""
    at = _offline(one) if one.offline else one.stamp
    if one.source is Source.IMPORT:
        source = DIGEST if one.precision_ms >= MINUTE else EXTENDED
    else:
        source = LIVE if one.source is Source.LIVE else RECENT
    return account, at, item, source, one.position, one.stamp - at


def _offline(one: Sighting) -> int:
    """Return when something ended that was played without a connection.

    Its stamp is when it was reported; it says itself since when it was offline.
    """
    if one.source is not Source.IMPORT or one.offline_stamp is None:
        return one.stamp
    ended = one.offline_stamp + (one.listened_ms or 0)
    return ended if one.offline_stamp > 0 and ended < one.stamp - MINUTE else one.stamp
