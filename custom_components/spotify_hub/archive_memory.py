"""What is remembered about the archive while it is closed, kept in a Store."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import UnsupportedStorageVersionError
from homeassistant.helpers.storage import Store

from .const import DOMAIN, LOGGER

STORAGE_VERSION = 1
SAVE_DELAY = 5.0


class ArchiveMemory:
    """Where the archive is, and what each account that is not loaded was in the middle of.

    `url` is that of a database, and None for the file.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing remembered."""
        self.url: str | None = None
        self.unfinished: dict[str, Mapping[str, Any]] = {}
        self._store: Store[dict[str, Any]] = Store(
            hass, STORAGE_VERSION, f"{DOMAIN}.history", private=True
        )

    async def async_load(self) -> None:
        """Read it; what can't be read is forgotten."""
        try:
            if (data := await self._store.async_load()) is not None:
                self.url = data["url"]
                self.unfinished = dict(data["unfinished"])
        except (
            LookupError,
            TypeError,
            UnsupportedStorageVersionError,
            ValueError,
        ) as err:
            LOGGER.warning("What %s kept can't be read: %r", self._store.key, err)

    async def async_save(self) -> None:
        """Write it now."""
        await self._store.async_save(self._dump())

    @callback
    def async_put_aside(self, entry_id: str, unfinished: Mapping[str, Any]) -> None:
        """Keep what an account is in the middle of until it is loaded again."""
        self.unfinished[entry_id] = unfinished
        self._async_save_soon()

    @callback
    def async_take_up(self, entry_id: str) -> Mapping[str, Any] | None:
        """Return what an account was in the middle of, and forget it."""
        return self.unfinished.pop(entry_id, None)

    @callback
    def async_forget_account(self, entry_id: str) -> None:
        """Forget what an account that is removed was in the middle of."""
        if self.unfinished.pop(entry_id, None) is not None:
            self._async_save_soon()

    @callback
    def _async_save_soon(self) -> None:
        self._store.async_delay_save(self._dump, SAVE_DELAY)

    def _dump(self) -> dict[str, Any]:
        return {"url": self.url, "unfinished": dict(self.unfinished)}
