"""Intents about what plays: what is it, who sings, what comes next, why is it silent."""

import voluptuous as vol

from ..account import SpotifyAccount
from ..api.errors import PremiumRequiredError
from ..api.models import Episode, PlayingItem, Track
from ..api.uri import InvalidUriError, UriType, parse_uri
from ..failures import invalid, translated
from .handler import SLOT_SPEAKER, TEXT, AccountIntent, Answer, Request, Whose
from .phrasing import Value


def told(item: PlayingItem) -> dict[str, Value]:
    """Return what is said of something that plays."""
    match item:
        case Track():
            return {
                "title": item.name,
                "artists": tuple(artist.name for artist in item.artists),
                "album": item.album.name if item.album else None,
            }
        case Episode():
            return {"title": item.name, "show": item.show.name if item.show else None}
    return {"title": item.name}


async def _what_plays(request: Request) -> Answer:
    music = request.music
    playback = (await music.player.look()).playback
    if playback is None or playback.item is None:
        return Answer("nothing_plays")
    if not playback.item.name:
        return Answer("something_plays")
    values = told(playback.item)
    values["playlist"] = _playlist(music)
    if playback.device is not None:
        values["speaker"] = music.player.name_of(playback.device)
    return Answer("plays" if playback.is_playing else "is_paused", values)


def _playlist(account: SpotifyAccount) -> str | None:
    """Return the name of the playlist that plays, as far as it is known."""
    playback = account.playback.data.playback
    if playback is None or playback.context is None:
        return None
    try:
        kind = parse_uri(playback.context.uri).type
    except InvalidUriError:
        return None
    if kind is not UriType.PLAYLIST:
        return None
    return account.contexts.name(playback.context.uri)


async def _who_sings(request: Request) -> Answer:
    await request.music.player.look()
    item = request.music.items.playing()
    if isinstance(item, Episode):
        return Answer("is_episode", told(item))
    return Answer("is_by", told(item))


async def _what_next(request: Request) -> Answer:
    queue = await request.music.queue.look()
    if queue.playing is None:
        return Answer("nothing_plays")
    if not queue.upcoming:
        return Answer("nothing_next")
    return Answer("comes_next", told(queue.upcoming[0]))


async def _why_silent(request: Request) -> Answer:
    """Return the likeliest reason, worst first; raises it where Spotify says it."""
    account = request.music
    state = await account.player.look()
    if account.premium.lacking:
        raise translated(PremiumRequiredError("Known since it was last refused"))
    playback = state.playback
    if playback is not None and playback.is_playing:
        return _why_unheard(account, request)
    if (reason := account.player.last_failure) is not None:
        raise reason
    if not await account.player.look_for_speakers():
        raise invalid("no_speaker")
    return Answer("is_paused" if playback and playback.item else "nothing_asked", {})


def _why_unheard(account: SpotifyAccount, request: Request) -> Answer:
    device = account.player.active_speaker
    speaker = account.player.name_of(device) if device else None
    if device is not None and device.volume_percent == 0:
        return Answer("is_muted", {"speaker": speaker})
    return Answer("does_play", {"speaker": speaker})


INTENTS = (
    AccountIntent(
        name="WhatPlays",
        description="Tells what plays on Spotify, where, and from which playlist",
        slots={vol.Optional(SLOT_SPEAKER): TEXT},
        run=_what_plays,
        whose=Whose.AUDIBLE,
        asks=True,
    ),
    AccountIntent(
        name="WhoSings",
        description="Tells whose song plays on Spotify, and on which album it is",
        run=_who_sings,
        whose=Whose.AUDIBLE,
        asks=True,
    ),
    AccountIntent(
        name="WhatNext",
        description="Tells what comes next on Spotify",
        run=_what_next,
        asks=True,
    ),
    AccountIntent(
        name="WhySilent",
        description="Tells why Spotify does not play",
        run=_why_silent,
        asks=True,
    ),
)
