"""How queries are read."""

import unicodedata

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.account.query import Query, Reading, parse
from custom_components.spotify_hub.api.uri import UriType

CLASSES = [
    "album",
    "artist",
    "directory",
    "genre",
    "movie",
    "music",
    "playlist",
    "podcast",
    "track",
    "tv_show",
]
SAID = "my the some song s album by von de d' please play list radio X ' ( ) 🎈"
WORDS = st.sampled_from(SAID.split())


def names(query: Query) -> list[str]:
    """Return the names that a query may mean."""
    return [reading.name for reading in query.readings]


@given(
    st.text() | st.lists(WORDS).map(" ".join),
    st.sets(st.sampled_from(CLASSES)) | st.text(),
)
def test_every_text_can_be_read(text: str, classes: set[str] | str) -> None:
    """Nothing raises, and what was said is never lost."""
    query = parse(text, set(classes))
    assert bool(query.readings) is bool(query.text.strip()) is bool(text.split())
    assert all(reading.name.strip() for reading in query.readings)
    assert len(query.text) <= 250


@pytest.mark.parametrize(
    ("text", "meant", "asked"),
    [
        (
            "so what by miles davis",
            Reading("so what", "miles davis"),
            "so what miles davis",
        ),
        ("mensch von grönemeyer", Reading("mensch", "grönemeyer"), "mensch grönemeyer"),
        (
            "la vie en rose d\N{RIGHT SINGLE QUOTATION MARK}édith piaf",
            Reading("la vie en rose", "édith piaf"),
            "la vie en rose édith piaf",
        ),
        ("one by one by u2", Reading("one by one", "u2"), "one by one u2"),
        ("  kind   of blue ", Reading("kind of blue"), "kind of blue"),
        ("some miles davis", Reading("miles davis"), "miles davis"),
        ("take five please", Reading("take five"), "take five"),
        ("take five bitte", Reading("take five"), "take five"),
        ("take five, please!", Reading("take five"), "take five"),
        ("take five per favore", Reading("take five"), "take five"),
        ("un peu de miles davis", Reading("miles davis"), "miles davis"),
        ("un po' di miles davis", Reading("miles davis"), "miles davis"),
        (
            "despacito de luis fonsi",
            Reading("despacito", "luis fonsi"),
            "despacito luis fonsi",
        ),
        (
            "volare di domenico modugno",
            Reading("volare", "domenico modugno"),
            "volare domenico modugno",
        ),
        (
            "alors on danse par stromae",
            Reading("alors on danse", "stromae"),
            "alors on danse stromae",
        ),
        (
            "brabant van guus meeuwis",
            Reading("brabant", "guus meeuwis"),
            "brabant guus meeuwis",
        ),
        (
            "knocking on heaven's door by bob dylan",
            Reading("knocking on heaven's door", "bob dylan"),
            "knocking on heaven's door bob dylan",
        ),
    ],
)
def test_what_is_likeliest_meant(text: str, meant: Reading, asked: str) -> None:
    """Maker and name are told apart, filler is left out."""
    query = parse(text)
    assert query.readings[0] == meant
    assert query.text == asked


@pytest.mark.parametrize(
    "text",
    [
        "music by nirvana",
        "some songs by nirvana",
        "something from nirvana",
        "etwas von nirvana",
        "ein lied von nirvana",
        "musik von der band nirvana",
        "de la musique de nirvana",
        "muziek van nirvana",
        "algo de nirvana",
        "canciones de nirvana",
        "canzoni dei nirvana",
        "della musica di nirvana",
        "qualcosa di nirvana",
        "some music by nirvana please",
    ],
)
def test_music_of_somebody_is_the_artist(text: str) -> None:
    """In every language that Home Assistant has such sentences for."""
    reading = parse(text).readings[0]
    assert reading == Reading("nirvana", kinds=frozenset({UriType.ARTIST}))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("the song so what", UriType.TRACK),
        ("das lied so what", UriType.TRACK),
        ("the album so what", UriType.ALBUM),
        ("l'album so what", UriType.ALBUM),
        ("the band so what", UriType.ARTIST),
        ("so what playlist", UriType.PLAYLIST),
        ("the podcast called so what", UriType.SHOW),
        ("hörbuch so what", UriType.AUDIOBOOK),
        ("horbuch so what", UriType.AUDIOBOOK),
        ("la canzone so what", UriType.TRACK),
        ("il gruppo so what", UriType.ARTIST),
        ("la cancion so what", UriType.TRACK),
        ("CANCIO\N{COMBINING ACUTE ACCENT}N SO WHAT".casefold(), UriType.TRACK),
    ],
)
def test_the_kind_may_be_said(text: str, kind: UriType) -> None:
    """Before or after the name; the whole stays a possible name."""
    query = parse(text)
    assert Reading("so what", kinds=frozenset({kind})) in query.readings
    assert unicodedata.normalize("NFC", text) in names(query)
    assert query.text == "so what"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("my way", "my way"),
        ("the song remains the same", "remains the same"),
        ("redemption song", "redemption song"),
        ("song 2", "song 2"),
        ("stand by me", "stand by me"),
        ("day by day", "day by day"),
        ("stand by me by ben e king", "stand by me ben e king"),
        ("my heart will go on", "heart will go on"),
    ],
)
def test_a_title_may_begin_with_filler_or_contain_by(text: str, asked: str) -> None:
    """The whole is one of the names; Spotify finds it by what it is asked."""
    query = parse(text)
    assert text in names(query)
    assert query.text == asked


def test_what_is_mine_is_known_to_be() -> None:
    """Own playlists may then be meant by half their name."""
    assert Reading("workout mix", mine=True) in parse("my workout mix").readings
    assert any(one.mine for one in parse("meine playlist urlaub").readings)


@pytest.mark.parametrize(
    "text", ["jazz", "some jazz", "hip hop", "lofi music", "Klassik"]
)
def test_a_genre_is_looked_for_among_playlists(text: str) -> None:
    """No one artist or album is meant by it."""
    assert parse(text).readings[0].kinds == {UriType.PLAYLIST}


def test_a_genre_is_a_name_where_a_class_says_so() -> None:
    """Queen have an album Jazz."""
    assert parse("jazz", {"album"}).kinds == {UriType.ALBUM}
    assert (
        Reading("jazz", kinds=frozenset({UriType.ALBUM}))
        in parse("jazz", {"album"}).readings
    )


@pytest.mark.parametrize(
    ("text", "media_class", "title"),
    [
        ("bird", "track", "songbird"),
        ("star", "movie", "moviestar"),
        ("star", "movie", "movie star"),
        ("swan", "track", "swan song"),
        ("for you", "track", "song for you"),
        ("must go on", "tv_show", "show must go on"),
    ],
)
def test_a_cut_word_is_put_back(text: str, media_class: str, title: str) -> None:
    """As one possible name, if something has exactly that one."""
    query = parse(text, {media_class})
    assert Reading(title, literal=True) in query.readings
    assert text in names(query)


@pytest.mark.parametrize(
    ("text", "media_class", "asked"),
    [
        ("bird", "track", "songbird"),
        ("bird by fleetwood mac", "track", "songbird fleetwood mac"),
        ("star", "movie", "moviestar"),
        ("2", "track", "song 2"),
        ("2 by blur", "track", "song 2 blur"),
        ("lithium", "track", "lithium"),
        ("for you", "track", "for you"),
        ("1984", "album", "1984"),
    ],
)
def test_a_title_that_surely_was_cut_is_asked_for_whole(
    text: str, media_class: str, asked: str
) -> None:
    """Where the rest of it is a word that goes on, or too short to be found by."""
    assert parse(text, {media_class}).text == asked


@pytest.mark.parametrize("text", ["s by miles davis", "S by miles davis"])
def test_songs_by_an_artist_come_without_the_song(text: str) -> None:
    """Home Assistant makes "s by" and a class of "songs by"."""
    query = parse(text, {"track"})
    assert query.readings[0] == Reading(
        "miles davis", kinds=frozenset({UriType.ARTIST})
    )
    assert query.text == "miles davis"
    assert query.kinds == frozenset()


def test_several_classes_are_a_choice_not_a_cut() -> None:
    """The media browser's filters take no words away."""
    query = parse("bird", {"track", "album"})
    assert query.readings == (
        Reading("bird", kinds=frozenset({UriType.TRACK, UriType.ALBUM})),
    )


@pytest.mark.parametrize(
    ("text", "name", "asked"),
    [
        ("nineties rock", "90s rock", "90s rock"),
        ("achtziger party", "80er party", "80er party"),
        ("some eighties music", "80s", "80s music"),
        ("classical music", "classical", "classical music"),
        ("klassische musik", "klassische", "klassische musik"),
    ],
)
def test_a_genre_is_called_as_playlists_are(text: str, name: str, asked: str) -> None:
    """Decades in digits, and without the word music."""
    query = parse(text)
    playlists = frozenset({UriType.PLAYLIST})
    assert Reading(name, kinds=playlists) in query.readings
    assert query.text == asked


@pytest.mark.parametrize(
    ("text", "name", "maker", "kind"),
    [
        ("the queen album jazz", "jazz", "queen", UriType.ALBUM),
        ("the beatles song yesterday", "yesterday", "beatles", UriType.TRACK),
        ("édith piaf chanson milord", "milord", "édith piaf", UriType.TRACK),
    ],
)
def test_a_kind_parts_maker_and_name(
    text: str, name: str, maker: str, kind: UriType
) -> None:
    """As "by" does, the other way round."""
    query = parse(text)
    assert Reading(name, maker, frozenset({kind})) in query.readings
    assert query.text == f"{maker} {name}"


def test_a_phrase_is_a_title_where_the_class_contradicts_it() -> None:
    """Who asks for a song does not ask for the artist."""
    query = parse("something by the beatles", {"track"})
    meant = Reading("something", "the beatles", frozenset({UriType.TRACK}))
    first = next(one for one in query.readings if not one.literal)
    assert first == meant
    assert query.text == "something the beatles"
