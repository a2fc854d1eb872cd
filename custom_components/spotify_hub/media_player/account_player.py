"""One media player per account: whatever it plays, wherever it plays."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.media_player import (
    BrowseMedia,
    MediaPlayerEnqueue,
    MediaPlayerEntityFeature,
    MediaType,
    RepeatMode,
    SearchMedia,
    SearchMediaQuery,
)

from ..account import SpotifyHubConfigEntry
from ..browse_media import async_browse, async_search
from ..callers import async_check_permission, reading_context
from ..coordinator import PlaybackCoordinator
from ..entity import CommandEntity
from ..now_playing import REPEATS, NowPlaying
from ..playback_state import PlaybackState
from .features import CHOOSING, FINDING, NOTHING, STARTING, STEERING, VOLUME, steering
from .play_media import async_play
from .problem import problem_of


class AccountPlayer(CommandEntity[PlaybackCoordinator], NowPlaying):
    """What one account plays."""

    _attr_name = None
    _attr_translation_key = "account"
    _attr_volume_step = 0.05
    _unrecorded_attributes = frozenset(
        {"album_uri", "artist_uris", "context_uri", "problem"}
    )

    def __init__(self, entry: SpotifyHubConfigEntry) -> None:
        """Show the account's playback."""
        super().__init__(entry, entry.runtime_data.playback, "player")

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the list of speakers and the account's health too."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.account.monitor.async_add_listener(self.async_write_ha_state)
        )
        self.async_on_remove(
            self.account.speakers.async_add_listener(self.async_write_ha_state)
        )
        # What a restricted speaker takes depends on its linked player.
        self.async_on_remove(
            self.account.household.speakers.async_add_listener(
                self.async_write_ha_state
            )
        )

    @property
    @override
    def _shown(self) -> PlaybackState:
        return self.coordinator.data

    @property
    @override
    def supported_features(self) -> MediaPlayerEntityFeature:
        """Return what can be done; what plays at present does not matter."""
        if self.account.premium.lacking:
            return FINDING
        always = FINDING | STARTING | CHOOSING
        if (device := self._device) is None:
            return always | STEERING | VOLUME
        linked = self.account.household.linked.of_device(self.entry.entry_id, device)
        return always | steering(
            restricted=device.is_restricted,
            supports_volume=device.supports_volume,
            linked=linked.features if linked else NOTHING,
        )

    @property
    @override
    def media_playlist(self) -> str | None:
        """Return the name of the playlist that plays, where Spotify tells it."""
        context = self._playback.context if self._playback else None
        return self.account.contexts.name(context.uri) if context else None

    @property
    @override
    def source(self) -> str | None:
        """Return the speaker that plays."""
        return self.account.player.active_source

    @property
    @override
    def source_list(self) -> list[str]:
        """Return the speakers that can be chosen."""
        return list(self.account.player.sources)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Return what cards need beyond the standard attributes, and what is wrong."""
        return {**self.playing_uris, "problem": problem_of(self.account)}

    @override
    async def async_media_play(self) -> None:
        """Play on."""
        await self.async_caller()
        await self.account.player.resume()

    @override
    async def async_media_pause(self) -> None:
        """Pause."""
        await self.async_caller()
        await self.account.player.pause()

    @override
    async def async_media_stop(self) -> None:
        """Pause too: Spotify knows no other stop."""
        await self.async_caller()
        await self.account.player.pause()

    @override
    async def async_media_next_track(self) -> None:
        """Skip to the next item."""
        await self.async_caller()
        await self.account.player.next()

    @override
    async def async_media_previous_track(self) -> None:
        """Go back to the previous item."""
        await self.async_caller()
        await self.account.player.previous()

    @override
    async def async_media_seek(self, position: float) -> None:
        """Go to a position, in seconds."""
        await self.async_caller()
        await self.account.player.seek(position)

    @override
    async def async_set_volume_level(self, volume: float) -> None:
        """Set the volume, 0 to 1."""
        await self.async_caller()
        await self.account.player.set_volume(volume)

    @override
    async def async_volume_up(self) -> None:
        """Turn the volume up by a step."""
        await self.async_caller()
        await self.account.player.change_volume(self.volume_step)

    @override
    async def async_volume_down(self) -> None:
        """Turn the volume down by a step."""
        await self.async_caller()
        await self.account.player.change_volume(-self.volume_step)

    @override
    async def async_mute_volume(self, mute: bool) -> None:
        """Mute, or give back the volume there was."""
        await self.async_caller()
        await self.account.player.mute(mute)

    @override
    async def async_set_shuffle(self, shuffle: bool) -> None:
        """Shuffle or not."""
        await self.async_caller()
        await self.account.player.set_shuffle(shuffle)

    @override
    async def async_set_repeat(self, repeat: RepeatMode) -> None:
        """Repeat the item, everything or nothing."""
        await self.async_caller()
        await self.account.player.set_repeat(REPEATS[repeat])

    @override
    async def async_select_source(self, source: str) -> None:
        """Move playback to a speaker."""
        await self.async_caller()
        await self.account.player.select_speaker(source)

    @override
    async def async_play_media(
        self,
        media_type: MediaType | str,
        media_id: str,
        enqueue: MediaPlayerEnqueue | None = None,
        announce: bool | None = None,
        **kwargs: Any,
    ) -> None:
        """Play a Spotify URI or link now, or append it to the queue."""
        await self.async_caller()
        await async_play(
            self.account, media_type, media_id, enqueue=enqueue, announce=announce
        )

    @override
    async def async_browse_media(
        self,
        media_content_type: MediaType | str | None = None,
        media_content_id: str | None = None,
    ) -> BrowseMedia:
        """Show the account's library."""
        await self._async_check_reader()
        return await async_browse(self.account, media_content_type, media_content_id)

    @override
    async def async_search_media(self, query: SearchMediaQuery) -> SearchMedia:
        """Search the account's playlists and the catalogue."""
        await self._async_check_reader()
        return await async_search(self.account, query)

    async def _async_check_reader(self) -> None:
        """See to it that whoever looks into the library may do so."""
        await async_check_permission(
            self.hass, reading_context(self._context), self.entry
        )
