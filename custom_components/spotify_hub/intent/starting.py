"""Intents that play something else, queue it, or let the music go elsewhere."""

import voluptuous as vol

from ..account.hits import Hit
from ..account.starting import Started
from ..account.wish import Enqueue, Played, Wish, play
from ..api.uri import UriType
from .handler import SLOT_SPEAKER, TEXT, AccountIntent, Answer, Request, Slots, Whose
from .phrasing import Value

SLOT_ITEM = "item"
SLOT_KIND = "kind"
SLOT_PIN = "pin"
SLOT_PLAY = "play"
SLOT_PLAYLIST = "playlist"
SLOT_SHUFFLE = "shuffle"

LIKED_SONGS = f"spotify:{UriType.COLLECTION}"
_WHERE: Slots = {vol.Optional(SLOT_SPEAKER): TEXT}
_WHAT: Slots = {
    vol.Required(SLOT_ITEM): TEXT,
    vol.Optional(SLOT_KIND): vol.Coerce(UriType),
}
_ORDER: Slots = {vol.Optional(SLOT_SHUFFLE): vol.Boolean()}


async def _play(request: Request) -> Answer:
    played = await play(request.account, _wish(request, speaker=request.speaker))
    hit = played.found.hit
    return _started(request, played.started, told(hit) | _others(played))


async def _queue(request: Request) -> Answer:
    played = await play(request.account, _wish(request, enqueue=Enqueue.ADD))
    return Answer("queued", _enqueued(played))


async def _play_next(request: Request) -> Answer:
    played = await play(request.account, _wish(request, enqueue=Enqueue.NEXT))
    return Answer("queued_next", _enqueued(played))


async def _play_liked(request: Request) -> Answer:
    return await _play_uri(request, LIKED_SONGS, {}, "liked_songs")


async def _play_pin(request: Request) -> Answer:
    name = request.slots[SLOT_PIN]
    pin = request.account.pins.find(name)
    title = pin.name if pin else name
    return await _play_uri(request, name, {"title": title})


async def _play_playlist(request: Request) -> Answer:
    name = request.slots[SLOT_PLAYLIST]
    hit = await request.account.search.named(name, {UriType.PLAYLIST})
    return await _play_uri(request, hit.uri, {"title": hit.name})


async def _play_uri(
    request: Request, uri: str, values: dict[str, Value], what: str = "started"
) -> Answer:
    wish = Wish(
        uri=uri, speaker=request.speaker, shuffle=request.slots.get(SLOT_SHUFFLE)
    )
    played = await play(request.account, wish)
    return _started(request, played.started, values, what)


async def _move(request: Request) -> Answer:
    play_too = request.slots.get(SLOT_PLAY)
    moved = await request.music.routines.moving.move(
        request.slots[SLOT_SPEAKER], play=play_too
    )
    device = moved.started.device
    name = request.music.player.name_of(device) if device else None
    values: dict[str, Value] = {"speaker": name or request.slots[SLOT_SPEAKER]}
    if moved.started.confirmed:
        key = "moved" if request.music.playback.data.is_playing else "moved_paused"
    else:
        key = "nothing_to_move"
    return Answer(key, values)


def told(hit: Hit | None) -> dict[str, Value]:
    """Return what is said of a thing that was found."""
    if hit is None:
        return {}
    makers = hit.makers if hit.kind in {UriType.ALBUM, UriType.TRACK} else ()
    return {"title": hit.name, "artists": makers}


def _wish(
    request: Request, *, speaker: str | None = None, enqueue: Enqueue = Enqueue.PLAY
) -> Wish:
    return Wish(
        query=request.slots[SLOT_ITEM],
        kind=request.slots.get(SLOT_KIND),
        speaker=speaker,
        enqueue=enqueue,
    )


def _others(played: Played) -> dict[str, Value]:
    """Return by whom else there is something of this name, for who meant another."""
    others = played.found.others
    return {"others": next(iter(others)).makers if others else ()}


def _enqueued(played: Played) -> dict[str, Value]:
    values = told(played.found.hit) | _others(played)
    return {**values, "count": len(played.enqueued)}


def _started(
    request: Request,
    started: Started | None,
    values: dict[str, Value],
    what: str = "started",
) -> Answer:
    """Return that it plays, where Spotify has said so."""
    device = started.device if started else None
    if device is not None:
        values["speaker"] = request.account.player.name_of(device)
    if started is None or not started.confirmed:
        return Answer("started_perhaps", values)
    return Answer(what, values)


INTENTS = (
    AccountIntent(
        name="Play",
        description="Plays a song, an album, an artist or a playlist on Spotify",
        slots={**_WHAT, **_WHERE},
        run=_play,
        whose=Whose.OWN,
    ),
    AccountIntent(
        name="Queue",
        description="Adds something to the end of Spotify's queue",
        slots=_WHAT,
        run=_queue,
    ),
    AccountIntent(
        name="PlayNext",
        description="Plays something on Spotify after the song that plays",
        slots=_WHAT,
        run=_play_next,
    ),
    AccountIntent(
        name="PlayLiked",
        description="Plays the songs that somebody likes on Spotify",
        slots={**_ORDER, **_WHERE},
        run=_play_liked,
        whose=Whose.OWN,
    ),
    AccountIntent(
        name="PlayPin",
        description="Plays what is pinned in Spotify Hub, by its name or an alias",
        slots={vol.Required(SLOT_PIN): TEXT, **_ORDER, **_WHERE},
        run=_play_pin,
        whose=Whose.OWN,
    ),
    AccountIntent(
        name="PlayPlaylist",
        description="Plays a playlist of one's own on Spotify, in random order if wanted",
        slots={vol.Required(SLOT_PLAYLIST): TEXT, **_ORDER, **_WHERE},
        run=_play_playlist,
        whose=Whose.OWN,
    ),
    AccountIntent(
        name="Move",
        description="Moves what plays on Spotify to another speaker or room",
        slots={
            vol.Required(SLOT_SPEAKER): TEXT,
            vol.Optional(SLOT_PLAY): vol.Boolean(),
        },
        run=_move,
    ),
)
