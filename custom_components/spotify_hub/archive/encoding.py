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
        # Most sightings have the same few reasons, and neither speaker nor context.
        self._reasons: dict[str | None, int | None] = {None: None}
        self._speakers: dict[Speaker | None, int | None] = {None: None}
        self._contexts: dict[Context | None, int | None] = {None: None}

    def seen(self, one: Sighting, item: int) -> Seen:
        """Return a sighting by numbers, at the moment at which it belongs."""
        key = key_of(one, self._account(one.account), item)
        at, source, listened = key[1], key[3], one.listened_ms
        return Seen(
            *key,
            MEANS[one.means],
            None if listened is None else max(0, min(listened, LONGEST)),
            None if one.ended is None else max(0, min(one.ended - at, LONGEST)),
            one.item.duration_ms if source == RECENT else None,
            one.skipped if one.skipped is None else int(one.skipped),
            self._reason(one.reason_start),
            self._reason(one.reason_end),
            one.shuffle if one.shuffle is None else int(one.shuffle),
            one.offline if one.offline is None else int(one.offline),
            one.offline_stamp,
            self._speaker(one.speaker),
            self._context(one.context),
        )

    def _account(self, key: str) -> int:
        if (number := self._accounts.get(key)) is None:
            number = self._accounts[key] = self._number(schema.accounts, key)
        return number

    def _reason(self, word: str | None) -> int | None:
        if word not in self._reasons and word is not None:
            self._reasons[word] = self._number(schema.reasons, word)
        return self._reasons[word]

    def _speaker(self, speaker: Speaker | None) -> int | None:
        if speaker not in self._speakers and speaker is not None:
            number = self._number(schema.speakers, speaker.key, speaker.name)
            self._speakers[speaker] = number
        return self._speakers[speaker]

    def _context(self, context: Context | None) -> int | None:
        if context not in self._contexts and context is not None:
            number = self._number(schema.contexts, context.uri, context.name)
            self._contexts[context] = number
        return self._contexts[context]

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
