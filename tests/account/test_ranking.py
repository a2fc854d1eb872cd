"""What is taken for the best match."""

from collections.abc import Callable
from dataclasses import replace
import unicodedata

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.account.hits import Hit, Item, hit_of, thumbnail
from custom_components.spotify_hub.account.names import alike, words
from custom_components.spotify_hub.account.query import Query, Reading, parse
from custom_components.spotify_hub.account.ranking import SURE, rank
from custom_components.spotify_hub.api.models import (
    Album,
    Artist,
    Audiobook,
    Episode,
    Image,
    Playlist,
    Show,
    Track,
)
from custom_components.spotify_hub.pins import Pin


def artist(name: str) -> Artist:
    """Return an artist."""
    return Artist(f"spotify:artist:{name}", name, name)


def track(name: str, by: str = "Somebody") -> Track:
    """Return a track."""
    uri = f"spotify:track:{name} {by}"
    return Track(uri, uri, name, 1000, artists=(artist(by),))


def album(name: str, by: str = "Somebody", album_type: str = "album") -> Album:
    """Return an album."""
    uri = f"spotify:album:{name} {by}"
    return Album(uri, uri, name, album_type, artists=(artist(by),))


def playlist(name: str) -> Playlist:
    """Return a playlist."""
    return Playlist(f"spotify:playlist:{name}", name, name)


def show(name: str) -> Show:
    """Return a podcast."""
    return Show(f"spotify:show:{name}", name, name)


def own(name: str) -> Hit:
    """Return one of the account's playlists."""
    return hit_of(playlist(name), own=True)


def ranked(text: str, *found: Item | Hit, classes: tuple[str, ...] = ()) -> list[Item]:
    """Return what was found, best first."""
    hits = [one if isinstance(one, Hit) else hit_of(one) for one in found]
    return [one.hit.item for one in rank(parse(text, classes), hits)]


def best(text: str, *found: Item | Hit, classes: tuple[str, ...] = ()) -> str:
    """Return the name of the best hit."""
    return ranked(text, *found, classes=classes)[0].name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sigur Rós", "sigur ros"),
        ("BEYONCÉ", "beyonce"),
        ("The Beatles", "Beatles"),
        ("Guns N' Roses", "guns n roses"),
        ("Guns N\N{RIGHT SINGLE QUOTATION MARK} Roses", "guns n' roses"),
        ("Straße", "strasse"),
        ("Mø & Ærø", "mo and aero"),
        ("Help!", "help"),
    ],
)
def test_names_are_compared_in_plain_words(one: str, other: str) -> None:
    """Case, accents, punctuation and the article do not count."""
    assert words(one) == words(other)


@pytest.mark.parametrize("text", ["( )", "🎈", "The", "+"])
def test_odd_names_still_are_names(text: str) -> None:
    """Nothing is compared as nothing."""
    assert any(words(text))
    assert best(text, track("Other"), track(text)) == text


def test_a_bare_artist_is_the_artist() -> None:
    """Not an album or track of the same name, nor what the artist made."""
    found = (album("Nirvana", "Nirvana"), track("Nirvana", "Felt"), artist("Nirvana"))
    assert isinstance(ranked("nirvana", *found)[0], Artist)


def test_an_artist_without_music_in_sight_is_not_meant() -> None:
    """Hardly known artists call themselves after well-known albums."""
    found = (artist("Rumours"), album("Rumours", "Fleetwood Mac"))
    assert isinstance(ranked("rumours", *found)[0], Album)


def test_an_album_and_its_track() -> None:
    """A track comes first where it leads the tracks; else the album does."""
    title = track("Thriller", "Michael Jackson")
    assert ranked("thriller", album("Thriller", "Michael Jackson"), title)[0] is title
    other = (track("So What", "Miles Davis"), track("Kind of Blue", "Nobody"))
    assert isinstance(ranked("kind of blue", *other, album("Kind of Blue"))[0], Album)
    single = album("Hello", "Adele", "single")
    assert isinstance(ranked("hello", single, track("Yes"), track("Hello"))[0], Track)


def test_name_and_maker_decide() -> None:
    """With "by" or without."""
    davis, other = track("So What", "Miles Davis"), track("So What", "P!nk")
    for text in (
        "so what by miles davis",
        "so what miles davis",
        "miles davis so what",
    ):
        assert ranked(text, other, davis, artist("Miles Davis"))[0] is davis
    assert ranked("so what by pink", davis, track("So What", "Pink"))[0] is not davis


def test_of_an_unknown_title_the_artist_is_left() -> None:
    """Better than what only shares a word with the query."""
    found = (track("Unknown", "Others"), artist("Miles Davis"))
    assert best("unheard of by miles davis", *found) == "Miles Davis"


def test_a_part_of_a_title_is_enough_with_its_maker() -> None:
    """Where nothing is called exactly so."""
    found = (artist("Helene"), track("Atemlos durch die Nacht", "Helene"))
    assert best("atemlos von helene", *found) == "Atemlos durch die Nacht"
    exact = track("Atemlos", "Helene")
    assert best("atemlos von helene", *found, exact) == "Atemlos"


@pytest.mark.parametrize(
    ("text", "name"),
    [("den ärzten", "Die Ärzte"), ("rolling stones", "The Rolling Stones")],
)
def test_articles_and_endings_may_differ(text: str, name: str) -> None:
    """German inflects what a band is called."""
    assert best(text, artist("Somebody"), artist(name)) == name
    song = track("Something", name)
    assert best(f"something von {text}", track("Something", "Other"), song) == (
        "Something"
    )
    assert ranked(f"something von {text}", track("Something", "X"), song)[0] is song


def test_numbers_are_heard_as_words_or_digits() -> None:
    """But other numbers are other names."""
    found = (track("Take Six", "Dave"), track("Take Five", "Dave"))
    assert best("take 5 by dave", *found) == "Take Five"
    assert best("take six", *found) == "Take Six"


def test_a_recording_is_known_by_its_album() -> None:
    """The words of the record tell which of several is meant."""
    record = album("MTV Unplugged", "Nirvana")
    live = replace(track("Polly - Live", "Nirvana"), album=record)
    found = (artist("Dolly"), track("Polly", "Nirvana"), live)
    assert ranked("polly unplugged", *found)[0] is live


def test_a_title_that_contains_by() -> None:
    """The whole is compared as well."""
    assert best("stand by me", track("Stand"), track("Stand by Me")) == "Stand by Me"


@pytest.mark.parametrize(
    "version",
    [
        "So What - Live",
        "So What (Live at Montreux)",
        "So What - 2009 Remaster",
        "So What (Karaoke Version)",
        "So What [Remix] - Remastered",
    ],
)
def test_the_original_goes_before_versions(version: str) -> None:
    """Unless the version is what was asked for."""
    assert best("so what", track(version), track("So What")) == "So What"
    assert best(version, track("So What"), track(version)) == version
    assert best("so what", track("Whatever"), track(version)) == version


def test_a_tribute_is_a_version_too() -> None:
    """By the name of whoever made it."""
    found = (track("Hello", "The Karaoke Crew"), track("Hello", "Adele"))
    assert ranked("hello", *found)[0] is found[1]
    assert ranked("hello karaoke", *found)[0] is found[0]


def test_a_feature_is_part_of_the_original() -> None:
    """As is a name with more in brackets that is no version."""
    assert best("get lucky", track("Lucky"), track("Get Lucky (feat. X)")) != "Lucky"
    assert best("rid of me", track("Rid"), track("(Get) Rid of Me")) != "Rid"


def test_own_playlists_come_first() -> None:
    """If the name is nearly what was said: years and the word "mix" are not."""
    found = (artist("Workout"), track("My Workout", "Workout"), playlist("Workout"))
    assert best("my workout", *found, own("Workout 2026")) == "Workout 2026"
    assert best("workout", *found, own("Workout Mix")) == "Workout Mix"
    assert best("my beats", track("My Beats"), own("Workout Beats")) == "Workout Beats"


def test_own_playlists_do_not_push_in() -> None:
    """One that contains the word is not what was asked for; others are left out."""
    assert best("power", track("Power"), own("Girl Power")) == "Power"
    assert best("my way", track("My Way"), own("A Very Long Way Home")) == "My Way"
    assert ranked("power", track("Power"), own("Something Else")) == [track("Power")]
    assert isinstance(
        ranked("nirvana", own("Nirvana"), album("Nirvana"), classes=("album",))[0],
        Album,
    )


def test_a_genre_is_a_playlist() -> None:
    """An own one that contains it, else one of the catalogue."""
    found = (artist("Jazz"), album("Jazz", "Queen"), playlist("Best of Modern Jazz"))
    assert best("some jazz", *found, own("Jazz for a Rainy Sunday")).endswith("Sunday")
    assert best("jazz", *found) == "Best of Modern Jazz"
    assert isinstance(ranked("jazz", *found, classes=("album",))[0], Album)


def test_a_class_is_a_preference() -> None:
    """What is not of the class comes first only if it fits much better."""
    blue = (artist("Blue"), track("Blue", "Blue"), album("Blue", "Blue"))
    assert isinstance(ranked("blue", *blue, classes=("album",))[0], Album)
    assert isinstance(ranked("blue", *blue, classes=("track",))[0], Track)
    found = (track("Blue in Green"), album("Kind of Blue"))
    assert isinstance(ranked("kind of blue", *found, classes=("track",))[0], Album)


def test_a_cut_word_put_back_wins_if_it_makes_a_name() -> None:
    """Songbird, not the exact Bird that Home Assistant made of it."""
    found = (track("Bird"), track("Songbird"))
    assert best("bird", *found, classes=("track",)) == "Songbird"
    assert best("bird", track("Bird"), track("Birdsong"), classes=("track",)) == "Bird"
    assert best("lithium", track("Lithium"), classes=("track",)) == "Lithium"
    songs = own("Songs to Sing")
    assert best("s to sing", track("To Sing"), songs, classes=("track",)) == songs.name


def test_misheard_names_are_near() -> None:
    """A letter or two may be wrong, and spaces do not count."""
    wrong = track("Mayer")
    assert best("herbert grönemeier", wrong, artist("Herbert Grönemeyer")) != "Mayer"
    assert best("abba 11", track("Abba"), track("Abba 12")) == "Abba"
    assert best("acdc", track("Ac"), artist("AC/DC")) == "AC/DC"


def test_the_rest_comes_in_spotifys_order() -> None:
    """Nothing that Spotify found is left out."""
    found = [track("B"), track("C"), track("A")]
    assert ranked("unrelated words", *found) == found
    assert [one.tier for one in rank(parse("x y"), map(hit_of, found))] == [0, 0, 0]


def test_an_exact_match_needs_no_second_question() -> None:
    """And nothing less does without."""
    query = parse("the quiet hour")
    assert rank(query, [hit_of(show("The Quiet Hour"))])[0].tier >= SURE
    assert rank(query, [hit_of(show("The Quiet Hour Extra"))])[0].tier < SURE


@given(st.text(), st.lists(st.text()))
def test_no_names_are_too_odd(text: str, titles: list[str]) -> None:
    """Every hit stays, whatever it is called."""
    hits = [hit_of(track(title)) for title in titles]
    assert len(rank(parse(text), hits)) == len(hits)


def test_hits_of_every_kind() -> None:
    """By what each is played, who made it, and how it looks."""
    images = (Image("large", 640), Image("middle", 300), Image("small", 64))
    book = hit_of(Audiobook("spotify:show:1", "1", "Book", authors=("A", "B")))
    assert (book.uri, book.subtitle) == ("spotify:audiobook:1", "A, B")
    episode = hit_of(
        Episode("spotify:episode:1", "1", "E", 1, Show("u", "i", "S", images=images))
    )
    assert (episode.subtitle, episode.image) == ("S", "middle")
    listed = hit_of(Playlist("spotify:playlist:1", "1", "P", owner_name="Ben"))
    assert (listed.subtitle, listed.image) == ("Ben", None)


@pytest.mark.parametrize(
    ("images", "chosen"),
    [
        ((), None),
        ((Image("only"),), "only"),
        ((Image("large", 640), Image("small", 64)), "large"),
        ((Image("tiny", 60), Image("small", 64)), "small"),
    ],
)
def test_a_picture_is_chosen_by_size(
    images: tuple[Image, ...], chosen: str | None
) -> None:
    """Missing pictures and sizes are fine."""
    assert thumbnail(images) == chosen


LETTERS = "abcdefghijklmnopqrstuvwxyzäéøß"
WORD = st.text(LETTERS, min_size=2, max_size=9)
TITLE = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
MAKERS: list[Callable[[str], Item]] = [track, album, playlist, show, artist]
ITEMS = st.lists(
    st.tuples(st.sampled_from(MAKERS), TITLE).map(lambda one: one[0](one[1])),
    max_size=8,
)


def order(text: str, items: list[Item]) -> list[str]:
    """Return the addresses of what was found, best first."""
    return [hit.uri for hit in map(hit_of, ranked(text, *items))]


@given(TITLE, ITEMS, st.lists(TITLE, max_size=4))
def test_hits_are_neither_lost_nor_invented(
    text: str, items: list[Item], mine: list[str]
) -> None:
    """Each is there once more, in tiers; only own ones may stay out."""
    hits = [*map(hit_of, items), *map(own, mine)]
    found = rank(parse(text), hits)
    tiers = [one.tier for one in found]
    assert tiers == sorted(tiers, reverse=True)
    left = list(hits)
    for one in found:
        left.remove(one.hit)
    assert all(hit.own for hit in left)
    assert all(one.tier > 0 for one in found if one.hit.own)


@given(st.lists(WORD, min_size=3, max_size=3, unique=True), st.permutations(range(3)))
def test_exact_goes_before_near_before_part(said: list[str], places: list[int]) -> None:
    """In whatever order Spotify tells them."""
    text = " ".join(said)
    reading = Reading(text)
    kinds: list[Item] = [
        track(text),
        track(f"{text} zzzzzz"),
        track(f"{text} zzzzzz yyyyyy xxxxxx wwwwww"),
    ]
    shuffled = [kinds[place] for place in places]
    found = rank(Query((reading,), text), map(hit_of, shuffled))
    assert [one.hit.item for one in found] == kinds
    assert found[0].tier > found[1].tier > found[2].tier


@given(TITLE, ITEMS)
def test_case_accents_and_punctuation_do_not_matter(
    text: str, items: list[Item]
) -> None:
    """However somebody types it."""
    plain = order(text, items)
    assert order(text.upper(), items) == plain
    assert order(unicodedata.normalize("NFD", text), items) == plain
    assert order(f"{text}!", items) == plain
    unaccented = text.translate(str.maketrans("äéø", "aeo"))
    assert order(unaccented, items) == plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("milsdavis", "milesdavis"),
        ("wokout", "workout"),
        ("kichten", "kitchen"),
        ("nirwana", "nirvana"),
        ("herbertgronemeier", "herbertgronemeyer"),
    ],
)
def test_misheard_and_mistyped_names_are_alike(one: str, other: str) -> None:
    """Whichever of them is the right one."""
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("abba", "abra"),
        ("blue", "blues"),
        ("hello", "hallo"),
        ("creep", "creed"),
        ("calling", "falling"),
        ("summer", "simmer"),
        ("decade80", "decade90"),
    ],
)
def test_short_names_are_other_names(one: str, other: str) -> None:
    """One letter makes another word of them."""
    assert not alike(one, other)


def test_a_pin_goes_by_any_of_its_names() -> None:
    """It is first where one is exact, and makes way where it is only like it."""
    pinned = hit_of(
        Pin(uri="spotify:artist:" + 22 * "0", name="Sleep", aliases=("Quiet Time",))
    )
    found = (own("Quiet Time"), track("Quiet Time"), pinned)
    assert ranked("quiet time", *found)[0] is pinned.item
    assert ranked("SLEEP!", *found)[0] is pinned.item
    assert pinned.item not in ranked("something else", *found)
