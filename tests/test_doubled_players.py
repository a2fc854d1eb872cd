"""Two exposed players of one box in one room: when that is told, and when no more."""

from collections.abc import Callable
from typing import Any

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.setup import async_setup_component
import pytest

from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.doubled_players import ASSISTANT, ISSUE
from custom_components.spotify_hub.household_speakers import HouseholdSpeakers
from custom_components.spotify_hub.speaker_book import Speaker, SpeakerSettings, find
from custom_components.spotify_hub.speaker_devices import (
    async_device_of,
    async_player_of,
)

from .conftest import AccountEntry, Link

type Configure = Callable[[str | None], None]

OTHER = "media_player.sonos_kitchen"


@pytest.fixture
async def anna(hass: HomeAssistant, link: Link) -> AccountEntry:
    """Link Anna in a house with a kitchen, in which an exposed Sonos stands."""
    assert await async_setup_component(hass, "homeassistant", {})
    kitchen = ar.async_get(hass).async_create("Kitchen")
    ar.async_get(hass).async_create("Cellar")
    add_player(hass, "sonos", kitchen.id)
    return await link()


@pytest.fixture
def speakers(anna: AccountEntry) -> HouseholdSpeakers:
    """Return the speakers of Anna's household."""
    return anna.runtime_data.household.speakers


@pytest.fixture
def kitchen(speakers: HouseholdSpeakers) -> Speaker:
    """Return the speaker in the kitchen; the area of its name is suggested to it."""
    (found,) = find(speakers.book, "Kitchen")
    return found


@pytest.fixture
def configure(speakers: HouseholdSpeakers, kitchen: Speaker) -> Configure:
    """Link the speaker in the kitchen, or unlink it."""

    def run(linked: str | None) -> None:
        speakers.async_configure(kitchen.id, SpeakerSettings(linked=linked))

    return run


def add_player(hass: HomeAssistant, name: str, area_id: str | None) -> str:
    """Register a player of another integration."""
    registry = er.async_get(hass)
    entity = registry.async_get_or_create(
        MEDIA_PLAYER, "test", name, object_id_base=f"{name} kitchen"
    )
    registry.async_update_entity(entity.entity_id, name=name, area_id=area_id)
    return entity.entity_id


def cellar(hass: HomeAssistant) -> str:
    """Return the id of another area."""
    area = ar.async_get(hass).async_get_area_by_name("Cellar")
    assert area is not None
    return area.id


def told(hass: HomeAssistant) -> list[ir.IssueEntry]:
    """Return the issues about two players that are open."""
    return [
        one
        for (domain, _), one in ir.async_get(hass).issues.items()
        if domain == DOMAIN and one.translation_key == ISSUE and one.active
    ]


async def test_linking_tells(
    hass: HomeAssistant, kitchen: Speaker, configure: Configure
) -> None:
    """With what somebody needs to know, and what the repair needs."""
    assert not told(hass)
    configure(OTHER)
    (issue,) = told(hass)
    own = async_player_of(hass, kitchen.id)
    assert issue.issue_id == f"{ISSUE}_{kitchen.id}"
    assert issue.is_fixable
    assert issue.data == {"own": own, "linked": OTHER}
    assert issue.translation_placeholders == {
        "speaker": "Kitchen",
        "own": own,
        "linked": OTHER,
        "area": "Kitchen",
    }


async def test_unlinking_withdraws(hass: HomeAssistant, configure: Configure) -> None:
    """They are two boxes then, as far as anybody knows."""
    configure(OTHER)
    configure(None)
    assert not told(hass)


@pytest.mark.parametrize("which", ["own", "linked"])
async def test_exposing_one_alone_withdraws(
    hass: HomeAssistant, kitchen: Speaker, configure: Configure, which: str
) -> None:
    """Whichever it is, wherever it was done; exposing it again tells again."""
    own = async_player_of(hass, kitchen.id)
    assert own is not None
    entity_id = own if which == "own" else OTHER
    configure(OTHER)
    async_expose_entity(hass, ASSISTANT, entity_id, should_expose=False)
    await hass.async_block_till_done()
    assert not told(hass)
    async_expose_entity(hass, ASSISTANT, entity_id, should_expose=True)
    await hass.async_block_till_done()
    assert told(hass)


async def test_another_assistant_is_not_meant(
    hass: HomeAssistant, configure: Configure
) -> None:
    """What Alexa or Google see is another matter."""
    configure(OTHER)
    async_expose_entity(hass, "cloud.alexa", OTHER, should_expose=False)
    await hass.async_block_till_done()
    assert told(hass)


async def test_players_in_different_rooms_are_told_apart(
    hass: HomeAssistant, kitchen: Speaker, configure: Configure
) -> None:
    """Moving one away withdraws it, moving the other after it tells again."""
    configure(OTHER)
    er.async_get(hass).async_update_entity(OTHER, area_id=cellar(hass))
    await hass.async_block_till_done()
    assert not told(hass)
    device = async_device_of(hass, kitchen)
    assert device is not None
    dr.async_get(hass).async_update_device(device.id, area_id=cellar(hass))
    await hass.async_block_till_done()
    (issue,) = told(hass)
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["area"] == "Cellar"


async def test_players_in_no_room_are_in_nobodys_way(
    hass: HomeAssistant, kitchen: Speaker, configure: Configure
) -> None:
    """A sentence reaches them by their names only."""
    device = async_device_of(hass, kitchen)
    assert device is not None
    dr.async_get(hass).async_update_device(device.id, area_id=None)
    er.async_get(hass).async_update_entity(OTHER, area_id=None)
    configure(OTHER)
    await hass.async_block_till_done()
    assert not told(hass)


@pytest.mark.parametrize(
    "change",
    [
        {"disabled_by": er.RegistryEntryDisabler.USER},
        {"hidden_by": er.RegistryEntryHider.USER},
    ],
)
async def test_a_player_that_voice_does_not_see_does_not_count(
    hass: HomeAssistant,
    configure: Configure,
    change: dict[str, Any],
) -> None:
    """Disabled or hidden, though it was exposed."""
    configure(OTHER)
    er.async_get(hass).async_update_entity(OTHER, **change)
    await hass.async_block_till_done()
    assert not told(hass)


async def test_the_repair_knows_what_the_players_are_called_now(
    hass: HomeAssistant, kitchen: Speaker, configure: Configure
) -> None:
    """A renamed player, or another one that is linked, is the one to choose from."""
    configure(OTHER)
    own = async_player_of(hass, kitchen.id)
    assert own is not None
    er.async_get(hass).async_update_entity(own, new_entity_id="media_player.cooking")
    await hass.async_block_till_done()
    (issue,) = told(hass)
    assert issue.data == {"own": "media_player.cooking", "linked": OTHER}
    area = ar.async_get(hass).async_get_area_by_name("Kitchen")
    assert area is not None
    configure(cast := add_player(hass, "cast", area.id))
    await hass.async_block_till_done()
    (issue,) = told(hass)
    assert issue.data == {"own": "media_player.cooking", "linked": cast}


async def test_closing_withdraws(
    hass: HomeAssistant, anna: AccountEntry, configure: Configure
) -> None:
    """Without an account there is no player of ours; with one, it is told again."""
    configure(OTHER)
    await hass.config_entries.async_unload(anna.entry_id)
    await hass.async_block_till_done()
    assert not told(hass)
    await hass.config_entries.async_setup(anna.entry_id)
    await hass.async_block_till_done()
    assert told(hass)


async def test_a_speaker_that_is_hidden_is_no_second_player(
    hass: HomeAssistant, speakers: HouseholdSpeakers, kitchen: Speaker
) -> None:
    """Hiding it is a way out as well."""
    speakers.async_configure(kitchen.id, SpeakerSettings(linked=OTHER))
    assert told(hass)
    speakers.async_configure(kitchen.id, SpeakerSettings(linked=OTHER, shown=False))
    await hass.async_block_till_done()
    assert not told(hass)
