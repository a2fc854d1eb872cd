"""How far an import of an account's history came, as a sensor."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.sensor import SensorEntity, SensorStateClass
from homeassistant.const import PERCENTAGE, EntityCategory
from homeassistant.core import callback

from .account import SpotifyHubConfigEntry
from .coordinator import PlaybackCoordinator
from .entity import AccountEntity
from .import_job import Progress


class ImportProgress(AccountEntity[PlaybackCoordinator], SensorEntity):
    """The part that was read; unknown while nothing is imported for the account."""

    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_native_unit_of_measurement = PERCENTAGE
    _attr_state_class = SensorStateClass.MEASUREMENT
    _attr_translation_key = "import_progress"
    _unrecorded_attributes = frozenset({"file", "done", "total", "added", "known"})

    def __init__(self, entry: SpotifyHubConfigEntry) -> None:
        """Follow the household's imports."""
        super().__init__(entry, entry.runtime_data.playback, "import_progress")
        self._imports = entry.runtime_data.household.imports
        self._shown: int | None = None

    @override
    async def async_added_to_hass(self) -> None:
        """Hear of progress; what Spotify answers changes nothing here."""
        self.async_on_remove(self._imports.async_add_listener(self._async_follow))

    @property
    @override
    def available(self) -> bool:
        """Return True: an import needs nothing of Spotify."""
        return True

    @property
    @override
    def native_value(self) -> int | None:
        """Return how far it came, in percent."""
        return progress.percent if (progress := self._progress) else None

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Return what is imported, and the numbers."""
        if (progress := self._progress) is None:
            return {}
        return {
            "file": progress.file,
            "done": progress.done,
            "total": progress.total,
            "added": progress.added,
            "known": progress.known,
        }

    @property
    def _progress(self) -> Progress | None:
        progress = self._imports.progress
        mine = progress is not None and progress.entry_id == self.entry.entry_id
        return progress if mine else None

    @callback
    def _async_follow(self) -> None:
        """Write each percent once; a long import has thousands of steps."""
        if self.native_value != self._shown:
            self._shown = self.native_value
            self.async_write_ha_state()
