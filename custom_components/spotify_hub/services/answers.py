"""How Spotify's things look in the answers of actions."""

from homeassistant.util.json import JsonObjectType

from ..account.hits import Hit, Item, hit_of
from ..account.starting import Started
from ..api.models import Album, Audiobook, Episode, OtherItem, Playlist, Show, Track


def hit_answer(hit: Hit) -> JsonObjectType:
    """Return a thing that was found or listed."""
    return {
        "type": hit.kind.value,
        "uri": hit.uri,
        "name": hit.name,
        "by": list(hit.makers),
        "image": hit.image,
        **_details(hit.item),
    }


def item_answer(item: Item | OtherItem) -> JsonObjectType:
    """Return a thing by itself; of what is of no known kind only what Spotify tells."""
    if isinstance(item, OtherItem):
        return {
            "type": item.kind,
            "uri": item.uri,
            "name": item.name,
            "duration": None if item.duration_ms is None else item.duration_ms / 1000,
        }
    return hit_answer(hit_of(item))


def started_answer(started: Started | None, name: str | None) -> JsonObjectType:
    """Return where something was started, and whether Spotify said that it plays there."""
    return {"speaker": name, "confirmed": started is not None and started.confirmed}


def _details(item: Item) -> JsonObjectType:
    """Return what only its kind has; durations and positions are in seconds."""
    match item:
        case Track():
            return {
                "album": item.album.name if item.album else None,
                "album_uri": item.album.uri if item.album else None,
                "artist_uris": [artist.uri for artist in item.artists],
                "duration": item.duration_ms / 1000,
                "explicit": item.explicit,
                "playable": item.is_playable,
                "local": item.is_local,
            }
        case Episode():
            return {
                "show": item.show.name if item.show else None,
                "show_uri": item.show.uri if item.show else None,
                "duration": item.duration_ms / 1000,
                "release_date": item.release_date,
                "resume_position": None
                if item.resume_ms is None
                else item.resume_ms / 1000,
                "finished": item.fully_played,
            }
        case Album():
            return {
                "artist_uris": [artist.uri for artist in item.artists],
                "release_date": item.release_date,
                "total": item.total_tracks,
            }
        case Playlist():
            return {
                "description": item.description,
                "owner": item.owner_id,
                "public": item.public,
                "collaborative": item.collaborative,
                "snapshot_id": item.snapshot_id,
                "total": item.total,
            }
        case Show():
            return {"total": item.total_episodes}
        case Audiobook():
            return {"total": item.total_chapters}
    return {}
