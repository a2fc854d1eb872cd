"""Actions: speakers, the queue, and what plays."""

from typing import Any, Final

from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account import SpotifyAccount
from ..account.queue import QUEUEABLE
from ..account.speakers import takes_commands
from ..api.models import Context, Device
from .action import Action, Call
from .answers import item_answer, started_answer
from .fields import (
    ATTR_ITEMS,
    ATTR_SPEAKER,
    ATTR_WAIT_TIMEOUT,
    ITEMS,
    LONGEST,
    WAIT_TIMEOUT,
)

ATTR_PLAY: Final = "play"
ATTR_SECONDS: Final = "seconds"


async def _transfer(call: Call) -> JsonObjectType:
    play: bool | None = call.data.get(ATTR_PLAY)
    player = call.account.player
    started = await player.select_speaker(
        call.data[ATTR_SPEAKER], play=play, patience=call.data[ATTR_WAIT_TIMEOUT]
    )
    name = player.name_of(started.device) if started.device else None
    return started_answer(started, name)


async def _add_to_queue(call: Call) -> JsonObjectType:
    uris = await call.account.items.uris(call.data[ATTR_ITEMS], QUEUEABLE)
    queued = await call.account.queue.append_several(uris)
    return {"queued": list(queued.uris), "skipped": list(queued.skipped)}


async def _get_queue(call: Call) -> JsonObjectType:
    queue = await call.account.queue.look()
    return {
        "playing": item_answer(queue.playing) if queue.playing else None,
        "upcoming": [item_answer(item) for item in queue.upcoming],
    }


async def _get_playback(call: Call) -> JsonObjectType:
    state = await call.account.player.look()
    playback = state.playback
    if playback is None:
        return {"state": "idle"}
    item, progress_ms = playback.item, state.progress_ms(dt_util.utcnow())
    uri = item.uri if item else None
    return {
        "state": "playing" if playback.is_playing else "paused",
        "item": item_answer(item) if item else None,
        "liked": call.account.likes.is_liked(uri) if uri else None,
        "context": _context(call.account, playback.context),
        "speaker": _speaker(call.account, playback.device),
        "position": None if progress_ms is None else progress_ms / 1000,
        "shuffle": playback.shuffle,
        "smart_shuffle": playback.smart_shuffle,
        "repeat": playback.repeat.value,
        "disallows": [*sorted(playback.disallows)],
    }


async def _get_devices(call: Call) -> JsonObjectType:
    devices = await call.account.player.look_for_speakers()
    return {"devices": [_speaker(call.account, device) for device in devices]}


async def _seek_by(call: Call) -> JsonObjectType:
    return {"position": await call.account.player.seek_by(call.data[ATTR_SECONDS])}


def _context(account: SpotifyAccount, context: Context | None) -> JsonObjectType | None:
    if context is None:
        return None
    return {
        "type": context.type,
        "uri": context.uri,
        "name": account.contexts.name(context.uri),
    }


def _speaker(account: SpotifyAccount, device: Device | None) -> JsonObjectType | None:
    """Return a speaker by the name that it is chosen by; its volume is in percent."""
    if device is None:
        return None
    return {
        "name": account.player.name_of(device),
        "type": device.type,
        "id": device.id,
        "active": device.is_active,
        "controllable": takes_commands(device),
        "private_session": device.is_private_session,
        "volume": device.volume_percent,
        "volume_controllable": device.supports_volume,
    }


_SPEAKER: Final[dict[vol.Marker, Any]] = {vol.Required(ATTR_SPEAKER): cv.string}

ACTIONS = (
    Action(
        name="transfer_playback",
        run=_transfer,
        fields={**_SPEAKER, vol.Optional(ATTR_PLAY): cv.boolean, **WAIT_TIMEOUT},
    ),
    Action(name="add_to_queue", run=_add_to_queue, fields=ITEMS),
    Action(name="get_queue", run=_get_queue, only_answers=True),
    Action(name="get_playback", run=_get_playback, only_answers=True),
    Action(name="get_devices", run=_get_devices, only_answers=True),
    Action(
        name="seek_by",
        run=_seek_by,
        fields={
            vol.Required(ATTR_SECONDS): vol.All(
                vol.Coerce(float), vol.Range(min=-LONGEST, max=LONGEST)
            )
        },
    ),
)
