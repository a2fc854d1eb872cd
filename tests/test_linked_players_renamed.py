"""A linked player that gets another entity id."""

from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er

from custom_components.spotify_hub.speaker_book import SpeakerSettings, find

from .conftest import AccountEntry


async def test_a_link_follows_its_player(
    hass: HomeAssistant, anna: AccountEntry
) -> None:
    """With all that was set beside it; other speakers' links stay."""
    speakers, registry = anna.runtime_data.household.speakers, er.async_get(hass)
    sonos = registry.async_get_or_create(MEDIA_PLAYER, "test", "sonos").entity_id
    cast = registry.async_get_or_create(MEDIA_PLAYER, "test", "cast").entity_id
    (kitchen,) = find(speakers.book, "Kitchen")
    (television,) = find(speakers.book, "Living Room TV")
    speakers.async_configure(kitchen.id, SpeakerSettings(linked=sonos, max_volume=0.5))
    speakers.async_configure(television.id, SpeakerSettings(linked=cast))
    registry.async_update_entity(sonos, new_entity_id="media_player.sonos_two")
    await hass.async_block_till_done()
    assert speakers.book.settings_of(kitchen.id) == SpeakerSettings(
        linked="media_player.sonos_two", max_volume=0.5
    )
    assert speakers.book.settings_of(television.id).linked == cast


async def test_a_link_outlasts_its_player(
    hass: HomeAssistant, anna: AccountEntry
) -> None:
    """Its integration may be set up again; until then commands say what is missing."""
    speakers, registry = anna.runtime_data.household.speakers, er.async_get(hass)
    sonos = registry.async_get_or_create(MEDIA_PLAYER, "test", "sonos").entity_id
    (kitchen,) = find(speakers.book, "Kitchen")
    speakers.async_configure(kitchen.id, SpeakerSettings(linked=sonos))
    registry.async_remove(sonos)
    await hass.async_block_till_done()
    assert speakers.book.settings_of(kitchen.id).linked == sonos
