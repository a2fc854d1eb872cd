"""JSON of both regimes into models.

A reader returns None for an object that lacks what makes it usable (a URI, a
name); in a list such an object is left out, and the others stand. Only the
answer as a whole can be unreadable: `InvalidAnswerError`.
"""

from collections.abc import Callable
from typing import Any

import orjson

from . import fields
from .errors import InvalidAnswerError
from .fields import Reader
from .models import (
    Album,
    Artist,
    Audiobook,
    Episode,
    Image,
    Json,
    Page,
    Playable,
    Playlist,
    PlaylistEntry,
    Saved,
    SearchResults,
    Show,
    Track,
    User,
)


def json_object(body: str) -> Json:
    """Return the JSON object of an answer.

    Raises:
        InvalidAnswerError: the body is empty, is not JSON, or is no object.
    """
    content = json_value(body)
    if not isinstance(content, dict):
        raise InvalidAnswerError("Spotify answered with something other than an object")
    return content


def json_value(body: str) -> Any:
    """Return the JSON of an answer; raises InvalidAnswerError when it is none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as err:
        raise InvalidAnswerError(f"Spotify's answer is not JSON: {err}") from err


def required[T](value: T | None, what: str) -> T:
    """Return a model that the caller can't do without, or raise InvalidAnswerError."""
    if value is None:
        raise InvalidAnswerError(f"Spotify's answer is not a readable {what}")
    return value


def page[T](data: Json, reader: Reader[T]) -> Page[T]:
    """Read Spotify's paging object; a missing one is InvalidAnswerError."""
    raw = data.get("items")
    if not isinstance(raw, list):
        raise InvalidAnswerError("Spotify's answer has no list of items")
    items = tuple(fields.readable(raw, reader))
    offset = fields.integer(data, "offset") or 0
    limit = fields.integer(data, "limit")
    return Page(
        items=items,
        total=_total(data, offset + len(raw)),
        offset=offset,
        limit=len(raw) if limit is None else limit,
        has_next=bool(data.get("next")),
    )


def whole(data: Json) -> Json:
    """Return an object just as it came."""
    return data


def image(data: Json) -> Image | None:
    """Read an image."""
    url = fields.text(data, "url")
    return (
        Image(url, fields.integer(data, "width"), fields.integer(data, "height"))
        if url
        else None
    )


def artist(data: Json) -> Artist | None:
    """Read a full or simplified artist."""
    return _identified(
        data, lambda uri, ident, name: Artist(uri, ident, name, images=_images(data))
    )


def album(data: Json) -> Album | None:
    """Read a full or simplified album."""
    return _identified(
        data,
        lambda uri, ident, name: Album(
            uri,
            ident,
            name,
            album_type=(fields.text(data, "album_type") or "album").lower(),
            artists=_artists(data),
            images=_images(data),
            release_date=fields.text(data, "release_date"),
            total_tracks=fields.integer(data, "total_tracks"),
        ),
    )


def track(data: Json) -> Track | None:
    """Read a full or simplified track, or a local file."""
    uri, name = fields.text(data, "uri"), fields.text(data, "name")
    if uri is None or name is None:
        return None
    return Track(
        uri=uri,
        id=fields.text(data, "id"),
        name=name,
        duration_ms=fields.integer(data, "duration_ms") or 0,
        artists=_artists(data),
        album=fields.one(data, "album", _album_of),
        explicit=data.get("explicit") is True,
        is_local=data.get("is_local") is True,
        is_playable=fields.flag(data, "is_playable"),
        track_number=fields.integer(data, "track_number"),
        disc_number=fields.integer(data, "disc_number"),
        isrc=fields.text(fields.mapping(data, "external_ids"), "isrc"),
    )


def show(data: Json) -> Show | None:
    """Read a full or simplified show."""
    return _identified(
        data,
        lambda uri, ident, name: Show(
            uri,
            ident,
            name,
            publisher=fields.text(data, "publisher"),
            description=fields.text(data, "description"),
            images=_images(data),
            total_episodes=fields.integer(data, "total_episodes"),
        ),
    )


def episode(data: Json) -> Episode | None:
    """Read an episode or a chapter; both play by an episode URI."""
    resume = fields.mapping(data, "resume_point")
    return _identified(
        data,
        lambda uri, ident, name: Episode(
            uri,
            ident,
            name,
            duration_ms=fields.integer(data, "duration_ms") or 0,
            show=fields.one(data, "show", show) or fields.one(data, "audiobook", show),
            description=fields.text(data, "description"),
            images=_images(data),
            release_date=fields.text(data, "release_date"),
            is_playable=fields.flag(data, "is_playable"),
            resume_ms=fields.integer(resume, "resume_position_ms"),
            fully_played=fields.flag(resume, "fully_played"),
        ),
    )


def audiobook(data: Json) -> Audiobook | None:
    """Read a full or simplified audiobook."""
    return _identified(
        data,
        lambda uri, ident, name: Audiobook(
            uri,
            ident,
            name,
            authors=tuple(
                author
                for raw in fields.mappings(data, "authors")
                if (author := fields.text(raw, "name"))
            ),
            description=fields.text(data, "description"),
            images=_images(data),
            total_chapters=fields.integer(data, "total_chapters"),
        ),
    )


def playlist(data: Json) -> Playlist | None:
    """Read a playlist; its count stands under `items` or, in old answers, `tracks`."""
    owner = fields.mapping(data, "owner")
    contents = fields.mapping(data, "items") or fields.mapping(data, "tracks")
    return _identified(
        data,
        lambda uri, ident, name: Playlist(
            uri,
            ident,
            name,
            description=fields.text(data, "description") or None,
            owner_id=fields.text(owner, "id"),
            owner_name=fields.text(owner, "display_name"),
            images=_images(data),
            public=fields.flag(data, "public"),
            collaborative=data.get("collaborative") is True,
            snapshot_id=fields.text(data, "snapshot_id"),
            total=fields.integer(contents, "total"),
        ),
    )


def playlist_entry(data: Json) -> PlaylistEntry | None:
    """Read an entry; its content stands under `item` or, in old answers, `track`."""
    content = data.get("item")
    if not isinstance(content, dict):
        content = data.get("track")
    return PlaylistEntry(
        item=playable(content) if isinstance(content, dict) else None,
        added_at=fields.time(data, "added_at"),
        added_by=fields.text(fields.mapping(data, "added_by"), "id"),
    )


def playable(data: Json) -> Playable | None:
    """Read a track or an episode, told apart by `type`."""
    match data.get("type"):
        case "episode" | "chapter":
            return episode(data)
        case "track":
            return track(data)
    return None


def saved[T](kind: str, reader: Reader[T]) -> Reader[Saved[T]]:
    """Return a reader of `{added_at, <kind>}`, and of the bare object."""

    def read(data: Json) -> Saved[T] | None:
        content = data.get(kind)
        item = reader(content if isinstance(content, dict) else data)
        return None if item is None else Saved(item, fields.time(data, "added_at"))

    return read


def user(data: Json) -> User | None:
    """Read the account's own profile."""
    identifier = fields.text(data, "id")
    if not identifier:
        return None
    return User(
        id=identifier,
        account_id=fields.text(data, "account_id"),
        display_name=fields.text(data, "display_name"),
        images=_images(data),
    )


def search_results(data: Json) -> SearchResults:
    """Read the answer of a search; a type that was not asked for is absent."""

    def results[T](key: str, reader: Reader[T]) -> Page[T]:
        content = data.get(key)
        if not isinstance(content, dict):
            return Page(items=(), total=0, offset=0, limit=0, has_next=False)
        return page(content, reader)

    return SearchResults(
        tracks=results("tracks", track),
        albums=results("albums", album),
        artists=results("artists", artist),
        playlists=results("playlists", playlist),
        shows=results("shows", show),
        episodes=results("episodes", episode),
        audiobooks=results("audiobooks", audiobook),
    )


def _identified[T](data: Json, make: Callable[[str, str, str], T]) -> T | None:
    uri, identifier, name = (
        fields.text(data, "uri"),
        fields.text(data, "id"),
        fields.text(data, "name"),
    )
    if uri is None or identifier is None or name is None:
        return None
    return make(uri, identifier, name)


def _images(data: Json) -> tuple[Image, ...]:
    return tuple(fields.readable(fields.mappings(data, "images"), image))


def _artists(data: Json) -> tuple[Artist, ...]:
    return tuple(fields.readable(fields.mappings(data, "artists"), _credit))


def _credit(data: Json) -> Artist | None:
    """Read an artist named by a track; one of a local file has but a name."""
    name = fields.text(data, "name")
    if not name:
        return None
    return Artist(fields.text(data, "uri") or "", fields.text(data, "id") or "", name)


def _album_of(data: Json) -> Album | None:
    """Read the album of a track; one of a local file has but a name."""
    name = fields.text(data, "name")
    return (
        album({**data, "uri": data.get("uri") or "", "id": data.get("id") or ""})
        if name
        else None
    )


def _total(data: Json, seen: int) -> int:
    total = fields.integer(data, "total")
    return seen if total is None else total
