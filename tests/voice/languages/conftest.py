"""The house in which every language is tried."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
import pytest

from custom_components.spotify_hub.api.uri import parse_uri
from tests.conftest import AccountEntry, Later
from tests.voice.conftest import House

from .stage import Stage


@pytest.fixture
async def stage(
    hass: HomeAssistant,
    house: House,
    anna: AccountEntry,
    ben: AccountEntry,
    later: Later,
) -> Stage:
    """A house of two accounts, in rooms with German names too; Anna's is everybody's."""
    areas = ar.async_get(hass)
    for room, alias in (("Kitchen", "Küche"), ("Living room", "Wohnzimmer")):
        areas.async_update(house.area(room), aliases={alias})
    people = {"anna": await house.person("Anna"), "ben": await house.person("Ben")}
    house.settle(
        users={people["anna"]: anna.entry_id, people["ben"]: ben.entry_id},
        default=anna.entry_id,
    )
    ben.runtime_data.pins.pin(parse_uri(house.uri("album", "Nevermind")), name="Lärm")
    anna.runtime_data.pins.pin(
        parse_uri(house.uri("album", "13")),
        name="Bad music",
        aliases=["Bath time"],
        household=True,
    )
    # Where Anna listened last.
    await house.play(anna, "anna", "Kitchen")
    # The names of playlists are read a moment after the start.
    await later(6)
    await later(2)
    return Stage(house, {"anna": anna, "ben": ben}, people, later)
