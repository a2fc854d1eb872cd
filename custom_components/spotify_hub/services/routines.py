"""Actions for somebody who moves about, goes to bed, or has visitors."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account.announcing import LONGEST_TIMEOUT, TIMEOUT, Announcement
from ..callers import async_account_heard, async_account_on
from ..failures import invalid
from .action import Action, Call
from .answers import started_answer
from .fields import (
    ATTR_MEDIA_TYPE,
    ATTR_SPEAKER,
    ATTR_WAIT_TIMEOUT,
    LONGEST_FADE,
    NAME,
    WAIT_TIMEOUT,
)

ATTR_ANNOUNCEMENT: Final = "announcement"
ATTR_END_OF_TRACK: Final = "end_of_track"
ATTR_FADE: Final = "fade"
ATTR_MESSAGE: Final = "message"
ATTR_MINUTES: Final = "minutes"
ATTR_PLAY: Final = "play"
ATTR_TIMEOUT: Final = "timeout"
ATTR_TTS_ENTITY: Final = "tts_entity"

_A_DAY: Final = 24 * 60


async def _move(call: Call) -> JsonObjectType:
    if ATTR_CONFIG_ENTRY_ID not in call.data:
        call = await _heard(call)
    player = call.account.player
    moved = await call.account.routines.moving.move(
        call.data[ATTR_SPEAKER],
        play=call.data.get(ATTR_PLAY),
        patience=call.data[ATTR_WAIT_TIMEOUT],
    )
    device = moved.started.device
    return {
        ATTR_CONFIG_ENTRY_ID: call.entry.entry_id,
        **started_answer(moved.started, player.name_of(device) if device else None),
        "volume": moved.volume,
        "volume_adjusted": moved.adjusted,
    }


async def _heard(call: Call) -> Call:
    """Return the call for the account whose music is heard."""
    playback = call.account.playback
    if not playback.data.is_playing:
        # It may have begun since the last poll; if nobody can say, what was known holds.
        with suppress(HomeAssistantError):
            await call.account.player.look()
    if call.data.get(ATTR_PLAY) and playback.data.playback is not None:
        # What is paused there is to be heard.
        return call
    heard = async_account_heard(call.hass, call.caller.context, call.entry)
    return replace(call, entry=heard, account=heard.runtime_data)


async def _sleep_timer(call: Call) -> JsonObjectType:
    sleep_timer, fade = call.account.routines.sleep_timer, call.data[ATTR_FADE]
    if call.data[ATTR_END_OF_TRACK]:
        timer = await sleep_timer.set_to_end_of_track(fade)
    else:
        timer = await sleep_timer.set(60 * call.data[ATTR_MINUTES], fade)
    return {"ends": dt_util.utc_from_timestamp(timer.ends).isoformat()}


async def _cancel_sleep_timer(call: Call) -> JsonObjectType:
    cancelled = await call.account.routines.sleep_timer.cancel()
    return {"cancelled": cancelled is not None}


async def _resume_after(call: Call) -> JsonObjectType:
    speaker = await call.account.routines.announcing.speaker(
        call.data.get(ATTR_SPEAKER)
    )
    if ATTR_CONFIG_ENTRY_ID not in call.data:
        entry = await async_account_on(
            call.hass, call.caller.context, call.entry, speaker
        )
        call = replace(call, entry=entry, account=entry.runtime_data)
    announced = await call.account.routines.announcing.resume_after(
        Announcement(
            media_id=call.data.get(ATTR_ANNOUNCEMENT),
            media_type=call.data[ATTR_MEDIA_TYPE],
            message=call.data.get(ATTR_MESSAGE),
            tts_entity=call.data.get(ATTR_TTS_ENTITY),
        ),
        speaker,
        call.data[ATTR_TIMEOUT],
    )
    return {
        "finished": announced.finished,
        "resumed": announced.resumed is not None,
        **started_answer(announced.resumed, speaker.name),
    }


def _check_sleep_timer(data: Mapping[str, Any]) -> None:
    if (ATTR_MINUTES in data) is data.get(ATTR_END_OF_TRACK, False):
        raise invalid("minutes_or_end_of_track")


def _check_announcement(data: Mapping[str, Any]) -> None:
    if (ATTR_ANNOUNCEMENT in data) is (ATTR_MESSAGE in data):
        raise invalid("announcement_or_message")
    if (ATTR_MESSAGE in data) is not (ATTR_TTS_ENTITY in data):
        raise invalid("message_with_voice")


ACTIONS = (
    Action(
        name="move_playback",
        run=_move,
        fields={
            vol.Required(ATTR_SPEAKER): NAME,
            vol.Optional(ATTR_PLAY): cv.boolean,
            **WAIT_TIMEOUT,
        },
    ),
    Action(
        name="sleep_timer",
        run=_sleep_timer,
        check=_check_sleep_timer,
        fields={
            vol.Optional(ATTR_MINUTES): vol.All(
                vol.Coerce(float), vol.Range(min=0, min_included=False, max=_A_DAY)
            ),
            vol.Optional(ATTR_END_OF_TRACK, default=False): cv.boolean,
            vol.Optional(ATTR_FADE, default=30): vol.All(
                vol.Coerce(float), vol.Range(min=0, max=LONGEST_FADE)
            ),
        },
    ),
    Action(name="cancel_sleep_timer", run=_cancel_sleep_timer),
    Action(
        name="resume_after",
        run=_resume_after,
        check=_check_announcement,
        fields={
            vol.Optional(ATTR_SPEAKER): NAME,
            vol.Optional(ATTR_ANNOUNCEMENT): NAME,
            vol.Optional(ATTR_MEDIA_TYPE, default="music"): NAME,
            vol.Optional(ATTR_MESSAGE): NAME,
            vol.Optional(ATTR_TTS_ENTITY): cv.entity_domain("tts"),
            vol.Optional(ATTR_TIMEOUT, default=TIMEOUT): vol.All(
                vol.Coerce(float), vol.Range(min=1, max=LONGEST_TIMEOUT)
            ),
        },
    ),
)
