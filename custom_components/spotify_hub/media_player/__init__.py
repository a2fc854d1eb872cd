"""Media players: one per account, and one per speaker of the household."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..account import SpotifyHubConfigEntry
from ..speaker_book import Speaker, owned_by
from ..speaker_devices import (
    async_device_of,
    async_remove_device,
    async_remove_other_devices,
)
from .account_player import AccountPlayer
from .speaker_player import SpeakerPlayer

# Each account keeps its own commands in order.
PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SpotifyHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the account's player, and those of the speakers that hang on its entry."""
    speakers = entry.runtime_data.household.speakers
    present: dict[str, Speaker] = {}

    def shown() -> dict[str, Speaker]:
        return {
            speaker.id: speaker
            for speaker in owned_by(speakers.book, entry.entry_id)
            if speakers.is_shown(speaker)
        }

    @callback
    def follow() -> None:
        """Add speakers that have come up, remove what is not shown any more."""
        now = shown()
        for gone in present.keys() - now.keys():
            del present[gone]
            async_remove_device(hass, gone, entry.entry_id)
        added = [one for one in now.values() if one.id not in present]
        for speaker in now.values():
            known = present.get(speaker.id)
            if known is not None and known.name != speaker.name:
                _async_rename(hass, speaker)
        present.update(now)
        if added:
            async_add_entities([SpeakerPlayer(entry, speaker) for speaker in added])

    present.update(shown())
    async_remove_other_devices(hass, entry.entry_id, present)
    async_add_entities(
        [
            AccountPlayer(entry),
            *(SpeakerPlayer(entry, speaker) for speaker in present.values()),
        ]
    )
    entry.async_on_unload(speakers.async_add_listener(follow))


@callback
def _async_rename(hass: HomeAssistant, speaker: Speaker) -> None:
    """Call the device what Spotify calls the speaker now; a name of people's own stays."""
    if (device := async_device_of(hass, speaker)) is not None:
        dr.async_get(hass).async_update_device(device.id, name=speaker.name)
