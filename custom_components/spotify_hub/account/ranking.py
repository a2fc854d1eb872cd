"""Which of the things found is the one that was meant."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import count

from ..api.models import Album, Track
from ..api.uri import UriType
from ..pins import Pin
from .hits import Hit, is_liked
from .names import (
    OTHER_RECORDINGS,
    Name,
    alike,
    heard,
    name_of,
    squashed,
    without_article,
    words,
)
from .query import Query, Reading

# From this tier on a name is nearly or wholly what was said.
LIKELY = 5
# From this tier on nothing better is to be expected of another question.
SURE = 6
# From this tier on something of one's own has exactly the name that was said.
NAMED = 8

_IMITATORS = frozenset({"karaoke", "tribute"})


class Match(IntEnum):
    """How well a name answers what was asked."""

    NONE = 0
    PART = 1
    NEAR = 2
    EXACT = 3


_TIERS = {Match.EXACT: SURE, Match.NEAR: LIKELY, Match.PART: 3, Match.NONE: 0}
_OTHER_KINDS_TIERS = {Match.EXACT: 4, Match.NEAR: 2, Match.PART: 1, Match.NONE: -1}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A hit and how well it fits; below tier 1 only Spotify finds that it does."""

    hit: Hit
    tier: int


def rank(query: Query, hits: Iterable[Hit]) -> list[Ranked]:
    """Return the hits, best first; what is one's own and does not match is left out.

    Hits of one kind come in Spotify's order, which decides between equals.
    """
    hits = list(hits)
    credited = {
        words(maker)
        for hit in hits
        if hit.kind in {UriType.ALBUM, UriType.TRACK}
        for maker in hit.makers
    }
    leader = next((_name(hit).base for hit in hits if hit.kind is UriType.TRACK), ())
    asked = {word for reading in query.readings for word in words(reading.name)}
    keyed = []
    for position, hit in _numbered(hits):
        below, reading = min(
            (
                (-_tier(reading, hit), index)
                for index, reading in enumerate(query.readings)
            ),
            default=(0, 0),
        )
        if hit.own and below >= 0:
            continue
        name = _name(hit)
        key = (
            below,
            reading,
            not isinstance(hit.item, Pin),
            not hit.own,
            bool((name.version & OTHER_RECORDINGS) - asked) or _imitated(hit, asked),
            _precedence(hit, credited, leader),
            name.words != name.base,
            position,
        )
        keyed.append((key, Ranked(hit, -below)))
    keyed.sort(key=lambda one: one[0])
    return [ranked for _, ranked in keyed]


def match(reading: Reading, hit: Hit) -> Match:
    """Tell how well a hit answers one reading of a query, by any name it goes by."""
    return max(
        _match(reading, hit, _name(hit, name)) for name in (hit.name, *hit.aliases)
    )


def _match(reading: Reading, hit: Hit, name: Name) -> Match:
    asked = words(reading.name)
    same = heard(asked) in {heard(name.words), heard(name.base)}
    if reading.literal and not same:
        return Match.NONE
    if reading.maker and not _made_by(reading.maker, hit):
        if hit.kind is UriType.ARTIST and words(reading.maker) == name.words:
            return Match.PART
        return Match.NONE
    if same:
        return Match.EXACT
    if not reading.maker and _names_maker_too(asked, name, hit):
        return Match.EXACT
    if not reading.maker and _names_album_too(asked, name, hit):
        return Match.NEAR
    if set(asked) <= set(name.words):
        if reading.maker and not reading.strict:
            # Nobody else's is meant, so a part of the name tells enough.
            return Match.NEAR
        named_so = hit.kind is UriType.PLAYLIST and UriType.PLAYLIST in reading.kinds
        most_of_it = 2 * len(asked) >= len(name.base)
        whole = most_of_it or (named_so and not reading.strict)
        return Match.NEAR if whole else Match.PART
    if _alike(asked, name.base):
        return Match.NEAR
    known = {*name.words, *(word for maker in hit.makers for word in words(maker))}
    begun = all(any(_begins(one, word) for one in known) for word in asked)
    return Match.PART if begun else Match.NONE


def _begins(word: str, asked: str) -> bool:
    """Tell whether a word begins like this, or was misheard or mistyped so."""
    return word.startswith(asked) or alike(word, asked)


def _tier(reading: Reading, hit: Hit) -> int:
    """Weigh how well it matches against whether it is what was asked for."""
    found = match(reading, hit)
    if reading.kinds and hit.kind not in reading.kinds:
        return _OTHER_KINDS_TIERS[found]
    if hit.own and found is Match.EXACT:
        if is_liked(hit) and not is_of_song(reading):
            # A playlist of that name comes before it.
            return SURE + 1
        return NAMED + isinstance(hit.item, Pin)
    if is_liked(hit):
        return _TIERS[found]
    # Who names several kinds, or none, may mean something else altogether.
    if hit.own and found is Match.NEAR and (reading.mine or len(reading.kinds) == 1):
        return SURE + 1
    return _TIERS[found]


def is_of_song(reading: Reading) -> bool:
    """Tell whether a reading says that it is of a song, or whose."""
    return bool(reading.maker) or reading.kinds == {UriType.TRACK}


def _precedence(
    hit: Hit, credited: set[tuple[str, ...]], leader: tuple[str, ...]
) -> int:
    """Return what is likelier meant when several things have the same name.

    An artist whose music the same search finds; a track that comes first among
    tracks; an album; then the rest.
    """
    match hit.kind:
        case UriType.ARTIST if words(hit.name) in credited:
            return 0
        case UriType.TRACK if _name(hit).base == leader:
            return 1
        case UriType.ALBUM if not _is_single(hit):
            return 2
        case UriType.TRACK:
            return 3
        case UriType.ARTIST | UriType.ALBUM:
            return 4
        case UriType.PLAYLIST:
            return 5
        case UriType.EPISODE:
            return 7
    return 6


def _is_single(hit: Hit) -> bool:
    return isinstance(hit.item, Album) and hit.item.album_type == "single"


def _numbered(hits: Iterable[Hit]) -> Iterator[tuple[int, Hit]]:
    """Number the hits of each kind."""
    counters = {kind: count() for kind in UriType}
    for hit in hits:
        yield next(counters[hit.kind]), hit


def _imitated(hit: Hit, asked: set[str]) -> bool:
    by = {word for maker in hit.makers for word in words(maker)}
    return bool(by & _IMITATORS - asked)


def _made_by(maker: str, hit: Hit) -> bool:
    wanted = words(maker)
    return any(
        set(wanted) <= set(by) or _alike(wanted, by) for by in map(words, hit.makers)
    )


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether names sound alike, or are the same with another article."""
    if alike(squashed(one), squashed(other)):
        return True
    plain, plain_other = without_article(one), without_article(other)
    if (plain, plain_other) == (one, other):
        return False
    return plain == plain_other or alike(squashed(plain), squashed(plain_other))


def _names_maker_too(asked: tuple[str, ...], name: Name, hit: Hit) -> bool:
    """Tell whether "so what miles davis" was asked, without a "by"."""
    rest = set(asked) - set(name.base)
    return set(name.base) <= set(asked) and any(
        rest and rest == set(words(maker)) - set(name.base) for maker in hit.makers
    )


def _names_album_too(asked: tuple[str, ...], name: Name, hit: Hit) -> bool:
    """Tell whether "polly unplugged" was asked: a track, and words of its album."""
    if not isinstance(hit.item, Track) or hit.item.album is None:
        return False
    rest = set(asked) - set(name.base)
    album = {*words(hit.item.album.name), *words(hit.subtitle)}
    return bool(rest) and set(name.base) <= set(asked) and rest <= album


def _name(hit: Hit, name: str | None = None) -> Name:
    """Return the name of a hit, or another that it goes by, in comparable words."""
    return name_of(name or hit.name, is_playlist=hit.kind is UriType.PLAYLIST)
