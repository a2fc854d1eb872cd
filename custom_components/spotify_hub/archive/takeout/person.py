"""Whose export it is: by the name that it bears, else by the plays that are known.

Names are compared and let go; none is kept or told.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
import heapq
import json
import random

from ..records import Sighting
from .errors import READ_ERRORS, TakeoutError
from .file import File
from .files import Export
from .json_rows import json_rows
from .rows import username

# How many of some sightings of an account its archive holds as plays, whoever saw them.
type Knows = Callable[[str, Sequence[Sighting]], int]

# Plays by which an account is told: of all times, and the latest of all.
SAMPLE = 200
# Two people hardly ever stop the same item in the same second.
ENOUGH = 5
CLEARLY = 4

_MAX_USER_DATA = 1 << 20


class Verdict(StrEnum):
    """Whether an export is of an account that is linked."""

    MATCH = "match"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose export it is; `account` only of a match."""

    verdict: Verdict
    account: str | None = None


NOBODY_KNOWN = Owner(Verdict.UNKNOWN)


class Sample:
    """A few of many sightings: some of all times, and the latest."""

    def __init__(self) -> None:
        """Begin without any."""
        self._some: list[Sighting] = []
        self._latest: list[tuple[int, int, Sighting]] = []
        self._seen = 0
        # The same export gives the same sample.
        self._dice = random.Random(0)

    def add(self, sightings: Sequence[Sighting]) -> None:
        """See more sightings."""
        for sighting in sightings:
            self._seen += 1
            if len(self._some) < SAMPLE:
                self._some.append(sighting)
            elif (place := int(self._dice.random() * self._seen)) < SAMPLE:
                self._some[place] = sighting
            if len(self._latest) < SAMPLE:
                heapq.heappush(self._latest, (sighting.stamp, self._seen, sighting))
            elif sighting.stamp > self._latest[0][0]:
                latest = (sighting.stamp, self._seen, sighting)
                heapq.heapreplace(self._latest, latest)

    def of(self, account: str) -> tuple[Sighting, ...]:
        """Return it as sightings of an account, each once."""
        latest = (sighting for _, _, sighting in self._latest)
        chosen = dict.fromkeys((*self._some, *latest))
        return tuple(replace(sighting, account=account) for sighting in chosen)


def names_in(export: Export) -> frozenset[str]:
    """Return the names that an export bears, folded: its user data's, its first rows'."""
    names = [_name_in_user_data(file) for file in export.user_data]
    names += [_name_in_first_row(file) for file in export.history]
    return frozenset(folded(name) for name in names if name)


def folded(name: str) -> str:
    """Return a user name as it is compared."""
    return name.strip().casefold()


def owner_by_name(
    names: Collection[str], accounts: Mapping[str, Collection[str]]
) -> Owner:
    """Tell the owner by folded names; `accounts` are those linked, with their ids."""
    if not names:
        return NOBODY_KNOWN
    for account, own in accounts.items():
        if frozenset(names) <= set(map(folded, own)):
            return Owner(Verdict.MATCH, account)
    return Owner(Verdict.FOREIGN)


def owner_by_plays(sample: Sample, accounts: Collection[str], knows: Knows) -> Owner:
    """Tell the owner by whose archive knows clearly the most of a sample."""
    hits = sorted(((knows(one, sample.of(one)), one) for one in accounts), reverse=True)
    (most, account), (next_most, _) = (*hits, (0, ""), (0, ""))[:2]
    if most >= ENOUGH and most >= CLEARLY * next_most:
        return Owner(Verdict.MATCH, account)
    return NOBODY_KNOWN


def _name_in_user_data(file: File) -> str | None:
    try:
        with file.open() as stream:
            data = json.loads(stream.read(_MAX_USER_DATA))
    except (*READ_ERRORS, TakeoutError):
        # It may be of any form; the preview then asks.
        return None
    return username(data) if isinstance(data, dict) else None


def _name_in_first_row(file: File) -> str | None:
    with closing(json_rows(file.open(), file.name)) as rows:
        return username(next(rows, {}))
