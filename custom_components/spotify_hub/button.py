"""Buttons that do something with what an account plays."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import SpotifyHubConfigEntry
from .account.changes import Caller
from .account.library import savable
from .api.errors import SpotifyApiError
from .api.scopes import Feature
from .const import CONF_SAVE_TO_PLAYLIST
from .coordinator import PlaybackCoordinator
from .entity import CommandEntity
from .failures import invalid, translated

# Each account keeps its own commands in order.
PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class AccountButtonDescription(ButtonEntityDescription):
    """What a button does, and what the account must have granted for it."""

    feature: Feature
    press_fn: Callable[[SpotifyHubConfigEntry, Caller], Awaitable[None]]


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SpotifyHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the account's buttons."""
    async_add_entities(
        AccountButton(entry, button)
        for button in BUTTONS
        if button.feature in entry.runtime_data.features
    )


class AccountButton(CommandEntity[PlaybackCoordinator], ButtonEntity):
    """Does one thing with what the account plays."""

    entity_description: AccountButtonDescription

    def __init__(
        self, entry: SpotifyHubConfigEntry, description: AccountButtonDescription
    ) -> None:
        """Do what the description says."""
        super().__init__(entry, entry.runtime_data.playback, description.key)
        self.entity_description = description

    @override
    async def async_press(self) -> None:
        """Do it."""
        caller = await self.async_caller()
        try:
            await self.entity_description.press_fn(self.entry, caller)
        except SpotifyApiError as err:
            raise translated(err) from err


async def _like(entry: SpotifyHubConfigEntry, caller: Caller) -> None:
    account = entry.runtime_data
    await account.library.save(caller, (savable(account.items.playing()),))


async def _save_to_playlist(entry: SpotifyHubConfigEntry, caller: Caller) -> None:
    account = entry.runtime_data
    playlist = entry.options.get(CONF_SAVE_TO_PLAYLIST)
    if not playlist:
        raise invalid("no_playlist_chosen", account=entry.title)
    item = account.items.playing()
    if not item.id:
        raise invalid("local_file", item=item.name)
    await account.playlists.add(caller, playlist, (item.uri,), skip_duplicates=True)


async def _pin(entry: SpotifyHubConfigEntry, _caller: Caller) -> None:
    account = entry.runtime_data
    account.pins.pin_playing(account.playback.data.playback, account.contexts.name)


async def _sync_favorites(entry: SpotifyHubConfigEntry, _caller: Caller) -> None:
    entry.runtime_data.favorites.async_request()


BUTTONS = (
    AccountButtonDescription(
        key="like",
        translation_key="like",
        feature=Feature.LIBRARY,
        press_fn=_like,
    ),
    AccountButtonDescription(
        key="save_to_playlist",
        translation_key="save_to_playlist",
        feature=Feature.PLAYLISTS,
        press_fn=_save_to_playlist,
    ),
    AccountButtonDescription(
        key="pin",
        translation_key="pin",
        feature=Feature.CONTROL,
        press_fn=_pin,
    ),
    AccountButtonDescription(
        key="sync_favorites",
        translation_key="sync_favorites",
        feature=Feature.LIBRARY,
        press_fn=_sync_favorites,
    ),
)
