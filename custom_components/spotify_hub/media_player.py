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
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account import SpotifyHubConfigEntry
from .account.start import start_of
from .api.errors import OutageError, QuotaExceededError, RateLimitedError
from .api.families import Family
from .api.models import Track
from .api.uri import InvalidUriError, SpotifyUri, UriType, parse_uri
from .browse_media import async_browse, async_search
from .callers import async_check_permission, reading_context
from .coordinator import PlaybackCoordinator
from .entity import CommandEntity
from .failures import invalid
from .now_playing import REPEATS, NowPlaying
from .playback_state import PlaybackState

# Each account keeps its own commands in order.
PARALLEL_UPDATES = 0

_FINDING = MediaPlayerEntityFeature.BROWSE_MEDIA | MediaPlayerEntityFeature.SEARCH_MEDIA
_STARTING = (
    MediaPlayerEntityFeature.PLAY_MEDIA
    | MediaPlayerEntityFeature.MEDIA_ENQUEUE
    | MediaPlayerEntityFeature.SELECT_SOURCE
)
_STEERING = (
    MediaPlayerEntityFeature.PLAY
    | MediaPlayerEntityFeature.PAUSE
    | MediaPlayerEntityFeature.STOP
    | MediaPlayerEntityFeature.NEXT_TRACK
    | MediaPlayerEntityFeature.PREVIOUS_TRACK
    | MediaPlayerEntityFeature.SEEK
    | MediaPlayerEntityFeature.SHUFFLE_SET
    | MediaPlayerEntityFeature.REPEAT_SET
)
_VOLUME = (
    MediaPlayerEntityFeature.VOLUME_SET
    | MediaPlayerEntityFeature.VOLUME_STEP
    | MediaPlayerEntityFeature.VOLUME_MUTE
)
# What a deadline must be for to hold the player: everything, or one of these.
_PLAYERS = frozenset({None, Family.PLAYER, Family.COMMANDS})


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SpotifyHubConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the account's player."""
    async_add_entities([AccountPlayer(entry)])


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

    @property
    @override
    def _shown(self) -> PlaybackState:
        return self.coordinator.data

    @property
    @override
    def supported_features(self) -> MediaPlayerEntityFeature:
        """Return what can be done; what plays at present does not matter."""
        if self.account.premium.lacking:
            return _FINDING
        device = self._device
        if device is None:
            return _FINDING | _STARTING | _STEERING | _VOLUME
        if device.is_restricted:
            return _FINDING | _STARTING
        if not device.supports_volume:
            return _FINDING | _STARTING | _STEERING
        return _FINDING | _STARTING | _STEERING | _VOLUME

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
        context = self._playback.context if self._playback else None
        track = self._item if isinstance(self._item, Track) else None
        return {
            "context_uri": context.uri if context else None,
            "album_uri": track.album.uri if track and track.album else None,
            "artist_uris": [artist.uri for artist in track.artists] if track else [],
            "problem": self._problem,
        }

    @property
    def _problem(self) -> str | None:
        """Return the key of what a command would meet."""
        holding = [
            closed
            for family, closed in self.account.monitor.deadlines.items()
            if family in _PLAYERS
        ]
        if any(closed.quota for closed in holding):
            return QuotaExceededError.key
        if holding:
            return RateLimitedError.key
        if (trouble := self.coordinator.trouble) is not None:
            return trouble.error.key
        return None if self.account.breaker.opens_again is None else OutageError.key

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
        if announce:
            raise invalid("cannot_announce")
        uri = _uri_of(media_type, media_id)
        match enqueue:
            case MediaPlayerEnqueue.ADD:
                await self.account.queue.append(uri)
            case MediaPlayerEnqueue.NEXT:
                await self.account.queue.append_next(uri)
            case _:
                await self.account.player.start(start_of(uri, self.account.user_id))

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


def _uri_of(media_type: str, media_id: str) -> SpotifyUri:
    """Read what is to be played: a URI, a link, or a bare id of a known type."""
    try:
        return parse_uri(media_id)
    except InvalidUriError:
        pass
    kind = UriType.TRACK if media_type == MediaType.MUSIC else media_type
    try:
        return parse_uri(f"spotify:{kind}:{media_id}")
    except InvalidUriError:
        raise invalid("not_a_spotify_link", uri=media_id) from None
