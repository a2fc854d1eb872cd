"""Items as the archive knows them."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from . import schema
from .records import Album, Artist, Item, Kind
from .tables import some


def items_by_id(connection: Connection, ids: Sequence[int]) -> dict[int, Item]:
    """Return items as far as the archive knows them, by number."""
    found: dict[int, Item] = {}
    for numbers in some(list(dict.fromkeys(ids))):
        artists: dict[int, list[Artist]] = {}
        for row in connection.execute(
            select(schema.credited.c.item, schema.artists.c.name, schema.artists.c.uri)
            .join(schema.artists, schema.artists.c.id == schema.credited.c.artist)
            .where(schema.credited.c.item.in_(numbers))
            .order_by(schema.credited.c.item, schema.credited.c.place)
        ):
            artists.setdefault(row.item, []).append(Artist(row.name, row.uri))
        albums = schema.albums.c
        for row in connection.execute(
            select(
                schema.items,
                albums.name.label("album_name"),
                albums.uri.label("album_uri"),
                albums.artist.label("album_artist"),
            )
            .outerjoin(schema.albums, albums.id == schema.items.c.album)
            .where(schema.items.c.id.in_(numbers))
        ):
            found[row.id] = Item(
                kind=Kind(row.kind),
                name=row.name,
                uri=row.uri if row.uri.startswith("spotify:") else None,
                artists=tuple(artists.get(row.id, ())),
                album=None
                if row.album is None
                else Album(row.album_name, row.album_uri, row.album_artist),
                duration_ms=row.duration_ms,
                isrc=row.isrc,
            )
    return found
