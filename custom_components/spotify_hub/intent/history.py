"""Intents about what was listened to, and that play it again."""

from datetime import timedelta

import voluptuous as vol

from ..account.moments import LATELY, OF_YEAR, PARTS, WHEN, YEARS, Moment
from ..account.periods import Span
from ..account.starting import Started
from ..api.models import Track
from ..api.scopes import Feature
from ..archive.statistics.days import amount
from ..archive.statistics.tops import top_artists, top_tracks
from ..spoken import async_speakers_meant
from .handler import SLOT_SPEAKER, TEXT, AccountIntent, Answer, Request, Slots, Whose
from .playing import told

SLOT_WHEN, SLOT_PART = "when", "part"
SLOT_OF_YEAR, SLOT_YEAR = "of_year", "year"
# Tracks that are named.
_NAMED = 3
_TIME: Slots = {
    vol.Optional(SLOT_WHEN): vol.In(WHEN),
    vol.Optional(SLOT_PART): vol.In(PARTS),
    vol.Optional(SLOT_OF_YEAR): vol.In(OF_YEAR),
    vol.Optional(SLOT_YEAR): vol.All(vol.Coerce(int), vol.In(YEARS)),
}
_WHERE: Slots = {vol.Optional(SLOT_SPEAKER): TEXT}
_ALL_TIME = Moment()


async def _what_was_played(request: Request) -> Answer:
    history, span = request.account.history, _span(request)
    tops = await history.ask(top_tracks, span, limit=_NAMED + 1)
    if not tops:
        return Answer("nothing_was_played")
    titles = tuple(top.what.name for top in tops[:_NAMED] if top.what.name)
    if len(titles) == len(tops):
        return Answer("only_these_were_played", {"titles": titles})
    total = await history.ask(amount, span)
    return Answer("was_played", {"count": total.plays, "titles": titles})


async def _how_long(request: Request) -> Answer:
    total = await request.account.history.ask(amount, _span(request))
    if not total.listened_ms:
        return Answer("nothing_was_played")
    length = timedelta(milliseconds=total.listened_ms)
    # What was skipped took time, and is no song that was heard.
    return Answer("was_listened", {"length": length, "count": total.plays or None})


async def _top_artist(request: Request) -> Answer:
    tops = await request.account.history.ask(top_artists, _span(request), limit=1)
    if not tops:
        return Answer("nothing_was_played")
    (top,) = tops
    length = timedelta(milliseconds=top.amount.listened_ms)
    return Answer(
        "artist_was_first",
        {"artist": top.what.name, "count": top.amount.plays, "length": length},
    )


async def _play_heard(request: Request) -> Answer:
    span = _span(request, Moment(LATELY))
    started = await request.account.again.play_from(span, request.speaker)
    return _started(request, started)


async def _play_to_taste(request: Request) -> Answer:
    account = request.account
    there = async_speakers_meant(
        request.hass, account.household, request.said, request.slots.get(SLOT_SPEAKER)
    )
    started = await account.again.play_to_taste(request.speaker, speakers=there.keys())
    return _started(request, started)


def _span(request: Request, otherwise: Moment = _ALL_TIME) -> Span:
    slots = (SLOT_WHEN, SLOT_PART, SLOT_OF_YEAR, SLOT_YEAR)
    said = Moment(*map(request.slots.get, slots))
    return request.account.again.span(otherwise if said == _ALL_TIME else said)


def _started(request: Request, started: Started) -> Answer:
    if not started.confirmed:
        return Answer("started_perhaps")
    device = started.device
    playback = request.account.playback.data.playback
    item = playback.item if playback else None
    return Answer(
        "started",
        {
            **(told(item) if isinstance(item, Track) else {}),
            "speaker": request.account.player.name_of(device) if device else None,
        },
    )


INTENTS = (
    AccountIntent(
        name="WhatWasPlayed",
        description="Tells what somebody listened to on Spotify in some time",
        slots=_TIME,
        run=_what_was_played,
        whose=Whose.OWN,
        feature=Feature.HISTORY,
        asks=True,
    ),
    AccountIntent(
        name="HowLong",
        description="Tells how long somebody listened to Spotify in some time",
        slots=_TIME,
        run=_how_long,
        whose=Whose.OWN,
        feature=Feature.HISTORY,
        asks=True,
    ),
    AccountIntent(
        name="TopArtist",
        description="Tells whom somebody listened to most on Spotify in some time",
        slots=_TIME,
        run=_top_artist,
        whose=Whose.OWN,
        feature=Feature.HISTORY,
        asks=True,
    ),
    AccountIntent(
        name="PlayHeard",
        description="Plays what somebody listened to on Spotify in some time, mixed",
        slots={**_TIME, **_WHERE},
        run=_play_heard,
        whose=Whose.OWN,
        feature=Feature.HISTORY,
    ),
    AccountIntent(
        name="PlayToTaste",
        description=(
            "Plays what somebody likes at this hour and in this room, by what they heard"
        ),
        slots=_WHERE,
        run=_play_to_taste,
        whose=Whose.OWN,
        feature=Feature.HISTORY,
    ),
)
