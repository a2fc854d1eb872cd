"""Home Assistant's own players that are the same boxes as speakers."""

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from homeassistant.components.media_player import (
    ATTR_MEDIA_CONTENT_ID,
    ATTR_MEDIA_TITLE,
    ATTR_MEDIA_VOLUME_LEVEL,
    ATTR_MEDIA_VOLUME_MUTED,
    DOMAIN as MEDIA_PLAYER,
    SERVICE_PLAY_MEDIA,
    MediaPlayerEntityFeature,
)
from homeassistant.const import (
    ATTR_ENTITY_ID,
    ATTR_SUPPORTED_FEATURES,
    ENTITY_MATCH_ALL,
    EVENT_CALL_SERVICE,
    SERVICE_MEDIA_NEXT_TRACK,
    SERVICE_MEDIA_PAUSE,
    SERVICE_MEDIA_PLAY,
    SERVICE_MEDIA_PREVIOUS_TRACK,
    SERVICE_MEDIA_SEEK,
    SERVICE_VOLUME_SET,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import (
    CALLBACK_TYPE,
    Context,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)

from .api.models import Device
from .failures import invalid
from .household_speakers import HouseholdSpeakers

# Seconds within which the same skip, asked of a speaker and of its linked player,
# is one.
ONE_SKIP = 1.5
_SKIPS = frozenset({SERVICE_MEDIA_NEXT_TRACK, SERVICE_MEDIA_PREVIOUS_TRACK})
_NEEDED = {
    SERVICE_MEDIA_NEXT_TRACK: MediaPlayerEntityFeature.NEXT_TRACK,
    SERVICE_MEDIA_PAUSE: MediaPlayerEntityFeature.PAUSE,
    SERVICE_MEDIA_PLAY: MediaPlayerEntityFeature.PLAY,
    SERVICE_MEDIA_PREVIOUS_TRACK: MediaPlayerEntityFeature.PREVIOUS_TRACK,
    SERVICE_MEDIA_SEEK: MediaPlayerEntityFeature.SEEK,
    SERVICE_PLAY_MEDIA: MediaPlayerEntityFeature.PLAY_MEDIA,
    SERVICE_VOLUME_SET: MediaPlayerEntityFeature.VOLUME_SET,
}
# What changes when somebody does something to the box; its position goes on by itself.
_TELLING = (
    ATTR_MEDIA_CONTENT_ID,
    ATTR_MEDIA_TITLE,
    ATTR_MEDIA_VOLUME_LEVEL,
    ATTR_MEDIA_VOLUME_MUTED,
)


class LinkedPlayer:
    """A player of Home Assistant, commanded by Home Assistant's own actions."""

    def __init__(
        self, hass: HomeAssistant, entity_id: str, own: deque[str] | None = None
    ) -> None:
        """Command a media player; `own` remembers the contexts of these commands."""
        self._hass = hass
        self.entity_id = entity_id
        self._own: deque[str] = deque() if own is None else own

    @property
    def name(self) -> str:
        """Return what people call it."""
        return self.state.name if self.state else self.entity_id

    @property
    def state(self) -> State | None:
        """Return its state; None while it can't be reached."""
        state = self._hass.states.get(self.entity_id)
        if state is None or state.state in {STATE_UNAVAILABLE, STATE_UNKNOWN}:
            return None
        return state

    @property
    def features(self) -> MediaPlayerEntityFeature:
        """Return what it can do at present."""
        known = self._hass.states.get(self.entity_id)
        value = known.attributes.get(ATTR_SUPPORTED_FEATURES, 0) if known else 0
        return MediaPlayerEntityFeature(value)

    def can(self, action: str) -> bool:
        """Tell whether it takes an action now."""
        needed = _NEEDED.get(action, MediaPlayerEntityFeature(0))
        return self.state is not None and needed in self.features

    async def call(self, action: str, **data: Any) -> None:
        """Let it do something, and return when it is done.

        Home Assistant drops calls on players that it can't reach without a word.

        Raises:
            ServiceValidationError: it can't be reached, or can't do that.
            HomeAssistantError: its own integration failed.
        """
        if self.state is None:
            raise invalid("linked_unreachable", player=self.name)
        if not self.can(action):
            raise invalid("linked_unable", player=self.name)
        context = Context()
        self._own.append(context.id)
        await self._hass.services.async_call(
            MEDIA_PLAYER,
            action,
            {ATTR_ENTITY_ID: self.entity_id, **data},
            blocking=True,
            context=context,
        )


class LinkedPlayers:
    """The linked players of a household: what happens to them, and who hears of it."""

    def __init__(self, hass: HomeAssistant, speakers: HouseholdSpeakers) -> None:
        """Know the links by the settings of `speakers`."""
        self._hass = hass
        self._speakers = speakers
        self._followed: frozenset[str] = frozenset()
        self._unfollow: CALLBACK_TYPE | None = None
        self._stops: list[CALLBACK_TYPE] = []
        # The latest skips by others than us: entity id and action → loop time.
        self._skips: dict[tuple[str, str], float] = {}
        self._own: deque[str] = deque(maxlen=32)

    @callback
    def async_start(self) -> None:
        """Watch the linked players; to be called once."""
        self._stops = [
            self._speakers.async_add_listener(self._async_follow),
            self._hass.bus.async_listen(
                EVENT_CALL_SERVICE, self._async_hear, event_filter=_is_skip
            ),
            self._hass.bus.async_listen(
                er.EVENT_ENTITY_REGISTRY_UPDATED, self._async_rename
            ),
        ]
        self._async_follow()

    @callback
    def async_stop(self) -> None:
        """Watch them no more."""
        while self._stops:
            self._stops.pop()()
        if self._unfollow is not None:
            self._unfollow()
        self._unfollow, self._followed = None, frozenset()

    def of_device(self, entry_id: str, device: Device | None) -> LinkedPlayer | None:
        """Return the player that a device which an account sees is linked to."""
        speaker = self._speakers.of_device(entry_id, device)
        return self.of_speaker(speaker.id) if speaker else None

    def of_speaker(self, speaker_id: str) -> LinkedPlayer | None:
        """Return the player that a speaker is linked to."""
        linked = self._speakers.book.settings_of(speaker_id).linked
        return LinkedPlayer(self._hass, linked, self._own) if linked else None

    def has_just_done(self, player: LinkedPlayer, action: str) -> bool:
        """Tell whether somebody else has just asked the linked player for this skip."""
        at = self._skips.get((player.entity_id, action))
        recent = at is not None and self._hass.loop.time() - at <= ONE_SKIP
        return recent and player.can(action)

    @callback
    def _async_follow(self) -> None:
        """Follow the states of the players that are linked now."""
        settings = self._speakers.book.settings.values()
        linked = frozenset(one.linked for one in settings if one.linked)
        if linked == self._followed:
            return
        if self._unfollow is not None:
            self._unfollow()
        self._followed = linked
        self._unfollow = async_track_state_change_event(
            self._hass, linked, self._async_changed
        )

    @callback
    def _async_changed(self, event: Event[EventStateChangedData]) -> None:
        """Let whoever plays on the speaker look, when its linked player has changed."""
        if not _tells(event.data["old_state"], event.data["new_state"]):
            return
        for speaker_id, settings in self._speakers.book.settings.items():
            if settings.linked == event.data["entity_id"]:
                self._speakers.async_nudge(speaker_id)
        self._speakers.async_tell()

    @callback
    def _async_rename(self, event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        """Let a link follow its player to another entity id."""
        if event.data["action"] != "update" or "old_entity_id" not in event.data:
            return
        former, now = event.data["old_entity_id"], event.data["entity_id"]
        for speaker_id, settings in self._speakers.book.settings.items():
            if settings.linked == former:
                renamed = replace(settings, linked=now)
                self._speakers.async_configure(speaker_id, renamed)

    @callback
    def _async_hear(self, event: Event[Mapping[str, Any]]) -> None:
        """Remember which linked players are asked to skip."""
        if event.context.id in self._own:
            return
        data = event.data["service_data"]
        asked = TargetSelection(data)
        if ENTITY_MATCH_ALL in asked.entity_ids:
            meant = set(self._followed)
        else:
            found = async_extract_referenced_entity_ids(self._hass, asked)
            meant = found.referenced | found.indirectly_referenced
        now = self._hass.loop.time()
        for entity_id in self._followed & meant:
            self._skips[entity_id, event.data["service"]] = now


@callback
def _is_skip(data: Mapping[str, Any]) -> bool:
    return data["domain"] == MEDIA_PLAYER and data["service"] in _SKIPS


def _tells(old: State | None, new: State | None) -> bool:
    """Tell whether what plays on the box, or how loud, may have changed."""
    if old is None or new is None:
        return old is not new
    return old.state != new.state or any(
        old.attributes.get(name) != new.attributes.get(name) for name in _TELLING
    )
