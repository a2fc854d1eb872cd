"""One media player per speaker, for the whole household: whoever plays there."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.media_player import (
    ATTR_MEDIA_VOLUME_LEVEL,
    BrowseMedia,
    MediaPlayerEnqueue,
    MediaPlayerEntityFeature,
    MediaPlayerState,
    MediaType,
    RepeatMode,
    SearchMedia,
    SearchMediaQuery,
)
from homeassistant.const import (
    SERVICE_MEDIA_NEXT_TRACK,
    SERVICE_MEDIA_PAUSE,
    SERVICE_MEDIA_PREVIOUS_TRACK,
    SERVICE_MEDIA_SEEK,
    SERVICE_VOLUME_SET,
)
from homeassistant.core import Context
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.util import dt as dt_util

from ..account import SpotifyAccount, SpotifyHubConfigEntry, async_loaded_account
from ..account.player import PlayerOperations
from ..account.speakers import takes_commands
from ..api.models import Device
from ..browse_media import async_browse, async_search
from ..callers import async_account_for, async_check_permission, reading_context
from ..failures import invalid
from ..linked_players import LinkedPlayer
from ..now_playing import REPEATS, NowPlaying
from ..playback_state import PlaybackState
from ..speaker_book import PERSONAL_TYPES, Speaker
from ..speaker_devices import async_area_of, async_device_info, unique_id
from .features import FINDING, NOTHING, STARTING, steering
from .play_media import async_play
from .problem import problem_of


class SpeakerPlayer(NowPlaying):
    """What plays on one speaker."""

    _attr_has_entity_name = True
    _attr_name = None
    _attr_should_poll = False
    _attr_translation_key = "speaker"
    _attr_volume_step = 0.05
    _unrecorded_attributes = frozenset(
        {"album_uri", "artist_uris", "context_uri", "problem"}
    )

    def __init__(self, entry: SpotifyHubConfigEntry, speaker: Speaker) -> None:
        """Stand for a speaker whose device hangs on the entry of an account."""
        self._household = entry.runtime_data.household
        self._speakers = self._household.speakers
        self._entry = entry
        self._id = speaker.id
        self._known = speaker
        now = dt_util.utcnow()
        self._silence = PlaybackState(None, now, now)
        self._attr_unique_id = unique_id(speaker.id)
        # Everybody's phone and computer is a Connect device: shown when wanted.
        self._attr_entity_registry_enabled_default = speaker.type not in PERSONAL_TYPES

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what the accounts see of the speaker."""
        self.async_on_remove(
            self._speakers.async_add_listener(self.async_write_ha_state)
        )

    @property
    def speaker(self) -> Speaker:
        """Return the speaker as the book has it."""
        return self._speakers.book.speakers.get(self._id, self._known)

    @property
    @override
    def device_info(self) -> DeviceInfo:
        """Describe the speaker's own device, which hangs on its account's."""
        return async_device_info(
            self.hass,
            self.speaker,
            self._entry.entry_id,
            self._speakers.book.settings_of(self._id).linked,
        )

    @property
    @override
    def _shown(self) -> PlaybackState:
        return self._speakers.playback_on(self._id) or self._silence

    @property
    @override
    def _device(self) -> Device | None:
        """Return the speaker as whoever plays there sees it, else as anybody does."""
        return super()._device or self._speakers.seen_device(self._id)

    @property
    def _linked(self) -> LinkedPlayer | None:
        return self._household.linked.of_speaker(self._id)

    @property
    def _restricted(self) -> bool:
        device = self._device
        return self.speaker.restricted if device is None else not takes_commands(device)

    @property
    @override
    def available(self) -> bool:
        """Return whether commands are answered: by one account of the household at least."""
        return self._speakers.is_answering(self._id)

    @property
    @override
    def state(self) -> MediaPlayerState:
        """Return what it does; off while no account sees it."""
        if self._playback is None and not self._speakers.is_seen(self._id):
            return MediaPlayerState.OFF
        return super().state

    @property
    @override
    def supported_features(self) -> MediaPlayerEntityFeature:
        """Return what can be done; what plays at present does not matter."""
        accounts = self._accounts()
        if accounts and all(account.premium.lacking for account in accounts):
            return FINDING
        linked = self._linked
        return (
            FINDING
            | STARTING
            | steering(
                restricted=self._restricted,
                supports_volume=self.speaker.supports_volume,
                linked=linked.features if linked else NOTHING,
            )
        )

    @property
    @override
    def volume_level(self) -> float | None:
        """Return the volume that Spotify knows, else the linked player's."""
        if (level := super().volume_level) is not None:
            return level
        state = self._linked.state if self._linked else None
        return state.attributes.get(ATTR_MEDIA_VOLUME_LEVEL) if state else None

    @property
    @override
    def media_playlist(self) -> str | None:
        """Return the name of the playlist that plays, where Spotify tells it."""
        context = self._playback.context if self._playback else None
        holder = self._holder()
        if holder is None or context is None:
            return None
        return holder.runtime_data.contexts.name(context.uri)

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Return whose account plays here, what cards need, and what is wrong."""
        holder = self._holder()
        return {
            "account": holder.title if holder else None,
            **self.playing_uris,
            "problem": problem_of((holder or self._entry).runtime_data),
        }

    @override
    async def async_media_play(self) -> None:
        """Play on: what is paused here, else what the caller's account played."""
        context = self._context or Context()
        account = await self._async_holder(context)
        if account is None:
            account = await self._async_callers(context)
        elif self._restricted:
            await account.player.resume()
            return
        await account.player.resume(self.speaker)

    @override
    async def async_media_pause(self) -> None:
        """Pause; where nothing plays that is so already, as for the rest of a room."""
        account = await self._async_holder_now(self._context or Context())
        if account is not None:
            await account.player.pause()
        elif (linked := self._stand_in(SERVICE_MEDIA_PAUSE)) is not None:
            await linked.call(SERVICE_MEDIA_PAUSE)

    @override
    async def async_media_stop(self) -> None:
        """Pause too: Spotify knows no other stop."""
        await self.async_media_pause()

    @override
    async def async_media_next_track(self) -> None:
        """Skip to the next item."""
        player = await self._async_playing(SERVICE_MEDIA_NEXT_TRACK)
        if player is not None:
            await player.next()

    @override
    async def async_media_previous_track(self) -> None:
        """Go back to the previous item."""
        player = await self._async_playing(SERVICE_MEDIA_PREVIOUS_TRACK)
        if player is not None:
            await player.previous()

    @override
    async def async_media_seek(self, position: float) -> None:
        """Go to a position, in seconds."""
        player = await self._async_playing(SERVICE_MEDIA_SEEK, seek_position=position)
        if player is not None:
            await player.seek(position)

    @override
    async def async_set_shuffle(self, shuffle: bool) -> None:
        """Shuffle or not."""
        player = await self._async_playing()
        if player is not None:
            await player.set_shuffle(shuffle)

    @override
    async def async_set_repeat(self, repeat: RepeatMode) -> None:
        """Repeat the item, everything or nothing."""
        player = await self._async_playing()
        if player is not None:
            await player.set_repeat(REPEATS[repeat])

    @override
    async def async_set_volume_level(self, volume: float) -> None:
        """Set the volume, 0 to 1, also while nothing plays."""
        context = self._context or Context()
        holder = await self._async_holder(context)
        if holder is not None:
            await holder.player.set_volume(volume)
            return
        linked = self._linked
        if linked is not None and (
            self._restricted or not self.speaker.supports_volume
        ):
            most = self._speakers.book.settings_of(self._id).max_volume
            await linked.call(SERVICE_VOLUME_SET, volume_level=min(volume, most))
            return
        account, device = await self._async_seeing(context)
        await account.player.set_volume(volume, device)

    @override
    async def async_volume_up(self) -> None:
        """Turn the volume up by a step."""
        await self._async_change_volume(self.volume_step)

    @override
    async def async_volume_down(self) -> None:
        """Turn the volume down by a step."""
        await self._async_change_volume(-self.volume_step)

    async def _async_change_volume(self, by: float) -> None:
        if (level := self.volume_level) is None:
            raise invalid("volume_unknown", speaker=self.speaker.name)
        await self.async_set_volume_level(min(1.0, max(0.0, level + by)))

    @override
    async def async_mute_volume(self, mute: bool) -> None:
        """Mute, or give back the volume there was."""
        player = await self._async_playing()
        if player is not None:
            await player.mute(mute)

    @override
    async def async_play_media(
        self,
        media_type: MediaType | str,
        media_id: str,
        enqueue: MediaPlayerEnqueue | None = None,
        announce: bool | None = None,
        **kwargs: Any,
    ) -> None:
        """Play a Spotify URI or link here by the caller's account, or append it."""
        context = self._context or Context()
        appends = enqueue in {MediaPlayerEnqueue.ADD, MediaPlayerEnqueue.NEXT}
        account = await self._async_holder(context) if appends else None
        await async_play(
            account or await self._async_callers(context),
            media_type,
            media_id,
            enqueue=enqueue,
            announce=announce,
            speaker=self.speaker,
        )

    @override
    async def async_browse_media(
        self,
        media_content_type: MediaType | str | None = None,
        media_content_id: str | None = None,
    ) -> BrowseMedia:
        """Show the library of the caller's account."""
        account = await self._async_callers(reading_context(self._context))
        return await async_browse(account, media_content_type, media_content_id)

    @override
    async def async_search_media(self, query: SearchMediaQuery) -> SearchMedia:
        """Search for the caller's account."""
        account = await self._async_callers(reading_context(self._context))
        return await async_search(account, query)

    def _accounts(self) -> list[SpotifyAccount]:
        """Return the loaded accounts that have seen the speaker."""
        found = (async_loaded_account(self.hass, one) for one in self.speaker.seen)
        return [entry.runtime_data for entry in found if entry is not None]

    def _holder(self) -> SpotifyHubConfigEntry | None:
        """Return the account that plays here, or is paused here."""
        entry_id = self._speakers.playing_on(self._id)
        return async_loaded_account(self.hass, entry_id) if entry_id else None

    async def _async_holder(self, context: Context) -> SpotifyAccount | None:
        """Return the account that plays here, if the caller may command it."""
        if (entry := self._holder()) is None:
            return None
        await async_check_permission(self.hass, context, entry)
        return entry.runtime_data

    async def _async_callers(self, context: Context | None) -> SpotifyAccount:
        """Return the account of whoever calls; on somebody's phone, theirs."""
        speaker, whose = self.speaker, None
        if speaker.type in PERSONAL_TYPES and speaker.seen:
            whose = max(speaker.seen, key=speaker.seen.__getitem__)
        entry = await async_account_for(
            self.hass,
            context or Context(),
            entry_id=whose,
            areas=(async_area_of(self.hass, speaker),),
        )
        return entry.runtime_data

    async def _async_seeing(self, context: Context) -> tuple[SpotifyAccount, Device]:
        """Return the caller's account and the speaker as that sees it."""
        account = await self._async_callers(context)
        device = account.own_speakers.device(self.speaker)
        if device is None:
            raise invalid("start_offline", speaker=self.speaker.name)
        return account, device

    async def _async_playing(
        self, by_link: str | None = None, **data: float
    ) -> PlayerOperations | None:
        """Return the player of the account that plays here.

        None when nothing of the household's plays here and the linked player has
        done it instead.
        """
        account = await self._async_holder_now(self._context or Context())
        if account is not None:
            return account.player
        linked = self._stand_in(by_link) if by_link else None
        if linked is None or by_link is None:
            raise invalid("nothing_on_speaker", speaker=self.speaker.name)
        await linked.call(by_link, **data)
        return None

    async def _async_holder_now(self, context: Context) -> SpotifyAccount | None:
        """Return the account that plays here, though it began since the last look."""
        account = await self._async_holder(context)
        if account is None:
            await self._speakers.async_look(self._id)
            account = await self._async_holder(context)
        return account

    def _stand_in(self, action: str) -> LinkedPlayer | None:
        """Return the linked player of a restricted speaker, if it takes an action."""
        linked = self._linked if self._restricted else None
        return linked if linked is not None and linked.can(action) else None
