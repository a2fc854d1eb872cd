"""Every form in which people and Spotify name things, and what is none."""

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.api.uri import (
    InvalidUriError,
    SpotifyUri,
    UriType,
    parse_uri,
)

ID = "4uLU6hMCjMI75M1A2tKUQC"
TRACK = SpotifyUri(UriType.TRACK, ID)
ALBUM = SpotifyUri(UriType.ALBUM, ID)
PLAYLIST = SpotifyUri(UriType.PLAYLIST, ID)

_WITH_ID = sorted(set(UriType) - {UriType.USER, UriType.COLLECTION})
_IDS = st.from_regex(r"[0-9A-Za-z]{22}", fullmatch=True)
_NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
_URIS = st.one_of(
    st.builds(SpotifyUri, st.sampled_from(_WITH_ID), _IDS),
    st.builds(SpotifyUri, st.just(UriType.USER), _NAMES),
)


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        (f"spotify:track:{ID}", TRACK),
        (f"  spotify:track:{ID}\n", TRACK),
        (f"Spotify:track:{ID}", TRACK),
        *((f"spotify:{kind}:{ID}", SpotifyUri(kind, ID)) for kind in _WITH_ID),
        *((f"open.spotify.com/{kind}/{ID}", SpotifyUri(kind, ID)) for kind in _WITH_ID),
        (f"https://open.spotify.com/album/{ID}", ALBUM),
        (f"http://open.spotify.com/album/{ID}", ALBUM),
        (f"HTTPS://Open.Spotify.com/album/{ID}/", ALBUM),
        (f"https://play.spotify.com/album/{ID}", ALBUM),
        (f"https://open.spotify.com/album/{ID}#_=_", ALBUM),
        (f"https://open.spotify.com/intl-de/album/{ID}?si=abc", ALBUM),
        (f"https://open.spotify.com/intl-pt-BR/album/{ID}", ALBUM),
        (f"https://open.spotify.com/embed/album/{ID}?theme=0", ALBUM),
        (f"https://open.spotify.com/intl-fr/embed/album/{ID}", ALBUM),
        (f"spotify:user:anna:playlist:{ID}", PLAYLIST),
        (f"https://open.spotify.com/user/anna/playlist/{ID}?si=abc", PLAYLIST),
        ("spotify:user:anna", SpotifyUri(UriType.USER, "anna")),
        ("spotify:user:%C3%B6sten", SpotifyUri(UriType.USER, "östen")),
        ("https://open.spotify.com/user/a%2Fb", SpotifyUri(UriType.USER, "a/b")),
        ("spotify:user:anna:collection", SpotifyUri(UriType.COLLECTION, "anna")),
        ("spotify:collection", SpotifyUri(UriType.COLLECTION, "")),
        (
            "https://open.spotify.com/collection/tracks",
            SpotifyUri(UriType.COLLECTION, ""),
        ),
    ],
)
def test_every_form_is_understood(text: str, uri: SpotifyUri) -> None:
    """URIs old and new, and links as browser, app and web pages give them."""
    assert parse_uri(text) == uri


def test_t11_a_link_with_a_query_names_its_album() -> None:
    """Upstream asks Spotify for an album called `//open.spotify.com/album/…?si=1`."""
    assert parse_uri(f"https://open.spotify.com/album/{ID}?si=1").id == ID


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "So What",
        "spotify:",
        "spotify:track:",
        f"spotify:track:{ID[:-1]}",
        f"spotify:track:{ID}0",
        f"spotify:track:{ID[:-1]}-",
        f"spotify:track:{ID[:-1]}é",
        f"spotify:track:{ID}:more",
        f"spotify:radio:{ID}",
        f"spotify:{ID}",
        f"track:{ID}",
        f"spotify:user:{ID}:album:{ID}",
        f"spotify:user::playlist:{ID}",
        "spotify:user:",
        "spotify:user::collection",
        f"spotify:collection:{ID}",
        "spotify:local:Artist:Album:Title:187",
        "https://spotify.link/AbCdEf123",
        f"https://example.com/track/{ID}",
        f"https://open.spotify.com.example.com/track/{ID}",
        f"https://open.spotify.com@example.com/track/{ID}",
        f"https://example.com/?u=https://open.spotify.com/track/{ID}",
        f"ftp://open.spotify.com/track/{ID}",
        "https://open.spotify.com/",
        "https://open.spotify.com/intl-de",
        f"https://open.spotify.com/track/{ID}/more",
        f"https://[open.spotify.com/track/{ID}",
    ],
)
def test_what_names_nothing_on_spotify_is_rejected(text: str) -> None:
    """Texts, local files, short links, other hosts and ids that can't be one."""
    with pytest.raises(InvalidUriError) as raised:
        parse_uri(text)
    assert raised.value.text == text


@given(_URIS)
def test_a_uri_is_read_back_as_it_was_written(uri: SpotifyUri) -> None:
    """Whatever characters a user's name has."""
    assert parse_uri(str(uri)) == uri
    assert parse_uri(uri.url) == uri


@given(_NAMES)
def test_liked_songs_belong_to_somebody_in_a_uri_but_not_in_a_link(name: str) -> None:
    """Spotify has no link to the Liked Songs of others."""
    uri = SpotifyUri(UriType.COLLECTION, name)
    assert parse_uri(str(uri)) == uri
    assert parse_uri(uri.url) == SpotifyUri(UriType.COLLECTION, "")
    assert parse_uri(str(parse_uri(uri.url))) == parse_uri(uri.url)


@given(st.text())
def test_any_text_is_read_or_rejected(text: str) -> None:
    """Nothing else comes of what people type."""
    for typed in (text, f"spotify:{text}", f"https://open.spotify.com/{text}"):
        try:
            uri = parse_uri(typed)
        except InvalidUriError:
            continue
        assert parse_uri(str(uri)) == uri


@pytest.mark.parametrize(
    ("kind", "is_context"),
    [
        (UriType.ALBUM, True),
        (UriType.ARTIST, True),
        (UriType.AUDIOBOOK, True),
        (UriType.CHAPTER, False),
        (UriType.COLLECTION, True),
        (UriType.EPISODE, False),
        (UriType.PLAYLIST, True),
        (UriType.SHOW, True),
        (UriType.TRACK, False),
        (UriType.USER, False),
    ],
)
def test_contexts_are_told_from_items(kind: UriType, *, is_context: bool) -> None:
    """What is played whole, and what is played as one item."""
    assert SpotifyUri(kind, ID).is_context is is_context
