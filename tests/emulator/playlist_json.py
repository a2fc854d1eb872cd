"""Playlists and their entries as Spotify's legacy objects, with both old and new keys."""

from base64 import b64encode

from aiohttp import web

from .answers import app, user, world
from .world import Json, Playlist, PlaylistEntry, Regime

_EMBEDDED = 100


def snapshot_id(playlist: Playlist, version: int | None = None) -> str:
    """Return what tells this version of the playlist, or the latest, from others."""
    number = playlist.snapshot if version is None else version
    return b64encode(f"{number},{playlist.id}".encode()).decode()


def may_list(request: web.Request, playlist: Playlist) -> bool:
    """Tell whether the app is shown the entries: new apps only those of users' own."""
    return app(request).regime is Regime.LEGACY or may_edit(request, playlist)


def may_edit(request: web.Request, playlist: Playlist) -> bool:
    """Tell whether the user owns the playlist or has joined it to collaborate."""
    return playlist.owner == user(request).id or (
        playlist.collaborative and playlist.id in user(request).playlists
    )


def playlist_json(request: web.Request, playlist: Playlist) -> Json:
    """Return the full object."""
    return _playlist_json(request, playlist, full=True)


def simplified_json(request: web.Request, playlist: Playlist) -> Json:
    """Return the object that lists hold."""
    return _playlist_json(request, playlist, full=False)


def _playlist_json(request: web.Request, playlist: Playlist, *, full: bool) -> Json:
    href = f"{request.url.origin()}/v1/playlists/{playlist.id}"
    known = world(request).users
    followers = sum(
        playlist.id in other.playlists
        for other in known.values()
        if other.id != playlist.owner
    )
    obj: Json = {
        "collaborative": playlist.collaborative,
        "description": playlist.description,
        "external_urls": {
            "spotify": f"https://open.spotify.com/playlist/{playlist.id}"
        },
        "followers": {"href": None, "total": followers},
        "href": href,
        "id": playlist.id,
        "images": playlist.images,
        "name": playlist.name,
        "owner": {
            **_user_json(request, playlist.owner),
            "display_name": known[playlist.owner].display_name
            if playlist.owner in known
            else playlist.owner.title(),
        },
        "primary_color": None,
        "public": playlist.public,
        "snapshot_id": snapshot_id(playlist),
        "type": "playlist",
        "uri": playlist.uri,
    }
    if may_list(request, playlist):
        inside = {"href": f"{href}/items", "total": len(playlist.entries)}
        if full:
            inside |= _first_entries(request, playlist, f"{href}/items")
        obj |= {"items": inside, "tracks": inside}
    return obj


def _first_entries(request: web.Request, playlist: Playlist, href: str) -> Json:
    entries = playlist.entries
    more = len(entries) > _EMBEDDED
    return {
        "items": [entry_json(request, entry) for entry in entries[:_EMBEDDED]],
        "limit": _EMBEDDED,
        "next": f"{href}?offset={_EMBEDDED}&limit={_EMBEDDED}" if more else None,
        "offset": 0,
        "previous": None,
    }


def entry_json(request: web.Request, entry: PlaylistEntry) -> Json:
    """Return an entry; its item is null when the track is gone for good."""
    item = entry.local or (
        world(request).catalogue.get(entry.uri) if entry.uri else None
    )
    if item is not None:
        episode = item["type"] == "episode"
        item = {**item, "episode": episode, "track": not episode}
    return {
        "added_at": entry.added_at,
        "added_by": entry.added_by and _user_json(request, entry.added_by),
        "is_local": entry.local is not None,
        "item": item,
        "primary_color": None,
        "track": item,
        "video_thumbnail": {"url": None},
    }


def _user_json(request: web.Request, user_id: str) -> Json:
    return {
        "external_urls": {"spotify": f"https://open.spotify.com/user/{user_id}"},
        "href": f"{request.url.origin()}/v1/users/{user_id}",
        "id": user_id,
        "type": "user",
        "uri": f"spotify:user:{user_id}",
    }
