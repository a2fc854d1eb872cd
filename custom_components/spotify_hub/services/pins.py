"""Actions: pins."""

from typing import Any

from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account.pins import PINNABLE, PinOperations
from ..api.uri import parse_uri
from ..pins import Pin
from .action import Action, Call
from .fields import TEXTS

_HOUSEHOLD: dict[vol.Marker, Any] = {
    vol.Optional("household", default=False): cv.boolean
}


async def _pin(call: Call) -> JsonObjectType:
    account, data = call.account, call.data
    how = {key: data.get(key) for key in ("name", "image", "aliases")}
    household = data["household"]
    if (item := data.get("item")) is not None:
        uri = await account.items.uri(item, PINNABLE)
        pin = account.pins.pin(uri, **how, household=household)
    else:
        pin = account.pins.pin_playing(
            account.playback.data.playback,
            account.contexts.name,
            **how,
            household=household,
        )
    return _answer(pin)


async def _unpin(call: Call) -> JsonObjectType:
    pins: PinOperations = call.account.pins
    return _answer(pins.unpin(call.data["item"], household=call.data["household"]))


async def _get_pins(call: Call) -> JsonObjectType:
    return {"pins": [_answer(pin) for pin in call.account.pins.all]}


def _answer(pin: Pin) -> JsonObjectType:
    return {
        "type": parse_uri(pin.uri).type.value,
        "uri": pin.uri,
        "name": pin.name,
        "aliases": list(pin.aliases),
        "image": pin.image,
        "household": pin.entry_id is None,
    }


ACTIONS: tuple[Action, ...] = (
    Action(
        name="pin",
        run=_pin,
        fields={
            vol.Optional("item"): cv.string,
            vol.Optional("name"): cv.string,
            vol.Optional("image"): cv.string,
            vol.Optional("aliases"): TEXTS,
            **_HOUSEHOLD,
        },
    ),
    Action(
        name="unpin",
        run=_unpin,
        fields={vol.Required("item"): cv.string, **_HOUSEHOLD},
    ),
    Action(name="get_pins", run=_get_pins, only_answers=True),
)
