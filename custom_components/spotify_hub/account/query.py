"""What a spoken or typed query asks for, in every way it can be read.

Home Assistant's sentences cut words such as "song" out of a query and pass them
on as a class, even where they belong to a title; whatever else is said, such as
"by" and "my", stays in the query.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
import re

from ..api.uri import UriType
from . import phrases
from .names import with_digits
from .phrases import Kinds

# Spotify refuses queries of more than 250 characters.
_LONGEST = 200
_MOST_SPLITS = 3

# Home Assistant's media classes; others say nothing about what is meant.
_KINDS: dict[str, UriType] = {
    "album": UriType.ALBUM,
    "artist": UriType.ARTIST,
    "composer": UriType.ARTIST,
    "contributing_artist": UriType.ARTIST,
    "episode": UriType.EPISODE,
    "genre": UriType.PLAYLIST,
    "playlist": UriType.PLAYLIST,
    "podcast": UriType.SHOW,
    "track": UriType.TRACK,
    "tv_show": UriType.SHOW,
}
# The words that its sentences cut out for a class; Spotify is asked with the first.
_CUT: dict[str, tuple[str, ...]] = {
    "album": ("album",),
    "artist": ("artist", "band"),
    "movie": ("movie", "film"),
    "playlist": ("playlist",),
    "podcast": ("podcast",),
    "track": ("song", "track", "lied", "nummer", "chanson"),
    "tv_show": ("show", "tv show", "serie"),
}
# Titles that begin with such a word, and come without its letters.
_TITLE_WORDS = """
    filmmusik filmriss filmstar liedermacher moviestar showbiz showboat showdown
    showgirl showgirls showman showmen showroom showstopper showtime songbird
    songbirds songbook songline songlines songsmith songwriter songwriters trackstar
"""
_WHOLE_WORDS = frozenset(_TITLE_WORDS.split())
_PLURAL = re.compile(r"^s(?= |$)", re.IGNORECASE)
_BY = re.compile(
    r"(?<!\S)(?:(?:by|von|vom|de|del|du|des|par|por|van|door|di|da|dei|degli|della)"
    r"(?!\S)|(?:d|dell|degl)')",
    re.IGNORECASE,
)
# No maker's name begins so: "Stand by Me", "Right by Your Side".
_PRONOUNS = "dir du me meine meiner mich mir moi mon my te ti toi us you your"
_NO_MAKERS = frozenset(_PRONOUNS.split())
_GENRE_WORDS = """
    50er 50s 60er 60s 70er 70s 80er 80s 90er 90s acoustic ambient autumn baroque bebop blues bossa calm chill chillhop
    chillout christmas classic classica classical classique club clásica country
    dance dinner disco dub edm electro electronic electronica focus folk funk gospel
    grunge halloween hip hits hop house indie instrumental jazz kerst kids kindermusik
    klassiek klassik klassische latin lofi lounge meditation metal motown music
    musica musik musique muziek música natale navidad nova noël oper opera party
    piano pop psychedelic punk r&b rap reggae reggaeton relajante relax relaxing
    rilassante rock romantic salsa schlager ska sleep soft soul soundtrack study
    summer swing synthwave techno trance trap weihnachten weihnachtsmusik winter
    workout yoga
"""
_MUSIC = frozenset(("music", "musica", "musik", "musique", "muziek", "música"))
_GENRES = frozenset(_GENRE_WORDS.split())
_PLAYLIST: Kinds = frozenset({UriType.PLAYLIST})


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a query.

    Without `kinds` it may be anything. `mine`: the speaker called it theirs.
    `literal`: it counts only if something has exactly this name. `strict`: a word
    of a name does not stand for it.
    """

    name: str
    maker: str = ""
    kinds: Kinds = frozenset()
    mine: bool = False
    literal: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it may be read, likeliest first, and the one text to ask Spotify."""

    readings: tuple[Reading, ...] = ()
    text: str = ""
    kinds: Kinds = frozenset()


def parse(
    text: str,
    classes: Collection[str] = (),
    *,
    kinds: Kinds = frozenset(),
    strict: bool = False,
) -> Query:
    """Read a query; `classes` are the values of Home Assistant's MediaClass.

    `kinds` say the same in Spotify's terms.
    """
    straight = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    whole = " ".join(straight.split())[:_LONGEST].strip()
    if not whole:
        return Query()
    kinds |= {_KINDS[one] for one in classes if one in _KINDS}
    # A sentence has one class; several come from somebody who chose them.
    cut = _CUT.get(next(iter(classes)), ()) if len(classes) == 1 else ()
    if cut and _PLURAL.match(whole):
        # "songs by …" comes as "s by …".
        whole, kinds, cut = cut[0] + whole, frozenset(), ()
    spoken = phrases.without_courtesy(whole)
    stripped = phrases.strip(spoken)
    # Whoever chose kinds means what they say; a class is what an agent cut off.
    whole_title = bool(classes) and _is_contradicted(stripped, kinds)
    if whole_title:
        stripped = replace(stripped, firm=False)
    cores = _cores(spoken, stripped, kinds)
    readings = dict.fromkeys(
        [
            *_literal(word + spoken for word in cut),
            *(reading for core in cores for reading in _readings(core)),
            *_literal(f"{word} {spoken}" for word in cut),
            *_literal(f"{spoken} {word}" for word in cut),
        ]
    )
    likeliest = spoken if whole_title else _likeliest(spoken, stripped)
    return Query(
        readings=tuple(replace(one, strict=strict) for one in readings),
        text=_text(_restored(spoken, cut) or likeliest),
        kinds=kinds,
    )


def _cores(spoken: str, stripped: phrases.Stripped, kinds: Kinds) -> list[Reading]:
    """Return the query as it is, and without what was said around the name."""
    cores = [_by_genre(Reading(spoken, kinds=kinds))]
    if stripped.text != spoken:
        meant = Reading(
            stripped.text, kinds=stripped.kinds or kinds, mine=stripped.mine
        )
        cores.insert(0 if stripped.firm else 1, _by_genre(meant))
    return cores


def _is_contradicted(stripped: phrases.Stripped, kinds: Kinds) -> bool:
    """Tell whether what was said around the name is of another kind than was asked for.

    "The song something by the Beatles" comes as "something by …", of kind track.
    """
    return bool(kinds and stripped.kinds) and kinds.isdisjoint(stripped.kinds)


def _is_genre(text: str) -> bool:
    return _GENRES.issuperset(re.split(r"[ -]", with_digits(text).casefold()))


def _by_genre(reading: Reading) -> Reading:
    """Prefer playlists for what is a genre or a mood rather than a name."""
    if reading.kinds or not _is_genre(reading.name):
        return reading
    return replace(reading, kinds=_PLAYLIST)


def _readings(core: Reading) -> Iterator[Reading]:
    """Read "X by Y" as a thing and its maker, and as a name that contains "by".

    What is said to be music of some kind need not be called music; decades are
    written in digits, but for those of one's own.
    """
    if _is_genre(core.name) and (digits := with_digits(core.name)) != core.name:
        yield replace(core, name=digits)
    for name, maker in _splits(core.name)[:_MOST_SPLITS]:
        yield replace(core, name=name, maker=maker)
    yield core
    if parted := phrases.part_by_kind(core.name):
        name, maker, kind = parted
        yield replace(core, name=name, maker=maker, kinds=frozenset({kind}))
    plain = [word for word in core.name.split() if word.casefold() not in _MUSIC]
    if plain and _is_genre(core.name):
        yield replace(core, name=with_digits(" ".join(plain)))


def _literal(texts: Iterator[str]) -> Iterator[Reading]:
    for text in texts:
        yield from _readings(Reading(text, literal=True))


def _splits(text: str) -> list[tuple[str, str]]:
    """Return every way to part a text into name and maker, the last one first."""
    parts = (
        (text[: by.start()].strip(), text[by.end() :].strip())
        for by in reversed(list(_BY.finditer(text)))
    )
    return [(name, maker) for name, maker in parts if name and maker]


def _restored(spoken: str, cut: tuple[str, ...]) -> str | None:
    """Return a title with the word put back that it surely was cut off from."""
    first = spoken.split(maxsplit=1)[0].casefold()
    if word := next((word for word in cut if word + first in _WHOLE_WORDS), None):
        return word + spoken
    name = next((name for name, _ in reversed(_splits(spoken))), spoken)
    # "Song 2" by Blur is not to be found as "2".
    return f"{cut[0]} {spoken}" if cut and len(name) == 1 else None


def _likeliest(spoken: str, stripped: phrases.Stripped) -> str:
    """Return the name without what was said around it, unless that leaves too little.

    Spotify finds by fewer words whatever it finds by more, but among too much else
    where one common word is left of "My Way" or "Redemption Song".
    """
    name = stripped.text
    if stripped.firm or name == spoken:
        return name
    may_be_title = stripped.mine or (
        UriType.TRACK in stripped.kinds and spoken.startswith(name)
    )
    too_little = len(name) == 1 or (may_be_title and " " not in name)
    return spoken if too_little else name


def _text(text: str) -> str:
    """Return what to ask Spotify, which takes "by" for a part of the name."""
    if _is_genre(text):
        return with_digits(text)
    for name, maker in _splits(text)[:1]:
        first, last = maker.casefold().split()[0], name.casefold().split()[-1]
        # "Day by Day" and "Stand by Me" are titles.
        if first != last and first not in _NO_MAKERS:
            return f"{name} {maker}"
    if parted := phrases.part_by_kind(text):
        return f"{parted[1]} {parted[0]}"
    return text
