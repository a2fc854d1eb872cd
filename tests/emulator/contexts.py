"""What a context URI plays: albums, artists, playlists, shows, Liked Songs."""

from collections.abc import Callable
from dataclasses import dataclass
import re

from .world import Json, Playlist, User, World

_SPOTIFY_MADE = "37i9dQZF1"

type _Order = Callable[[Json], tuple[int, int]]


@dataclass(frozen=True)
class Context:
    """Something that is played in its own order."""

    uri: str
    type: str
    uris: list[str]


def context_type(uri: str) -> str | None:
    """Return the type that the player names a context by; None where it takes none."""
    if re.fullmatch(r"spotify:user:[^:]+:collection", uri):
        return "collection"
    if match := re.fullmatch(
        r"spotify:(album|artist|playlist|show):[0-9A-Za-z]{22}", uri
    ):
        return match[1]
    return None


def find(world: World, user: User, uri: str) -> Context | None:
    """Return a context with what it plays, or None where there is no such thing."""
    kind = context_type(uri)
    uris: list[str] | None = None
    match kind:
        case "collection":
            if uri.split(":")[2] == user.id:
                uris = list(user.saved.get("track", {}))
        case "playlist":
            uris = _playlist(world, uri.rpartition(":")[2])
        case "album" if uri in world.catalogue:
            uris = _of(world, "track", "album", uri, _disc_order)
        case "artist" if uri in world.catalogue:
            uris = _by_artist(world, uri)
        case "show" if uri in world.catalogue:
            uris = _episodes(world, uri)
    if kind is None or uris is None:
        return None
    return Context(uri, kind, [one for one in uris if _playable(world, one)])


def _playable(world: World, uri: str) -> bool:
    item = world.catalogue.get(uri)
    return item is not None and item.get("is_playable") is not False


def _playlist(world: World, identifier: str) -> list[str] | None:
    playlist: Playlist | None = world.playlists.get(identifier)
    if playlist is not None and playlist.entries:
        return [entry.uri for entry in playlist.entries if entry.uri is not None]
    if identifier.startswith(_SPOTIFY_MADE) or (playlist and playlist.made_by_spotify):
        # What Spotify picks cannot be listed; something plays all the same.
        tracks = [uri for uri in world.catalogue if uri.startswith("spotify:track:")]
        return sorted(tracks, key=lambda uri: uri[::-1])[:30]
    return None if playlist is None else []


def _of(
    world: World, kind: str, parent: str, uri: str, order: _Order = lambda _: (0, 0)
) -> list[str]:
    """Return the items of a type that belong to a parent."""
    found = [
        item
        for item in world.catalogue.values()
        if item["type"] == kind and (item.get(parent) or {}).get("uri") == uri
    ]
    return [item["uri"] for item in sorted(found, key=order)]


def _by_artist(world: World, uri: str) -> list[str]:
    found = [
        item
        for item in world.catalogue.values()
        if item["type"] == "track"
        and uri in {artist["uri"] for artist in item["artists"]}
    ]
    found.sort(key=lambda item: -int(item.get("popularity") or 0))
    return [item["uri"] for item in found]


def _episodes(world: World, uri: str) -> list[str]:
    if world.catalogue[uri]["type"] == "audiobook":
        return _of(world, "chapter", "audiobook", uri, _chapter_order)
    episodes = _of(world, "episode", "show", uri)
    return sorted(
        episodes,
        key=lambda one: str(world.catalogue[one]["release_date"]),
        reverse=True,
    )


def _disc_order(item: Json) -> tuple[int, int]:
    return item["disc_number"], item["track_number"]


def _chapter_order(item: Json) -> tuple[int, int]:
    return 0, item["chapter_number"]
