"""What people say around a name: courtesy, filler, and what kind of thing it is.

In English, German, French, Dutch and Spanish.
"""

from collections.abc import Iterable
from dataclasses import dataclass
import re

from ..api.uri import UriType

type Kinds = frozenset[UriType]

_TRACK = "song|track|tune|lied|titel|chanson|morceau|canción|cancion|nummer|liedje"
_ALBUM = "album|record|platte|álbum|disco|schallplatte"
_ARTIST = (
    "artist|band|singer|group|künstler|künstlerin|sänger|sängerin|gruppe"
    "|artiste|groupe|chanteur|chanteuse|artista|cantante|grupo|artiest|zanger|zangeres"
)
_PLAYLIST = (
    "playlist|wiedergabeliste|liste de lecture|lista de reproducción|lista|afspeellijst"
)
_THE = (
    r"(?:the |this |that |das |den |die |der |la |le |les |l'|el |los |las |het |de )?"
)
_CALLED = r"(?: called| named| namens| namens von)?"

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
_MUSICA = (
    "(?:(?:la|las|una|unas) )?(?:música|musica|canción|canciones|algo) (?:de la|del|de)"
)
_ELIDED = r"(?:(?:de la|la|une|des) )?(?:musique|chansons?|morceaux?|quelque chose) d'"
_SOME = (
    "some|a bit of|a little|a little bit of|etwas|ein bisschen|un peu de"
    "|wat|een beetje|algo de|un poco de"
)
_MY = (
    "my|our|mein|meine|meinen|unser|unsere|unseren"
    "|mon|ma|mes|notre|nos|mijn|onze|mi|mis|nuestra|nuestras"
)
_PLEASE = r"please|bitte|s'il (?:te|vous) pla[iî]t|por favor|alsjeblieft|alstublieft"


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
    while (found := _first(text)) is not None:
        phrase, text = found
        kinds = kinds or phrase.kinds
        mine = mine or phrase.mine
        firm = firm and phrase.firm
    return Stripped(text, kinds, mine, firm)


def without_courtesy(text: str) -> str:
    """Take a closing "please" off, if something is left."""
    return _COURTESY.sub("", text).strip() or text


def _first(text: str) -> tuple[Phrase, str] | None:
    """Return the first phrase that is there, and the text without it."""
    for phrase in _PHRASES:
        rest = phrase.pattern.sub("", text, count=1).strip()
        if rest and rest != text:
            return phrase, rest
    return None


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _leading(alternatives: str) -> re.Pattern[str]:
    return _compiled(rf"^(?:{alternatives}) ")


def _kind(kind: UriType, words: str) -> Iterable[Phrase]:
    """Return how a kind is named before and after the name."""
    kinds = frozenset({kind})
    yield Phrase(_compiled(rf"^{_THE}(?:{words}){_CALLED} "), kinds)
    yield Phrase(_compiled(rf" (?:{words})$"), kinds)


_COURTESY = _compiled(rf"[ ,]+(?:{_PLEASE})$")
_PHRASES = (
    Phrase(_compiled(rf"^(?:{_PLEASE}) ")),
    *(
        Phrase(_leading(pattern), frozenset({UriType.ARTIST}), firm=True)
        for pattern in (_MUSIC, _MUSIK, _MUSIQUE, _MUZIEK, _MUSICA)
    ),
    Phrase(_compiled(rf"^{_ELIDED}"), frozenset({UriType.ARTIST}), firm=True),
    Phrase(_leading(_SOME), firm=True),
    Phrase(_leading(_MY), mine=True),
    *_kind(UriType.TRACK, _TRACK),
    *_kind(UriType.ALBUM, _ALBUM),
    *_kind(UriType.ARTIST, _ARTIST),
    *_kind(UriType.PLAYLIST, _PLAYLIST),
    *_kind(UriType.SHOW, "podcast|show|programa|émission"),
    *_kind(UriType.EPISODE, "episode|folge|épisode|episodio|aflevering"),
    *_kind(
        UriType.AUDIOBOOK, "audiobook|hörbuch|livre audio|audiolibro|luisterboek|book"
    ),
)
