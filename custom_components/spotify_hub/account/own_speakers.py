"""The household's speakers, as one account sees and uses them."""

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..api.models import Device
from ..const import CONF_DEFAULT_SPEAKER
from ..household import Household
from ..linked_players import LinkedPlayer
from ..speaker_book import Speaker, SpeakerSettings
from ..speaker_devices import async_find
from .speakers import takes_commands


class AccountSpeakers:
    """What the speaker book says, for one account."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, household: Household
    ) -> None:
        """See the household's speakers with the eyes of an account."""
        self.entry_id = entry.entry_id
        self._hass = hass
        self._entry = entry
        self._speakers = household.speakers
        self._links = household.linked

    def of_device(self, device: Device | None) -> Speaker | None:
        """Return the speaker that a device which the account sees is."""
        return self._speakers.of_device(self.entry_id, device)

    def device(self, speaker: Speaker) -> Device | None:
        """Return a speaker as the account sees it now, if it does."""
        return self._speakers.device(speaker.id, self.entry_id)

    def by_id(self, speaker_id: str) -> Speaker | None:
        """Return a speaker of the book; None when it was forgotten."""
        return self._speakers.book.speakers.get(speaker_id)

    def settings(self, speaker: Speaker) -> SpeakerSettings:
        """Return what somebody set for a speaker, or what holds without."""
        return self._speakers.book.settings_of(speaker.id)

    def holder(self, speaker: Speaker) -> str | None:
        """Return the account that plays on a speaker, or is paused there."""
        return self._speakers.playing_on(speaker.id)

    @property
    def default(self) -> Speaker | None:
        """Return the speaker that somebody chose for starts without a name."""
        chosen = self._entry.options.get(CONF_DEFAULT_SPEAKER)
        return self._speakers.book.speakers.get(chosen) if chosen else None

    @property
    def default_device(self) -> Device | None:
        """Return that speaker's device, by the id that it had if Spotify lists it not."""
        if (speaker := self.default) is None:
            return None
        listed = self.device(speaker)
        if listed is None and speaker.device_ids and not speaker.restricted:
            return Device(speaker.device_ids[0], speaker.name, speaker.type)
        return listed if listed and takes_commands(listed) else None

    def fallback(self, speaker: Speaker) -> Speaker | None:
        """Return the speaker that somebody set to be tried instead."""
        book = self._speakers.book
        chosen = book.settings_of(speaker.id).fallback
        return book.speakers.get(chosen) if chosen else None

    def shows(self, device: Device) -> bool:
        """Tell whether a device stands among the sources."""
        speaker = self.of_device(device)
        return speaker is None or self._speakers.is_shown(speaker)

    def bounds(self, device: Device | None) -> tuple[float, float]:
        """Return the least and the most volume that is allowed on a device."""
        speaker = self.of_device(device)
        if speaker is None:
            return 0.0, 1.0
        settings = self.settings(speaker)
        return settings.min_volume, settings.max_volume

    def linked(self, device: Device | None) -> LinkedPlayer | None:
        """Return Home Assistant's own player of a device, if somebody linked one."""
        return self._links.of_device(self.entry_id, device)

    def is_skipped_elsewhere(self, device: Device | None, action: str) -> bool:
        """Tell whether the linked player of a device was just asked for this skip too."""
        player = self.linked(device)
        return player is not None and self._links.has_just_done(player, action)

    @callback
    def async_find(self, text: str) -> tuple[Speaker, ...]:
        """Return the speakers that an entity, a device, a name or an area means."""
        return async_find(self._hass, self._speakers.book, text)
