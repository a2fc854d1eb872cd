"""Playback in the words of the Web API."""

from datetime import UTC, datetime

from . import clockwork
from .contexts import context_type
from .regimes import present, without_market
from .world import App, Device, Json, Play, Player, World


def device_json(player: Player, device: Device) -> Json:
    """Return a Spotify Connect device; a restricted one does not tell its id."""
    return {
        "id": None if device.is_restricted else device.id,
        "is_active": device is player.active,
        "is_private_session": device.is_private_session,
        "is_restricted": device.is_restricted,
        "name": device.name,
        "supports_volume": device.supports_volume,
        "type": device.type,
        "volume_percent": device.volume_percent,
    }


def context_json(uri: str | None) -> Json | None:
    """Return the context object of a URI."""
    kind = context_type(uri) if uri else None
    if uri is None or kind is None:
        return None
    if kind == "collection":
        href = "https://api.spotify.com/v1/me/tracks"
        page = "https://open.spotify.com/collection"
    else:
        identifier = uri.rpartition(":")[2]
        href = f"https://api.spotify.com/v1/{kind}s/{identifier}"
        page = f"https://open.spotify.com/{kind}/{identifier}"
    return {
        "type": kind,
        "href": href,
        "external_urls": {"spotify": page},
        "uri": uri,
    }


def item_json(world: World, app: App, uri: str) -> Json | None:
    """Return a track or an episode as the player tells it."""
    item = world.catalogue.get(uri)
    if item is None:
        return None
    if item["type"] == "chapter":
        item = _chapter_as_episode(item)
    return present(app, without_market(item))


def now_playing(world: World, app: App, player: Player, *, with_episodes: bool) -> Json:
    """Return what currently-playing answers."""
    kind, item = _current(world, app, player)
    if kind == "episode" and not with_episodes:
        item = None
    running = player.current_uri is not None
    return {
        "is_playing": player.is_playing,
        "timestamp": player.changed_ms,
        "context": context_json(player.context_uri),
        "progress_ms": player.position_ms if running else None,
        "item": item,
        "currently_playing_type": kind,
        "actions": {"disallows": clockwork.disallows(player)},
    }


def whole_player(
    world: World, app: App, player: Player, active: Device, *, with_episodes: bool
) -> Json:
    """Return what GET /me/player answers."""
    return {
        "device": device_json(player, active),
        "shuffle_state": player.shuffle,
        "smart_shuffle": player.smart_shuffle,
        "repeat_state": player.repeat,
        **now_playing(world, app, player, with_episodes=with_episodes),
    }


def queue_json(world: World, app: App, player: Player) -> Json:
    """Return what GET /me/player/queue answers."""
    following = [item_json(world, app, uri) for uri in clockwork.upcoming(player)]
    return {
        "currently_playing": _current(world, app, player)[1],
        "queue": [item for item in following if item is not None],
    }


def play_json(world: World, app: App, play: Play) -> Json:
    """Return one row of the recently-played list."""
    at = datetime.fromtimestamp(play.played_at_ms / 1000, UTC)
    return {
        "track": item_json(world, app, play.uri),
        "played_at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "context": context_json(play.context_uri),
    }


def _current(world: World, app: App, player: Player) -> tuple[str, Json | None]:
    if player.foreign_type is not None:
        return player.foreign_type, player.foreign
    if player.current_uri is None:
        return "unknown", None
    kind = player.current_uri.split(":")[1]
    return kind, item_json(world, app, player.current_uri)


def _chapter_as_episode(chapter: Json) -> Json:
    """Return an audiobook's chapter in the guise that the player gives it."""
    book = chapter["audiobook"]
    show = {
        key: value
        for key, value in book.items()
        if key not in {"authors", "narrators", "edition", "chapters", "total_chapters"}
    }
    kept = {
        key: value
        for key, value in chapter.items()
        if key not in {"audiobook", "available_markets", "chapter_number"}
    }
    return kept | {
        "type": "episode",
        "href": f"https://api.spotify.com/v1/episodes/{chapter['id']}",
        "release_date": "0000",
        "release_date_precision": "year",
        "is_externally_hosted": False,
        "language": (chapter.get("languages") or [""])[0],
        "show": show
        | {
            "type": "show",
            "is_externally_hosted": False,
            "copyrights": [],
            "total_episodes": None,
        },
    }
