"""Names that may be said: of accounts, speakers and rooms, playlists and pins."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
import re
import unicodedata

# What can't be told apart from other words when it is spoken.
_SIGNS = re.compile(r"[^\w'\-]+")
_NUMBER_AT_END = re.compile(r" \d{2,4}$")
# Sentences are made of all names; a longer list of playlists makes all of them slow.
MOST_PLAYLISTS = 300
_SHORTEST = 2
_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"


@dataclass(frozen=True, slots=True)
class Names:
    """What is called how, as it is written."""

    account: tuple[str, ...] = ()
    speaker: tuple[str, ...] = ()
    playlist: tuple[str, ...] = ()
    pin: tuple[str, ...] = ()

    def __add__(self, other: Names) -> Names:
        """Return the names of both, each once."""
        both = (
            dict.fromkeys((*getattr(self, one.name), *getattr(other, one.name)))
            for one in fields(self)
        )
        return Names(*map(tuple, both))


# What can be played by name: playlists and pins.
OWN = "own"
# The lists of names, by which sentences refer to them.
LISTS = (*(one.name for one in fields(Names)), OWN)


@dataclass(frozen=True, slots=True)
class SpokenNames:
    """How the names of each list are said, and what is meant by that."""

    by_list: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of(self, kind: str) -> Mapping[str, str]:
        """Return the names of a list by how they are said."""
        return self.by_list.get(kind, {})


def spoken_names(names: Names, conjunction: str) -> SpokenNames:
    """Return how names are said in a language, whose word for "&" is given."""
    said = {
        one.name: _said(getattr(names, one.name), conjunction) for one in fields(Names)
    }
    return SpokenNames({**said, OWN: {**said["playlist"], **said["pin"]}})


def own_name(said: str, names: Iterable[str]) -> str | None:
    """Return which of somebody's names is meant by what may be another's."""
    return _said(names, "&").get(plain(said, "&"))


def _said(names: Iterable[str], conjunction: str) -> dict[str, str]:
    """Return what each way to say a name means: the first that is called so."""
    known = list(names)[:MOST_PLAYLISTS]
    whole = {name: plain(name, conjunction) for name in known}
    said: dict[str, str] = {}
    for name, words in whole.items():
        for form in _forms(words):
            said.setdefault(form, name)
    short: dict[str, list[str]] = {}
    for name, words in whole.items():
        short.setdefault(_NUMBER_AT_END.sub("", words), []).append(name)
    for words, meant in short.items():
        # "Summer" is none of five summers, but "Workout" is "Workout 2026".
        if len(meant) == 1:
            for form in _forms(words):
                said.setdefault(form, meant[0])
    return said


def _forms(words: str) -> Iterator[str]:
    if len(words) < _SHORTEST:
        return
    yield words
    without = _without_accents(words)
    if without != words:
        yield without


def plain(text: str, conjunction: str) -> str:
    """Return a text in words as they are spoken, without signs."""
    with_words = text.replace("&", f" {conjunction} ").replace(_APOSTROPHE, "'")
    return _SIGNS.sub(" ", with_words).strip(" -'_").lower()


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(one for one in apart if not unicodedata.combining(one))
