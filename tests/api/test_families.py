"""Which family a request is counted in."""

import pytest

from custom_components.spotify_hub.api.families import Family, family_of


@pytest.mark.parametrize(
    ("method", "path", "family"),
    [
        ("GET", "/v1/me", Family.PROFILE),
        ("GET", "/v1/me/player", Family.PLAYER),
        ("GET", "/v1/me/player/devices", Family.PLAYER),
        ("GET", "/v1/me/player/currently-playing", Family.PLAYER),
        ("GET", "/v1/me/player/queue", Family.QUEUE),
        ("POST", "/v1/me/player/queue", Family.COMMANDS),
        ("GET", "/v1/me/player/recently-played", Family.RECENT),
        ("PUT", "/v1/me/player", Family.COMMANDS),
        ("PUT", "/v1/me/player/pause", Family.COMMANDS),
        ("POST", "/v1/me/player/next", Family.COMMANDS),
        ("GET", "/v1/me/top/artists", Family.TOP),
        ("GET", "/v1/me/tracks", Family.LIBRARY),
        ("GET", "/v1/me/library/contains", Family.LIBRARY),
        ("PUT", "/v1/me/library", Family.LIBRARY_CHANGES),
        ("DELETE", "/v1/me/library", Family.LIBRARY_CHANGES),
        ("GET", "/v1/me/playlists", Family.PLAYLISTS),
        ("POST", "/v1/me/playlists", Family.PLAYLIST_CHANGES),
        ("GET", "/v1/playlists/37i9", Family.PLAYLISTS),
        ("PUT", "/v1/playlists/37i9", Family.PLAYLIST_CHANGES),
        ("GET", "/v1/playlists/37i9/items", Family.PLAYLIST_ITEMS),
        ("POST", "/v1/playlists/37i9/items", Family.PLAYLIST_CHANGES),
        ("DELETE", "/v1/playlists/37i9/items", Family.PLAYLIST_CHANGES),
        ("PUT", "/v1/playlists/37i9/images", Family.PLAYLIST_CHANGES),
        ("GET", "/v1/search", Family.SEARCH),
        ("GET", "/v1/albums/4aaw", Family.ALBUMS),
        ("GET", "/v1/albums/4aaw/tracks", Family.ALBUM_TRACKS),
        ("GET", "/v1/artists/4Z8W", Family.ARTISTS),
        ("GET", "/v1/artists/4Z8W/albums", Family.ARTISTS),
        ("GET", "/v1/tracks/7oua", Family.TRACKS),
        ("GET", "/v1/shows/5CfC", Family.SHOWS),
        ("GET", "/v1/shows/5CfC/episodes", Family.SHOW_EPISODES),
        ("GET", "/v1/episodes/512o", Family.EPISODES),
        ("GET", "/v1/chapters/0IsX", Family.EPISODES),
        ("GET", "/v1/audiobooks/7iHf", Family.AUDIOBOOKS),
        ("GET", "/v1/audiobooks/7iHf/chapters", Family.AUDIOBOOKS),
    ],
)
def test_each_request_has_the_family_it_is_counted_in(
    method: str, path: str, family: Family
) -> None:
    """Reading, changing and commanding are counted apart."""
    assert family_of(method, path) is family


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/markets"),
        ("PUT", "/v1/tracks/7oua"),
        ("GET", "/v1/menu"),
        ("GET", "/v2/me"),
        ("GET", ""),
    ],
)
def test_what_is_not_known_is_counted_together(method: str, path: str) -> None:
    """A new endpoint is counted too."""
    assert family_of(method, path) is Family.OTHER
