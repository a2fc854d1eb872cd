"""How well a name answers a search text, without regard to case and accents."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
import re
import unicodedata

from rapidfuzz.distance import Levenshtein

# The part of the words that something must have to be found at all.
_LEAST_SHARE = 0.5
# Shorter words must be right.
_SHORT = 3
_NAMES = "artist|album|track|year"
_FIELD = re.compile(rf'\b({_NAMES}):(?:"([^"]*)"|(.*?)(?=\s+(?:{_NAMES}):|$))')
# What Unicode doesn't take apart, and what people leave out.
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "ð": "d", "þ": "th", "'": ""})


@dataclass(frozen=True)
class Query:
    """A search text taken apart: free words, and those for one field."""

    words: tuple[str, ...]
    fields: dict[str, str]


@dataclass(frozen=True)
class Candidate:
    """What a search may find, with all that it is found by."""

    key: str
    title: str
    credits: str
    popularity: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    """What can be asked by field; asked for any other, it isn't found."""


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """Return the words and pictograms of a text in their plainest form."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = "".join(one for one in apart if not unicodedata.combining(one))
    return tuple(
        found
        for found in re.findall(r"\w+|[^\w\s]", plain)
        if found[0].isalnum() or unicodedata.category(found[0]) == "So"
    )


def parse(text: str) -> Query:
    """Take a search text apart."""
    fields = {name: quoted or bare for name, quoted, bare in _FIELD.findall(text)}
    return Query(words(_FIELD.sub(" ", text)), fields)


def rank(
    query: Query, candidate: Candidate, *, near: bool = False
) -> tuple[float, int, str, str] | None:
    """Return what sorts the candidate, best first; None if it doesn't match.

    `near`: it may have other letters, or only half of the words.
    """
    for name, asked in query.fields.items():
        value = candidate.fields.get(name)
        matches = _in_years if name == "year" else _said_of
        if value is None or not matches(asked, value):
            return None
    title = words(candidate.title)
    among = {*title, *words(candidate.credits)}
    closeness: float
    if _found(query.words, among):
        closeness = _closeness(query.words, title)
    elif near and (share := _share(query.words, title, among)) >= _LEAST_SHARE:
        closeness = share - 1
    else:
        return None
    if not query.words and not query.fields:
        return None
    return (-closeness, -candidate.popularity, candidate.title, candidate.key)


def _found(asked: Sequence[str], among: Collection[str]) -> bool:
    """Tell whether all words are there; the last one may be half typed."""
    return not asked or (
        all(word in among for word in asked[:-1])
        and any(word.startswith(asked[-1]) for word in among)
    )


def _share(asked: Sequence[str], title: Sequence[str], among: Collection[str]) -> float:
    """Return how many of the words are there, letters apart: from 0 to 1."""
    if _misspelt("".join(asked), "".join(title)):
        return 1
    found = sum(any(_misspelt(word, one) for one in among) for word in asked)
    return found / len(asked) if asked else 0


@lru_cache(maxsize=65536)
def _misspelt(word: str, meant: str) -> bool:
    """Tell whether a word is another with a letter wrong, missing, or too many in six."""
    if word == meant:
        return True
    wrong = max(len(word), len(meant)) // 6 + 1 if len(word) > _SHORT else 0
    return wrong >= Levenshtein.distance(word, meant)


def _said_of(asked: str, value: str) -> bool:
    return set(words(asked)) <= set(words(value))


def _in_years(asked: str, released: str) -> bool:
    first, _, last = asked.partition("-")
    return first.strip() <= released[:4] <= (last or first).strip()


def _closeness(asked: Sequence[str], title: Sequence[str]) -> int:
    """Return 3 for the exact title, 2 for it among other words, 1 for a part of it."""
    if tuple(asked) == tuple(title):
        return 3
    if title and set(title) <= set(asked):
        return 2
    return int(_found(asked, title))
