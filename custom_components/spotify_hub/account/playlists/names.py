"""Which playlist a URI, a link or a name means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
import unicodedata

from rapidfuzz import fuzz, process

from ...api.uri import InvalidUriError, SpotifyUri, UriType, parse_uri
from ...failures import invalid

# How alike a name must be, of 100, to be offered in place of one that is unknown.
_NEAR = 60
_MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A playlist and one name that it goes by."""

    uri: str
    name: str


def fold(text: str) -> str:
    """Return a text without accents, upper case and needless space."""
    # Some letters are upper case again once they are decomposed.
    while (folded := _folded(text)) != text:
        text = folded
    return text


def playlist_uri(text: str) -> SpotifyUri | None:
    """Return the playlist that a URI or link points at; None for what may be a name.

    Raises:
        ServiceValidationError: it points at something else.
    """
    try:
        uri = parse_uri(text)
    except InvalidUriError:
        if text.lower().startswith(("spotify:", "http:", "https:", "open.spotify.")):
            raise invalid("not_a_spotify_link", uri=text) from None
        return None
    if uri.type is not UriType.PLAYLIST:
        raise invalid("wrong_kind", uri=str(uri), kinds=UriType.PLAYLIST.value)
    return uri


def find(name: str, candidates: Iterable[Candidate]) -> str | None:
    """Return the URI of the playlist of this name: of exactly this one, if there is.

    Raises:
        ServiceValidationError: several are called so.
    """
    known = list(candidates)
    return find_exact(name, known) or find_folded(name, known)


def find_exact(name: str, candidates: Iterable[Candidate]) -> str | None:
    """Return the URI of the playlist of exactly this name; raises like `find`."""
    wanted = name.strip()
    return _only(name, {one.uri for one in candidates if one.name.strip() == wanted})


def find_folded(name: str, candidates: Iterable[Candidate]) -> str | None:
    """Return the URI of the playlist of such a name; raises like `find`."""
    wanted = fold(name)
    return _only(name, {one.uri for one in candidates if fold(one.name) == wanted})


def near(name: str, candidates: Iterable[Candidate]) -> Sequence[str]:
    """Return the names that come nearest."""
    names = dict.fromkeys(one.name for one in candidates)
    hits = process.extract(
        name, names.keys(), scorer=fuzz.WRatio, processor=fold, limit=_MOST_NEAR
    )
    return [hit for hit, score, _ in hits if score >= _NEAR]


def _only(name: str, uris: set[str]) -> str | None:
    if len(uris) > 1:
        raise invalid("playlist_ambiguous", playlist=name, uris=", ".join(sorted(uris)))
    return next(iter(uris), None)


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        "".join(one for one in letters if not unicodedata.combining(one)).split()
    )
