"""Loudspeakers that Home Assistant knows by an integration of their own."""

from collections.abc import Callable, Iterable
from typing import Any, override

from homeassistant.components.media_player import (
    DOMAIN as MEDIA_PLAYER,
    BrowseMedia,
    MediaClass,
    MediaPlayerEntity,
    MediaPlayerEntityFeature,
    MediaPlayerState,
    SearchMedia,
    SearchMediaQuery,
)
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import setup_test_component_platform

from tests.emulator.phone import Phone

_EVERYTHING = (
    MediaPlayerEntityFeature.PLAY
    | MediaPlayerEntityFeature.PAUSE
    | MediaPlayerEntityFeature.NEXT_TRACK
    | MediaPlayerEntityFeature.PREVIOUS_TRACK
    | MediaPlayerEntityFeature.SEEK
    | MediaPlayerEntityFeature.VOLUME_SET
    | MediaPlayerEntityFeature.PLAY_MEDIA
    | MediaPlayerEntityFeature.SEARCH_MEDIA
)


class Box(MediaPlayerEntity):
    """A box that plays what somebody's Spotify plays on it, and takes commands itself."""

    _attr_should_poll = False
    _attr_supported_features = _EVERYTHING
    _attr_state = MediaPlayerState.IDLE
    _attr_volume_level = 0.5

    def __init__(self, name: str, phone: Phone) -> None:
        """Stand for the device of this name."""
        self._attr_name = name
        self._attr_unique_id = f"box {name}"
        self._phone = phone
        self.asked: list[str] = []

    def show(self, **attributes: Any) -> None:
        """Let it change by itself, as when somebody presses its buttons."""
        for name, value in attributes.items():
            setattr(self, f"_attr_{name}", value)
        self.async_write_ha_state()

    @override
    async def async_media_play(self) -> None:
        """Play on."""
        self._do("play", self._phone.resume, MediaPlayerState.PLAYING)

    @override
    async def async_media_pause(self) -> None:
        """Pause."""
        self._do("pause", self._phone.pause, MediaPlayerState.PAUSED)

    @override
    async def async_media_next_track(self) -> None:
        """Skip."""
        self._do("next", self._phone.next)

    @override
    async def async_media_previous_track(self) -> None:
        """Skip back."""
        self._do("previous", self._phone.previous)

    @override
    async def async_media_seek(self, position: float) -> None:
        """Go to a position."""
        self._do("seek", lambda: self._phone.seek(round(position * 1000)))

    @override
    async def async_set_volume_level(self, volume: float) -> None:
        """Set the volume."""
        self._attr_volume_level = volume
        self._do("volume", lambda: self._phone.volume(round(volume * 100)))

    @override
    async def async_play_media(
        self, media_type: str, media_id: str, **kwargs: Any
    ) -> None:
        """Play something of Spotify's."""
        name = str(self.name)
        self._do(
            "play_media",
            lambda: self._phone.play(media_id, name),
            MediaPlayerState.PLAYING,
        )

    @override
    async def async_search_media(self, query: SearchMediaQuery) -> SearchMedia:
        """Find what nobody wants to hear."""
        found = BrowseMedia(
            media_class=MediaClass.TRACK,
            media_content_id="muzak",
            media_content_type="music",
            title="Muzak",
            can_play=True,
            can_expand=False,
        )
        return SearchMedia(result=[found])

    def _do(
        self,
        what: str,
        act: Callable[[], object],
        state: MediaPlayerState | None = None,
    ) -> None:
        self.asked.append(what)
        act()
        self._attr_state = state or self._attr_state
        self.async_write_ha_state()


async def async_add_boxes(
    hass: HomeAssistant, *boxes: Box, others: Iterable[dict[str, Any]] = ()
) -> None:
    """Let Home Assistant have these boxes, and `others` by YAML; before any account."""
    setup_test_component_platform(hass, MEDIA_PLAYER, boxes)
    config = {MEDIA_PLAYER: [{"platform": "test"}, *others]}
    assert await async_setup_component(hass, MEDIA_PLAYER, config)
    await hass.async_block_till_done()
