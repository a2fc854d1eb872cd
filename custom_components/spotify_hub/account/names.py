"""Names as they are compared: in plain words, and by how much they look alike."""

from dataclasses import dataclass
from functools import lru_cache
import re
import unicodedata

from rapidfuzz import fuzz

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
OTHER_RECORDINGS = frozenset(_OTHERS.split())
_SAME_RECORDING = frozenset(_SAME.split())
_ARTICLES = """
    das de dem den der des die el gli het il la las le les lo los
"""
_ARTICLE_WORDS = frozenset(_ARTICLES.split())
# Decades as they are said, and as playlists are called.
_SAID_DECADES = {
    "fifties": "50s",
    "sixties": "60s",
    "seventies": "70s",
    "eighties": "80s",
    "nineties": "90s",
    "fünfziger": "50er",
    "sechziger": "60er",
    "siebziger": "70er",
    "achtziger": "80er",
    "neunziger": "90er",
}
_NUMBERS = """
    one two three four five six seven eight nine ten eleven twelve
"""
_DIGITS = {word: str(number) for number, word in enumerate(_NUMBERS.split(), 1)}
_DECADE = re.compile(r"(\d0)(?:er|ies)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PLAYLIST_FILLER = frozenset({"mix", "playlist"})
# In percent. A wrong letter is more than that in a word of six letters.
_LIKENESS = 85
_SHORTEST_LIKE = 5
# Shorter names that begin differently are other words: "calling" and "falling".
_LONG = 8


@dataclass(frozen=True, slots=True)
class Name:
    """A name in comparable words, and those of them without version and year."""

    words: tuple[str, ...]
    base: tuple[str, ...]
    version: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Return a text's words without case, accents, punctuation and "the".

    A text of signs alone is one word.
    """
    folded = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    apart = unicodedata.normalize("NFKD", folded)
    plain = "".join(one for one in apart if not unicodedata.combining(one))
    found = re.findall(r"\w+", _DECADE.sub(r"\1s", plain)) or [plain.strip()]
    return tuple(word for word in found if word != "the") or tuple(found)


def without_article(some: tuple[str, ...]) -> tuple[str, ...]:
    """Return words without the article they begin with, which others may inflect."""
    return some[1:] if len(some) > 1 and some[0] in _ARTICLE_WORDS else some


def with_digits(text: str) -> str:
    """Return a text with its decades in digits: "nineties rock" as "90s rock"."""
    return " ".join(_SAID_DECADES.get(word.casefold(), word) for word in text.split())


@lru_cache(maxsize=4096)
def name_of(text: str, *, is_playlist: bool) -> Name:
    """Take a name apart; a playlist's year and the word "mix" are no part of it."""
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
        if not said & (OTHER_RECORDINGS | _SAME_RECORDING):
            break
        version |= said
        base = base[: suffix.start()]
    return Name(whole, words(base), frozenset(version))


@lru_cache(maxsize=8192)
def squashed(some: tuple[str, ...]) -> str:
    """Return words without the spaces that speech can't tell: "AC/DC", "acdc"."""
    return "".join(some)


@lru_cache(maxsize=8192)
def heard(some: tuple[str, ...]) -> str:
    """Return words as they sound: without spaces, "five" and "5" alike."""
    return "".join(_DIGITS.get(word, word) for word in some)


def alike(one: str, other: str) -> bool:
    """Tell whether two names sound or look alike, as misheard and mistyped ones do."""
    shortest = min(len(one), len(other))
    if shortest < _SHORTEST_LIKE or abs(len(one) - len(other)) > 2:
        return False
    if shortest < _LONG and one[0] != other[0]:
        return False
    if _digits(one) != _digits(other):
        return False
    return fuzz.ratio(one, other) >= _LIKENESS


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())
