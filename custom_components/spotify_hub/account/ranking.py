"""Which of the things found is the one that was meant."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from functools import lru_cache
from itertools import count
import re
import unicodedata

from ..api.models import Album
from ..api.uri import UriType
from .hits import Hit
from .query import Query, Reading

# From this tier on nothing better is to be expected of another question.
SURE = 6

_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
    | {"&": " and ", "'": "", "\N{RIGHT SINGLE QUOTATION MARK}": ""}
)
_DASH = r"\s[-\u2013\u2014]\s"
_SUFFIX = re.compile(rf"\s*(?:[(\[]([^()\[\]]*)[)\]]|{_DASH}((?:(?!{_DASH}).)*))$")
_OTHERS = """
    8d acoustic cover covers demo instrumental karaoke lullaby live mixed nightcore
    rehearsal remix slowed sped tribute unplugged
"""
_SAME = """
    anniversary bonus clean deluxe edit edition expanded explicit feat featuring ft
    legacy mono original reissue remaster remastered single stereo version with
"""
_OTHER_RECORDINGS = frozenset(_OTHERS.split())
_SAME_RECORDING = frozenset(_SAME.split())
_IMITATORS = frozenset({"karaoke", "tribute"})
_YEAR = re.compile(r"(?:19|20)\d\d")
_PLAYLIST_FILLER = frozenset({"mix", "playlist"})
_LIKENESS = 0.85
_SHORTEST_LIKE = 5


class Match(IntEnum):
    """How well a name answers what was asked."""

    NONE = 0
    PART = 1
    NEAR = 2
    EXACT = 3


_TIERS = {Match.EXACT: SURE, Match.NEAR: 5, Match.PART: 3, Match.NONE: 0}
_OTHER_KINDS_TIERS = {Match.EXACT: 4, Match.NEAR: 2, Match.PART: 1, Match.NONE: -1}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A hit and how well it fits; below tier 1 only Spotify finds that it does."""

    hit: Hit
    tier: int


@dataclass(frozen=True, slots=True)
class Name:
    """A name in comparable words, and those of them without version and year."""

    words: tuple[str, ...]
    base: tuple[str, ...]
    version: frozenset[str] = frozenset()


def rank(query: Query, hits: Iterable[Hit]) -> list[Ranked]:
    """Return the hits, best first; own playlists that do not match are left out.

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
            not hit.own,
            bool((name.version & _OTHER_RECORDINGS) - asked) or _imitated(hit, asked),
            _precedence(hit, credited, leader),
            name.words != name.base,
            position,
        )
        keyed.append((key, Ranked(hit, -below)))
    keyed.sort(key=lambda one: one[0])
    return [ranked for _, ranked in keyed]


def match(reading: Reading, hit: Hit) -> Match:
    """Tell how well a hit answers one reading of a query."""
    asked = words(reading.name)
    name = _name(hit)
    same = _squashed(asked) in {_squashed(name.words), _squashed(name.base)}
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
    if set(asked) <= set(name.words):
        named_so = hit.kind is UriType.PLAYLIST and UriType.PLAYLIST in reading.kinds
        most_of_it = 2 * len(asked) >= len(name.base)
        return Match.NEAR if named_so or most_of_it else Match.PART
    if _alike(_squashed(asked), _squashed(name.base)):
        return Match.NEAR
    known = {*name.words, *(word for maker in hit.makers for word in words(maker))}
    begun = all(any(one.startswith(word) for one in known) for word in asked)
    return Match.PART if begun else Match.NONE


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Return a text's words without case, accents, punctuation and "the".

    A text of signs alone is one word.
    """
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = "".join(one for one in apart if not unicodedata.combining(one))
    found = re.findall(r"\w+", plain) or [plain.strip()]
    return tuple(word for word in found if word != "the") or tuple(found)


def _tier(reading: Reading, hit: Hit) -> int:
    """Weigh how well it matches against whether it is what was asked for."""
    found = match(reading, hit)
    if reading.kinds and hit.kind not in reading.kinds:
        return _OTHER_KINDS_TIERS[found]
    if hit.own and found is Match.EXACT:
        return SURE + 2
    if hit.own and found is Match.NEAR and (reading.kinds or reading.mine):
        return SURE + 1
    return _TIERS[found]


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
        wanted == by
        or set(wanted) <= set(by)
        or _alike(_squashed(wanted), _squashed(by))
        for by in map(words, hit.makers)
    )


def _names_maker_too(asked: tuple[str, ...], name: Name, hit: Hit) -> bool:
    """Tell whether "so what miles davis" was asked, without a "by"."""
    rest = set(asked) - set(name.base)
    return set(name.base) <= set(asked) and any(
        rest and rest == set(words(maker)) - set(name.base) for maker in hit.makers
    )


def _name(hit: Hit) -> Name:
    return _name_of(hit.name, is_playlist=hit.kind is UriType.PLAYLIST)


@lru_cache(maxsize=4096)
def _name_of(text: str, *, is_playlist: bool) -> Name:
    whole = words(text)
    if is_playlist:
        plain = tuple(
            word
            for word in whole
            if not _YEAR.fullmatch(word) and word not in _PLAYLIST_FILLER
        )
        return Name(whole, plain or whole)
    version: set[str] = set()
    base = text
    while (suffix := _SUFFIX.search(base)) and base[: suffix.start()].strip():
        said = set(words(suffix[1] or suffix[2] or ""))
        if not said & (_OTHER_RECORDINGS | _SAME_RECORDING):
            break
        version |= said
        base = base[: suffix.start()]
    return Name(whole, words(base), frozenset(version))


@lru_cache(maxsize=8192)
def _squashed(some: tuple[str, ...]) -> str:
    """Return words without the spaces that speech can't tell: "AC/DC", "acdc"."""
    return "".join(some)


def _alike(one: str, other: str) -> bool:
    """Tell whether two names sound or look alike, as misheard and mistyped ones do."""
    if min(len(one), len(other)) < _SHORTEST_LIKE or abs(len(one) - len(other)) > 2:
        return False
    if _digits(one) != _digits(other):
        return False
    matcher = SequenceMatcher(None, one, other)
    return matcher.quick_ratio() >= _LIKENESS and matcher.ratio() >= _LIKENESS


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
