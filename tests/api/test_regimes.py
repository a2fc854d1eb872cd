"""Old and new apps: the same thing is the same model."""

from collections.abc import AsyncIterable, Awaitable, Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from custom_components.spotify_hub.api.catalogue import SearchType
from custom_components.spotify_hub.api.client import SpotifyHubClient
from tests.emulator import Emulator, Regime
from tests.emulator.data import playlist_named
from tests.emulator.phone import Phone

from .conftest import LEGACY_APP, ClientFor, Uri

# What new apps are not told, wherever it stands.
ONLY_OLD = {"publisher", "total", "added_at"}

type Call = Callable[[SpotifyHubClient, Callable[[str, str], str]], Awaitable[Any]]


async def _all(items: AsyncIterable[Any]) -> list[Any]:
    return [item async for item in items]


def _common(thing: Any) -> Any:
    """Return what both kinds of apps are told of a thing."""
    if isinstance(thing, list | tuple):
        return [_common(part) for part in thing]
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    changed = {part.name: _common(getattr(thing, part.name)) for part in fields(thing)}
    changed |= dict.fromkeys(ONLY_OLD & changed.keys())
    return replace(thing, **changed)


CALLS: dict[str, Call] = {
    "profile": lambda client, _: client.library.me(),
    "playback": lambda client, _: client.player.playback(),
    "devices": lambda client, _: client.player.devices(),
    "queue": lambda client, _: client.player.queue(),
    "recent": lambda client, _: client.player.recently_played(),
    "album": lambda client, ids: client.catalogue.album(ids("album", "Kind of Blue")),
    "albums": lambda client, ids: _all(
        client.catalogue.artist_albums(ids("artist", "Queen"))
    ),
    "album tracks": lambda client, ids: _all(
        client.catalogue.album_tracks(ids("album", "Kind of Blue"))
    ),
    "artist": lambda client, ids: client.catalogue.artist(ids("artist", "Björk")),
    "track": lambda client, ids: client.catalogue.track(ids("track", "So What")),
    "gone track": lambda client, ids: client.catalogue.track(ids("track", "Gone One")),
    "show": lambda client, ids: client.catalogue.show(ids("show", "The Quiet Hour")),
    "episodes": lambda client, ids: _all(
        client.catalogue.show_episodes(ids("show", "Küchenradio"))
    ),
    "episode": lambda client, ids: client.catalogue.episode(
        ids("episode", "130: Bookbinding")
    ),
    "audiobook": lambda client, ids: client.catalogue.audiobook(
        ids("audiobook", "The Hound of the Baskervilles")
    ),
    "chapters": lambda client, ids: _all(
        client.catalogue.audiobook_chapters(
            ids("audiobook", "The Hound of the Baskervilles")
        )
    ),
    "search": lambda client, _: client.catalogue.search("Blue", list(SearchType)),
    "saved tracks": lambda client, _: _all(client.library.saved_tracks()),
    "saved albums": lambda client, _: _all(client.library.saved_albums()),
    "saved shows": lambda client, _: _all(client.library.saved_shows()),
    "saved episodes": lambda client, _: _all(client.library.saved_episodes()),
    "saved audiobooks": lambda client, _: _all(client.library.saved_audiobooks()),
    "artists": lambda client, _: _all(client.library.followed_artists()),
    "top tracks": lambda client, _: _all(client.library.top_tracks()),
    "playlists": lambda client, _: _all(client.playlists.mine()),
    "playlist": lambda client, ids: client.playlists.playlist(
        ids("playlist", "Kitchen")
    ),
    "items": lambda client, ids: _all(
        client.playlists.items(ids("playlist", 'Odds & "Ends" <i>(mixed)</i>'))
    ),
}


@pytest.fixture
def ids(emulator: Emulator, uri: Uri) -> Callable[[str, str], str]:
    """Find the id of something by kind and name."""

    def find(kind: str, name: str) -> str:
        if kind == "playlist":
            return playlist_named(emulator.world, name).id
        return uri(kind, name).rpartition(":")[2]

    return find


@pytest.mark.parametrize("name", CALLS)
async def test_m1_m2_m3_m5_m10_both_regimes_give_equal_models(
    client: ClientFor,
    phone: Phone,
    uri: Uri,
    ids: Callable[[str, str], str],
    name: str,
) -> None:
    """Upstream fails on most of what new apps are answered."""
    phone.play(uri("show", "The Quiet Hour"), "Kitchen")
    phone.queue(uri("track", "So What"))
    phone.pause()
    new = await CALLS[name](client(), ids)
    old = await CALLS[name](client(app=LEGACY_APP), ids)
    assert _common(new) == _common(old)
    assert new


async def test_old_apps_are_told_more(
    client: ClientFor, ids: Callable[[str, str], str]
) -> None:
    """What there is, is kept."""
    show = ids("show", "The Quiet Hour")
    new = await client().catalogue.show(show)
    old = await client(app=LEGACY_APP).catalogue.show(show)
    assert (new.publisher, old.publisher) == (None, "Harbour Audio")


async def test_an_old_app_may_become_a_new_one_overnight(
    emulator: Emulator, client: ClientFor, ids: Callable[[str, str], str]
) -> None:
    """Spotify has postponed it, not called it off."""
    anna = client(app=LEGACY_APP)
    before = await _all(anna.playlists.items(ids("playlist", "Kitchen")))
    emulator.world.apps[LEGACY_APP].regime = Regime.REDUCED
    assert await _all(anna.playlists.items(ids("playlist", "Kitchen"))) == before
