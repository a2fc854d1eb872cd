"""The names of an account's playlists, kept known while somebody listens for them."""

from collections.abc import Callable
from functools import partial

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from ..api.request import Lane, in_lane
from .jobs import BackgroundJob
from .own import OwnThings

# Seconds until they are first read, and until they are read anew: people make
# playlists on their phones.
_FIRST = 5.0
_AGAIN = 6 * 3600.0
# Seconds after a change of our own.
_CHANGED = 10.0


class PlaylistNames:
    """Reads them in the background, and hears what is read for other reasons."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, own: OwnThings, *, paused: bool
    ) -> None:
        """Read what is one's `own`, unless background work is paused."""
        self._own = own
        self._listeners: set[Callable[[], None]] = set()
        self.job = BackgroundJob(hass, entry, "names of playlists", self._async_read)
        self.job.async_pause(paused=paused)
        entry.async_on_unload(self.job.async_close)
        own.async_add_listener(self._async_tell)

    @property
    def known(self) -> tuple[str, ...]:
        """Return the names, those of the account's own playlists first."""
        return tuple(hit.name for hit in self._own.known_playlists)

    @callback
    def async_add_listener(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Read the names from now on, and call `listener` when there are others."""
        self._listeners.add(listener)
        if self._own.has_playlists:
            self.job.async_run_in(_FIRST)
        return partial(self._async_part, listener)

    @callback
    def _async_part(self, listener: Callable[[], None]) -> None:
        self._listeners.discard(listener)

    @callback
    def _async_tell(self, *, outdated: bool) -> None:
        if not self._listeners:
            return
        self.job.async_run_in(_CHANGED if outdated else _AGAIN)
        if not outdated:
            for listener in tuple(self._listeners):
                listener()

    async def _async_read(self) -> None:
        if not self._listeners:
            return
        with in_lane(Lane.BACKGROUND):
            await self._own.read_playlists()
