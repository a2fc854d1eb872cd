"""Intents that steer what plays: order, repetition, position."""

from datetime import timedelta

import voluptuous as vol

from ..api.models import Repeat
from ..failures import invalid
from .handler import AccountIntent, Answer, Request, Slots

SLOT_ON = "on"
SLOT_REPEAT = "repeat"
SLOT_HOURS, SLOT_MINUTES, SLOT_SECONDS = "hours", "minutes", "seconds"
# Seconds, where they were said in one word: "a minute".
SLOT_AMOUNT = "amount"
SLOT_BACK = "back"

NUMBER = vol.All(vol.Coerce(int), vol.Range(min=0, max=86_400))
DURATION: Slots = {
    vol.Optional(SLOT_HOURS): NUMBER,
    vol.Optional(SLOT_MINUTES): NUMBER,
    vol.Optional(SLOT_SECONDS): NUMBER,
    vol.Optional(SLOT_AMOUNT): NUMBER,
}


def length(request: Request) -> timedelta:
    """Return the hours, minutes and seconds that were said, together.

    Raises:
        ServiceValidationError: none were.
    """
    said = timedelta(
        hours=request.slots.get(SLOT_HOURS, 0),
        minutes=request.slots.get(SLOT_MINUTES, 0),
        seconds=request.slots.get(SLOT_SECONDS, request.slots.get(SLOT_AMOUNT, 0)),
    )
    if not said:
        raise invalid("no_duration")
    return said


async def _shuffle(request: Request) -> Answer:
    on = request.slots[SLOT_ON]
    await request.music.player.set_shuffle(on)
    return Answer("shuffled" if on else "not_shuffled")


async def _repeat(request: Request) -> Answer:
    repeat = Repeat(request.slots[SLOT_REPEAT])
    await request.music.player.set_repeat(repeat)
    return Answer(_REPEATED[repeat])


_REPEATED = {
    Repeat.OFF: "not_repeated",
    Repeat.TRACK: "song_repeated",
    Repeat.CONTEXT: "all_repeated",
}


async def _skip_by(request: Request) -> Answer:
    by = length(request)
    back = request.slots.get(SLOT_BACK, False)
    position = await request.music.player.seek_by(
        -by.total_seconds() if back else by.total_seconds()
    )
    key = "skipped_back" if back else "skipped_forward"
    return Answer(key, {"length": by, "position": timedelta(seconds=position)})


async def _start_over(request: Request) -> Answer:
    await request.music.player.look()
    item = request.music.items.playing()
    await request.music.player.seek(0)
    return Answer("started_over", {"title": item.name})


INTENTS = (
    AccountIntent(
        name="Shuffle",
        description="Plays in random order on Spotify, or not any more",
        slots={vol.Required(SLOT_ON): vol.Boolean()},
        run=_shuffle,
    ),
    AccountIntent(
        name="Repeat",
        description=(
            "Repeats the song (track), the album or playlist (context), or nothing (off)"
        ),
        slots={vol.Required(SLOT_REPEAT): vol.Coerce(Repeat)},
        run=_repeat,
    ),
    AccountIntent(
        name="SkipBy",
        description="Skips forward, or back, within the song by some time",
        slots={**DURATION, vol.Optional(SLOT_BACK): vol.Boolean()},
        run=_skip_by,
    ),
    AccountIntent(
        name="StartOver",
        description="Starts the song that plays on Spotify from its beginning",
        run=_start_over,
    ),
)
