"""Pausing for an announcement on a speaker's linked player, and playing on after it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from homeassistant.components.media_player import (
    ATTR_MEDIA_ANNOUNCE,
    ATTR_MEDIA_CONTENT_ID,
    ATTR_MEDIA_CONTENT_TYPE,
    SERVICE_PLAY_MEDIA,
    MediaPlayerEntityFeature,
    MediaPlayerState,
)
from homeassistant.const import (
    ATTR_ENTITY_ID,
    STATE_UNAVAILABLE,
)
from homeassistant.core import (
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import (
    async_call_later,
    async_track_state_change_event,
)
from homeassistant.util import dt as dt_util

from ..api.models import Device
from ..fading import Sight
from ..failures import invalid
from ..linked_players import LinkedPlayer
from ..speaker_book import Speaker
from .loudness import Loudness
from .own_speakers import AccountSpeakers
from .player import PlayerOperations
from .starting import Started
from .uncut import Uncut, uncut

# How long an announcement may take, in seconds.
TIMEOUT = 60.0
LONGEST_TIMEOUT = 600.0
# Until a box tells that it has been paused, and until it tells that it announces;
# some never do.
_SETTLED_WITHIN = 3.0
_BEGUN_WITHIN = 5.0
_SOUNDING = frozenset({MediaPlayerState.BUFFERING, MediaPlayerState.PLAYING})


@dataclass(frozen=True, slots=True)
class Announcement:
    """Either media, or a `message` that is spoken by a text-to-speech entity."""

    media_id: str | None = None
    media_type: str = "music"
    message: str | None = None
    tts_entity: str | None = None


@dataclass(frozen=True, slots=True)
class Announced:
    """What became of an announcement.

    `finished` says that it ended within its time, `resumed` what became of what
    played before; None where nothing did, or somebody has decided otherwise since.
    """

    speaker: Speaker
    finished: bool
    resumed: Started | None = None


class AnnouncementOperations(Uncut):
    """Interrupts what one account plays for an announcement.

    One waits for the other: what the first visitor's bell resumes must not drown the
    second one's.
    """

    doing = "An announcement"

    def __init__(
        self,
        hass: HomeAssistant,
        player: PlayerOperations,
        loudness: Loudness,
        speakers: AccountSpeakers,
    ) -> None:
        """Pause and resume by `player`, announce by linked players."""
        super().__init__()
        self._hass = hass
        self._player = player
        self._loudness = loudness
        self._speakers = speakers

    async def speaker(self, named: str | None) -> Speaker:
        """Return the speaker of this name; without one, where the account plays.

        Raises:
            ServiceValidationError: there is none.
        """
        if named is not None:
            return await self._player.speaker_named(named)
        await self._player.look()
        active = self._speakers.of_device(self._player.active_speaker)
        if active is None:
            raise invalid("announce_where")
        return active

    @uncut
    async def resume_after(
        self, announcement: Announcement, speaker: Speaker, longest: float = TIMEOUT
    ) -> Announced:
        """Pause what plays on a speaker, announce, and play on; also if that fails.

        It plays on after `longest` seconds even if the announcement goes on.
        Whoever stops waiting stops neither the announcement nor the music after it.

        Raises:
            ServiceValidationError: no player is linked, or can be used.
            HomeAssistantError: it could not be paused, announced, or resumed.
        """
        linked = self._linked(announcement, speaker)
        watch = _Watch(self._hass, linked)
        with watch:
            if not await self._is_playing_on(speaker):
                finished = await self._announce(announcement, linked, watch, longest)
                return Announced(speaker, finished)
            await self._player.pause()
            # What is heard of the music must not be taken for the announcement.
            await watch.until(lambda: not watch.sounds, _SETTLED_WITHIN)
            # Whatever another integration raises, the music plays on before it is told.
            (ended,) = await asyncio.gather(
                self._announce(announcement, linked, watch, longest),
                return_exceptions=True,
            )
        resumed = await self._resume(speaker)
        if isinstance(ended, BaseException):
            raise ended
        return Announced(speaker, ended, resumed)

    def _linked(self, announcement: Announcement, speaker: Speaker) -> LinkedPlayer:
        """Return what can announce, before anything is paused for it."""
        seen = self._speakers.device(speaker)
        device = seen or Device(None, speaker.name, speaker.type)
        linked = self._speakers.linked(device)
        if linked is None:
            raise invalid("not_linked", speaker=speaker.name)
        if linked.state is None:
            raise invalid("linked_unreachable", player=linked.name)
        if not linked.can(SERVICE_PLAY_MEDIA):
            raise invalid("linked_unable", player=linked.name)
        if (voice := announcement.tts_entity) is not None:
            # Home Assistant drops calls on what is not there without a word.
            state = self._hass.states.get(voice)
            if state is None or state.state == STATE_UNAVAILABLE:
                raise invalid("voice_unavailable", entity=voice)
        return linked

    async def _is_playing_on(self, speaker: Speaker) -> bool:
        sight = await self._look()
        return sight.playing and sight.speaker == speaker.id

    async def _look(self) -> Sight:
        """Return what Spotify says, not what a pause is still expected to do."""
        await self._player.look()
        return self._loudness.sight(dt_util.utcnow())

    async def _announce(
        self,
        announcement: Announcement,
        linked: LinkedPlayer,
        watch: _Watch,
        longest: float,
    ) -> bool:
        """Announce, and return when it is over; False if that takes too long."""
        watch.has_begun = False
        try:
            async with asyncio.timeout(longest):
                await self._call(announcement, linked)
        except TimeoutError:
            return False
        if not await watch.until(lambda: watch.has_begun, _BEGUN_WITHIN):
            # A box that does not tell, or whose announcement was no sound.
            return True
        return await watch.until(lambda: not watch.sounds, longest)

    async def _call(self, announcement: Announcement, linked: LinkedPlayer) -> None:
        if announcement.media_id is None:
            await self._hass.services.async_call(
                "tts",
                "speak",
                {
                    ATTR_ENTITY_ID: announcement.tts_entity,
                    "media_player_entity_id": linked.entity_id,
                    "message": announcement.message,
                },
                blocking=True,
            )
            return
        data: dict[str, Any] = {
            ATTR_MEDIA_CONTENT_ID: announcement.media_id,
            ATTR_MEDIA_CONTENT_TYPE: announcement.media_type,
        }
        if MediaPlayerEntityFeature.MEDIA_ANNOUNCE in linked.features:
            data[ATTR_MEDIA_ANNOUNCE] = True
        await linked.call(SERVICE_PLAY_MEDIA, **data)

    async def _resume(self, speaker: Speaker) -> Started | None:
        """Play on, unless somebody has begun something, or gone elsewhere, meanwhile."""
        with suppress(HomeAssistantError):
            sight = await self._look()
            if sight.playing or sight.speaker not in {None, speaker.id}:
                return None
        return await self._player.resume(speaker)


class _Watch:
    """What a linked player does, from the moment on that it is watched."""

    def __init__(self, hass: HomeAssistant, linked: LinkedPlayer) -> None:
        self._hass = hass
        self._linked = linked
        self._changed = asyncio.Event()
        self.has_begun = False

    def __enter__(self) -> Self:
        self._stop = async_track_state_change_event(
            self._hass, self._linked.entity_id, self._async_hear
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    @property
    def sounds(self) -> bool:
        return _sounds(self._linked.state)

    @callback
    def _async_hear(self, event: Event[EventStateChangedData]) -> None:
        before, now = event.data["old_state"], event.data["new_state"]
        if _sounds(now) and not _sounds(before):
            self.has_begun = True
        self._changed.set()

    async def until(self, so: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is so; returns whether it is, within this time."""
        is_late = False

        @callback
        def be_late(_now: datetime) -> None:
            nonlocal is_late
            is_late = True
            self._changed.set()

        cancel = async_call_later(self._hass, seconds, be_late)
        try:
            while not so() and not is_late:
                self._changed.clear()
                await self._changed.wait()
        finally:
            cancel()
        return so()


def _sounds(state: State | None) -> bool:
    return state is not None and state.state in _SOUNDING
