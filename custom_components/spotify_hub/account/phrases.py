"""What people say around a name: courtesy, filler, and what kind of thing it is.

In English, German, French, Spanish, Dutch and Italian, with accents or without.
"""

from collections.abc import Iterable
from dataclasses import dataclass
import re
import unicodedata

from ..api.uri import UriType

type Kinds = frozenset[UriType]

_TRACK = (
    "song|track|tune|lied|titel|chanson|morceau|canción|nummer|liedje"
    "|canzone|brano|pezzo"
)
_ALBUM = "album|record|platte|álbum|disco|schallplatte"
_ARTIST = (
    "artist|band|singer|group|künstler|künstlerin|sänger|sängerin|gruppe"
    "|artiste|groupe|chanteur|chanteuse|artista|cantante|grupo|artiest|zanger|zangeres"
    "|gruppo"
)
_PLAYLIST = (
    "playlist|wiedergabeliste|liste de lecture|lista de reproducción|lista|afspeellijst"
    "|lista di riproduzione"
)
_THE = (
    "(?:the |this |that |das |den |die |der |la |le |les |l'|el |los |las |het |de "
    "|il |lo |i |gli )?"
)
_CALLED = "(?: called| named| namens| namens von| llamad[oa]| appelée?| chiamat[oa])?"

# A word for music, and one that leads to whose music it is.
_MUSIC = (
    "(?:(?:some|any|more|a few|all|the|a|an) )?(?:music|songs?|tracks?|tunes?|stuff"
    "|albums?|hits|something|anything|everything) (?:by|from)"
)
_MUSIK = (
    "(?:(?:ein|eine|einen|die|das|ein paar) )?(?:musik|lied|lieder|songs?|titel|stücke?"
    "|album|alben|hits|etwas|was|irgendwas|alles)"
    " (?:von (?:der (?:band|gruppe|sängerin)|dem sänger)|vom sänger|von)"
)
_MUSIQUE = (
    "(?:(?:de la|la|les|une|un|des|du) )?"
    "(?:musique|chansons?|morceaux?|titres?|quelque chose) (?:de la|de|du|des|par)"
)
_MUZIEK = "(?:(?:een|de|het|wat) )?(?:muziek|liedjes?|nummers?|iets) van"
_MUSICA = "(?:(?:la|las|una|unas) )?(?:música|canción|canciones|algo) (?:de la|del|de)"
_MUSICA_DI = (
    "(?:(?:della|delle|la|le|una|un|dei) )?"
    "(?:musica|canzoni|canzone|brani|brano|pezzi|pezzo|qualcosa) (?:di|dei|degli|della)"
)
_ELIDED = "(?:(?:de la|la|une|des) )?(?:musique|chansons?|morceaux?|quelque chose) d'"
_SOME = (
    "some|a bit of|a little|a little bit of|etwas|ein bisschen|un peu de"
    "|wat|een beetje|algo de|un poco de|un po' di|un po di"
)
_MY = (
    "my|our|mein|meine|meinen|unser|unsere|unseren"
    "|mon|ma|mes|notre|nos|mijn|onze|mi|mis|nuestra|nuestras"
    "|(?:il |la |i |le )?(?:mio|mia|miei|mie|nostro|nostra|nostri|nostre)"
)
_PLEASE = (
    "please|bitte|s'il (?:te|vous) plait|por favor|alsjeblieft|alstublieft"
    "|per favore|per piacere"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words around a name, and what they say of it.

    A title seldom begins with a firm one, but may well with any other.
    """

    pattern: re.Pattern[str]
    kinds: Kinds = frozenset()
    mine: bool = False
    firm: bool = False


@dataclass(frozen=True, slots=True)
class Stripped:
    """A text without such words, and what they all said."""

    text: str
    kinds: Kinds = frozenset()
    mine: bool = False
    firm: bool = True


def strip(text: str) -> Stripped:
    """Take the phrases off both ends, as long as something is left."""
    kinds: Kinds = frozenset()
    mine, firm = False, True
    text = unicodedata.normalize("NFC", text)
    while (found := _first(text)) is not None:
        phrase, text = found
        kinds = kinds or phrase.kinds
        mine = mine or phrase.mine
        firm = firm and phrase.firm
    return Stripped(text, kinds, mine, firm)


def part_by_kind(text: str) -> tuple[str, str, UriType] | None:
    """Part "the Queen album Jazz" into name, maker, and the kind said between them."""
    text = unicodedata.normalize("NFC", text)
    if (found := _BETWEEN.search(_unaccented(text))) is None:
        return None
    name, maker = (text[slice(*found.span(part))] for part in ("name", "maker"))
    return name, maker, UriType.ALBUM if found["album"] else UriType.TRACK


def without_courtesy(text: str) -> str:
    """Take a closing "please" off, if something is left."""
    text = unicodedata.normalize("NFC", text)
    return _without(_COURTESY, text) or text


def _first(text: str) -> tuple[Phrase, str] | None:
    """Return the first phrase that is there, and the text without it."""
    for phrase in _PHRASES:
        rest = _without(phrase.pattern, text)
        if rest and rest != text:
            return phrase, rest
    return None


def _without(pattern: re.Pattern[str], text: str) -> str:
    """Return a text without what a pattern finds in it, accents aside."""
    found = pattern.search(_unaccented(text))
    return (text[: found.start()] + text[found.end() :]).strip() if found else text


def _unaccented(text: str) -> str:
    """Return a composed text without accents, letter for letter."""
    return "".join(unicodedata.normalize("NFD", letter)[0] for letter in text)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_unaccented(pattern), re.IGNORECASE)


def _leading(alternatives: str) -> re.Pattern[str]:
    return _compiled(rf"^(?:{alternatives}) ")


def _kind(kind: UriType, words: str) -> Iterable[Phrase]:
    """Return how a kind is named before and after the name."""
    kinds = frozenset({kind})
    yield Phrase(_compiled(rf"^{_THE}(?:{words}){_CALLED} "), kinds)
    yield Phrase(_compiled(rf" (?:{words})$"), kinds)


_BETWEEN = _compiled(
    rf"^{_THE}(?P<maker>.+) (?:(?P<album>{_ALBUM})|{_TRACK}) (?P<name>.+)$"
)
_COURTESY = _compiled(rf"[ ,]+(?:{_PLEASE})[.!?]*$")
_PHRASES = (
    Phrase(_compiled(rf"^(?:{_PLEASE}) ")),
    *(
        Phrase(_leading(pattern), frozenset({UriType.ARTIST}), firm=True)
        for pattern in (_MUSIC, _MUSIK, _MUSIQUE, _MUZIEK, _MUSICA, _MUSICA_DI)
    ),
    Phrase(_compiled(rf"^{_ELIDED}"), frozenset({UriType.ARTIST}), firm=True),
    Phrase(_leading(_SOME), firm=True),
    Phrase(_leading(_MY), mine=True),
    *_kind(UriType.TRACK, _TRACK),
    *_kind(UriType.ALBUM, _ALBUM),
    *_kind(UriType.ARTIST, _ARTIST),
    *_kind(UriType.PLAYLIST, _PLAYLIST),
    *_kind(UriType.SHOW, "podcast|show|programa|émission|programma"),
    *_kind(UriType.EPISODE, "episode|folge|episodio|aflevering|puntata"),
    *_kind(
        UriType.AUDIOBOOK, "audiobook|hörbuch|livre audio|audiolibro|luisterboek|book"
    ),
)
