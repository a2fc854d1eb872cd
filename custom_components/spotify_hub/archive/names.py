"""By what items, artists and albums without a URI are known: their names, folded."""

from functools import lru_cache
import hashlib
import unicodedata

from .records import Item, Kind


def folded(text: str) -> str:
    """Return a text without differences of case, width, accents' coding and spacing."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def key_of(*parts: str) -> int:
    """Return a number of 64 bits that stands for names."""
    text = "\n".join(folded(part) for part in parts)
    digest = hashlib.blake2b(text.encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def item_key(item: Item) -> int | None:
    """Return what an item shares with the same work under another URI.

    That is kind, name and first artist; of an episode or chapter the show or book.
    """
    if item.name is None:
        return None
    if item.kind is Kind.TRACK:
        by = item.artists[0].name if item.artists else ""
    else:
        by = item.album.name if item.album else ""
    return key_of(item.kind, item.name, by)


@lru_cache(maxsize=20_000)
def artist_key(name: str) -> int:
    """Return what tells an artist; an export knows only the name."""
    return key_of("artist", name)


@lru_cache(maxsize=20_000)
def album_key(kind: Kind, name: str, artist: str | None) -> int:
    """Return what tells an album, show or audiobook; shows need no publisher for it."""
    if kind is Kind.TRACK:
        return key_of("album", name, artist or "")
    return key_of(kind, name)


def uri_of(item: Item) -> str:
    """Return an item's URI, or what stands for it in the archive."""
    if item.uri is not None:
        return item.uri
    key = item_key(item)
    if key is None:
        raise ValueError("An item needs a URI or a name")
    return f"{NAMED}{key & 0xFFFF_FFFF_FFFF_FFFF:016x}"


NAMED = "name:"
"""How the stand-in for the URI of an item that is known only by name begins."""
