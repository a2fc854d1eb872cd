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
# Classes whose words are known to begin titles: "Songbird", "Movie Star".
_BEGINS_TITLES = frozenset({"album", "movie", "track", "tv_show"})
_PLURAL = re.compile(r"^s(?= |$)", re.IGNORECASE)
_BY = re.compile(r" (?:by|von|vom|de|del|par|por|van|di) | d'", re.IGNORECASE)
_GENRE_WORDS = """
    80s 90s acoustic ambient autumn baroque bebop blues bossa calm chill chillout
    chillhop christmas classic classical club country dance dinner disco dub edm
    electro electronic electronica focus folk funk gospel grunge halloween hip hop
    house indie instrumental jazz kids kindermusik klassik klassische latin
    lofi lounge meditation metal motown music musik musique muziek música nova opera
    oper party piano pop psychedelic punk r&b rap reggae reggaeton relax relaxing
    rock romantic salsa schlager ska sleep soft soul soundtrack study summer swing
    synthwave techno trance trap weihnachtsmusik winter workout yoga
"""
_GENRES = frozenset(_GENRE_WORDS.split())
_PLAYLIST: Kinds = frozenset({UriType.PLAYLIST})


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a query.

    Without `kinds` it may be anything. `mine`: the speaker called it theirs.
    `literal`: it counts only if something has exactly this name.
    """

    name: str
    maker: str = ""
    kinds: Kinds = frozenset()
    mine: bool = False
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A query as it may be read, likeliest first, and what to ask Spotify.

    `texts` are all to be asked, `fallback` only if they find nothing that fits.
    """

    readings: tuple[Reading, ...] = ()
    texts: tuple[str, ...] = ()
    fallback: str | None = None
    kinds: Kinds = frozenset()


def parse(text: str, classes: Collection[str] = ()) -> Query:
    """Read a query; `classes` are the values of Home Assistant's MediaClass."""
    straight = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    whole = " ".join(straight.split())[:_LONGEST].strip()
    if not whole:
        return Query()
    kinds = frozenset(_KINDS[one] for one in classes if one in _KINDS)
    # A sentence has one class; several come from somebody who chose them.
    cut = _CUT.get(next(iter(classes)), ()) if len(classes) == 1 else ()
    if cut and _PLURAL.match(whole):
        # "songs by …" comes as "s by …".
        whole, kinds, cut = cut[0] + whole, frozenset(), ()
    spoken = phrases.without_courtesy(whole)
    cores = _cores(spoken, kinds)
    joined = (
        cut[0] + spoken
        if cut and _BEGINS_TITLES.issuperset(classes) and _is_one_word(spoken)
        else None
    )
    spaced = f"{cut[0]} {spoken}" if cut else None
    asked = dict.fromkeys(_text(one) for one in (cores[0].name, joined) if one)
    others = (
        *(_text(core.name) for core in cores[1:]),
        *((_text(spaced),) if spaced else ()),
        *(core.name for core in cores),
    )
    return Query(
        readings=tuple(
            dict.fromkeys(
                [
                    *_literal(word + spoken for word in cut),
                    *(reading for core in cores for reading in _readings(core)),
                    *_literal(f"{word} {spoken}" for word in cut),
                    *_literal(f"{spoken} {word}" for word in cut),
                ]
            )
        ),
        texts=tuple(asked),
        fallback=None
        if joined
        else next((other for other in others if other not in asked), None),
        kinds=kinds,
    )


def _cores(spoken: str, kinds: Kinds) -> list[Reading]:
    """Return the query as it is, and without what was said around the name."""
    stripped = phrases.strip(spoken)
    cores = [_by_genre(Reading(spoken, kinds=kinds))]
    if stripped.text != spoken:
        meant = Reading(
            stripped.text, kinds=stripped.kinds or kinds, mine=stripped.mine
        )
        cores.insert(0 if stripped.firm else 1, _by_genre(meant))
    return cores


def _by_genre(reading: Reading) -> Reading:
    """Prefer playlists for what is a genre or a mood rather than a name."""
    if reading.kinds or not _GENRES.issuperset(
        re.split(r"[ -]", reading.name.casefold())
    ):
        return reading
    return replace(reading, kinds=_PLAYLIST)


def _readings(core: Reading) -> Iterator[Reading]:
    """Read "X by Y" as a thing and its maker, and as a name that contains "by"."""
    for name, maker in _splits(core.name)[:_MOST_SPLITS]:
        yield replace(core, name=name, maker=maker)
    yield core


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


def _text(text: str) -> str:
    """Return what to ask Spotify, which takes "by" for a part of the name."""
    return next((f"{name} {maker}" for name, maker in _splits(text)), text)


def _is_one_word(text: str) -> bool:
    """Tell whether a word cut out in front of the name may have been its beginning."""
    name = next((name for name, _ in reversed(_splits(text))), text)
    return " " not in name
