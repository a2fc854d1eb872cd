"""The emulated search."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.emulator import Emulator
from tests.emulator.asking import Asking


@pytest.fixture
async def emulator(socket_enabled: None) -> AsyncIterator[Emulator]:
    """Run an emulator with the standard world."""
    async with Emulator() as running:
        yield running


@pytest.fixture
def anna(emulator: Emulator) -> Asking:
    """Ask as Anna, by a new app."""
    return Asking.by(emulator, "anna")


async def found(ask: Asking, text: str, kind: str, **query: Any) -> list[str | None]:
    """Return the names that a search answers."""
    asked = {"q": text, "type": kind} | query
    items = (await ask("GET", "/v1/search", params=asked)).json[f"{kind}s"]["items"]
    return [item and item["name"] for item in items]


@pytest.mark.parametrize(
    ("text", "kind", "first"),
    [
        ("so what", "track", "So What"),
        ("So What Live", "track", "So What - Live"),
        ("so what miles davis", "track", "So What"),
        ("miles dav", "artist", "Miles Davis"),
        ("bjork", "artist", "Björk"),
        ("BJÖRK", "artist", "Björk"),
        ("die arzte", "artist", "Die Ärzte"),
        ("agaetis byrjun", "album", "Ágætis byrjun"),
        ("hoppipolla", "track", "Hoppípolla"),
        ("non je ne regrette rien", "track", "Non, je ne regrette rien"),
        ("dont stop me now", "track", "Don't Stop Me Now"),
        ("blue", "artist", "Blue"),
        ("blue", "album", "Blue"),
        ("songbird", "track", "Songbird"),
        ("movie star", "track", "Movie Star"),
        ("bohemian rhapsody", "track", "Bohemian Rhapsody"),
        ("🎈", "track", "🎈"),
        ("bold quoted", "artist", '<b>Bold</b> & "Quoted"'),
        ("группа крови", "album", "Группа крови"),
        ("quiet hour", "show", "The Quiet Hour"),
        ("moss 129", "episode", "129: Moss"),
        ("baskervilles doyle", "audiobook", "The Hound of the Baskervilles"),
        ('freedom artist:beyonce album:"lemonade"', "track", "Freedom"),
        ('track:"So What" artist:"Miles Davis"', "track", "So What"),
        ("track:So What artist:Miles Davis", "track", "So What"),
        ("miles davis year:1970", "album", "Bitches Brew"),
        ("artist:nirvana year:1992-1993", "album", "In Utero"),
        ("track:freedom", "album", None),
        ("xyzzy", "track", None),
        ("?", "track", None),
    ],
)
async def test_first_hit(anna: Asking, text: str, kind: str, first: str | None) -> None:
    """The first hit is what a person would expect."""
    names = await found(anna, text, kind)
    assert (names[0] if names else None) == first


async def test_only_types_asked_for(anna: Asking) -> None:
    """Only the types asked for are answered, in short or full form."""
    query = {"q": "blue", "type": "track,album"}
    answer = (await anna("GET", "/v1/search", params=query)).json
    assert set(answer) == {"tracks", "albums"}
    assert "album" in answer["tracks"]["items"][0]
    assert "popularity" not in answer["tracks"]["items"][0]
    assert "tracks" not in answer["albums"]["items"][0]


async def test_paging(emulator: Emulator, anna: Asking) -> None:
    """Pages hold ten at most for new apps, and together all there is."""
    query: dict[str, Any] = {"q": "miniature", "type": "track"}
    answer = (await anna("GET", "/v1/search", params=query)).json["tracks"]
    assert (len(answer["items"]), answer["total"]) == (5, 130)
    assert "q=miniature" in answer["next"]
    names: set[str | None] = set()
    for offset in range(0, 130, 10):
        names |= set(await found(anna, "miniature", "track", limit=10, offset=offset))
    assert len(names) == 130
    refused = await anna("GET", "/v1/search", params=query | {"limit": 11})
    assert refused.error == (400, "Invalid limit", None)
    old = Asking.by(emulator, "anna", app="legacy-client-id")
    assert len(await found(old, "miniature", "track")) == 20
    assert len(await found(old, "miniature", "track", limit=50)) == 50


async def test_playlists_of_others_and_of_spotify(anna: Asking) -> None:
    """Search finds everybody's public playlists; Spotify's own are null."""
    names = await found(anna, "workout", "playlist", limit=10)
    assert set(names) == {"Workout", "Workout 2026", None}
    assert await found(anna, "secret diary", "playlist") == []
    query = {"q": "Ben's Nineties", "type": "playlist"}
    answer = (await anna("GET", "/v1/search", params=query)).json["playlists"]
    assert "items" not in answer["items"][0]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"q": "blue"},
        {"type": "track"},
        {"q": " ", "type": "track"},
        {"q": "blue", "type": "genre"},
        {"q": "blue", "type": "track", "offset": 996},
        {"q": "blue", "type": "track", "offset": -1},
        {"q": "blue", "type": "track", "limit": 0},
    ],
)
async def test_refused(anna: Asking, query: dict[str, Any]) -> None:
    """Incomplete and exaggerated searches are refused."""
    assert (await anna("GET", "/v1/search", params=query)).status == 400


@pytest.mark.parametrize(
    ("text", "kind", "first"),
    [
        ("bohemian rapsody", "track", "Bohemian Rhapsody"),
        ("radio head", "artist", "Radiohead"),
        ("acdc", "artist", "AC/DC"),
        ("so what", "track", "So What"),
        ("paranoid nobody", "track", "Paranoid Android"),
    ],
)
async def test_what_comes_near_is_found_where_the_world_says_so(
    emulator: Emulator, anna: Asking, text: str, kind: str, first: str
) -> None:
    """After what has all the words; else not at all."""
    strict = await found(anna, text, kind)
    emulator.world.finds_near = True
    near = await found(anna, text, kind)
    assert near[: len(strict)] == strict
    assert near[0] == first
