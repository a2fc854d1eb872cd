"""What plays, as a media player's attributes."""

from abc import abstractmethod
from datetime import datetime
from typing import Any, override

from homeassistant.components.media_player import (
    MediaPlayerEntity,
    MediaPlayerState,
    MediaType,
    RepeatMode,
)

from .api.models import Device, Episode, Image, Playback, PlayingItem, Repeat, Track
from .playback_state import PlaybackState

REPEATS = {
    RepeatMode.OFF: Repeat.OFF,
    RepeatMode.ALL: Repeat.CONTEXT,
    RepeatMode.ONE: Repeat.TRACK,
}
_HA_REPEATS = {repeat: mode for mode, repeat in REPEATS.items()}


class NowPlaying(MediaPlayerEntity):
    """A media player that shows a playback state; it takes no commands by itself."""

    _attr_media_image_remotely_accessible = True

    @property
    @abstractmethod
    def _shown(self) -> PlaybackState:
        """Return the state to show."""

    @property
    def _playback(self) -> Playback | None:
        return self._shown.playback

    @property
    def _item(self) -> PlayingItem | None:
        return self._playback.item if self._playback else None

    @property
    def _device(self) -> Device | None:
        return self._playback.device if self._playback else None

    @property
    @override
    def state(self) -> MediaPlayerState:
        """Return whether the account plays, is paused, or does neither."""
        if self._playback is None:
            return MediaPlayerState.IDLE
        if self._playback.is_playing:
            return MediaPlayerState.PLAYING
        return MediaPlayerState.PAUSED if self._item else MediaPlayerState.IDLE

    @property
    @override
    def volume_level(self) -> float | None:
        """Return the speaker's volume, where Spotify knows it."""
        if self._device is None or self._device.volume_percent is None:
            return None
        return self._device.volume_percent / 100

    @property
    @override
    def is_volume_muted(self) -> bool | None:
        """Return whether the volume is at nothing: Spotify has no other mute."""
        level = self.volume_level
        return None if level is None else level == 0

    @property
    @override
    def media_content_id(self) -> str | None:
        """Return the URI of what plays."""
        return self._item.uri if self._item else None

    @property
    @override
    def media_content_type(self) -> MediaType | None:
        """Return what kind of thing plays."""
        match self._item:
            case Track():
                return MediaType.MUSIC
            case Episode():
                return MediaType.PODCAST
        return None

    @property
    @override
    def media_title(self) -> str | None:
        """Return the title."""
        return self._item.name if self._item else None

    @property
    @override
    def media_artist(self) -> str | None:
        """Return the artists, or who publishes the show."""
        match self._item:
            case Track(artists=artists):
                return ", ".join(artist.name for artist in artists)
            case Episode(show=show) if show is not None:
                return show.publisher or show.name
        return None

    @property
    @override
    def media_album_name(self) -> str | None:
        """Return the album, or the show."""
        match self._item:
            case Track(album=album) if album is not None:
                return album.name
            case Episode(show=show) if show is not None:
                return show.name
        return None

    @property
    @override
    def media_album_artist(self) -> str | None:
        """Return the album's artists."""
        match self._item:
            case Track(album=album) if album is not None:
                return ", ".join(artist.name for artist in album.artists) or None
        return None

    @property
    @override
    def media_series_title(self) -> str | None:
        """Return the show of an episode."""
        return (
            self._item.show.name
            if isinstance(self._item, Episode) and self._item.show
            else None
        )

    @property
    @override
    def media_track(self) -> int | None:
        """Return the number on the album."""
        return self._item.track_number if isinstance(self._item, Track) else None

    @property
    @override
    def media_duration(self) -> int | None:
        """Return the length in seconds."""
        duration_ms = self._item.duration_ms if self._item else None
        return None if duration_ms is None else duration_ms // 1000

    @property
    @override
    def media_position(self) -> int | None:
        """Return the position in seconds at `media_position_updated_at`."""
        progress_ms = self._playback.progress_ms if self._playback else None
        return None if progress_ms is None else progress_ms // 1000

    @property
    @override
    def media_position_updated_at(self) -> datetime | None:
        """Return when the position was so."""
        return self._shown.at if self.media_position is not None else None

    @property
    @override
    def media_image_url(self) -> str | None:
        """Return the largest artwork."""
        return largest(_images(self._item))

    @property
    def playing_uris(self) -> dict[str, Any]:
        """Return what cards need of what plays beyond the standard attributes."""
        context = self._playback.context if self._playback else None
        track = self._item if isinstance(self._item, Track) else None
        return {
            "context_uri": context.uri if context else None,
            "album_uri": track.album.uri if track and track.album else None,
            "artist_uris": [artist.uri for artist in track.artists] if track else [],
        }

    @property
    @override
    def shuffle(self) -> bool | None:
        """Return whether it is shuffled."""
        return self._playback.shuffle if self._playback else None

    @property
    @override
    def repeat(self) -> RepeatMode | None:
        """Return what is repeated."""
        return _HA_REPEATS[self._playback.repeat] if self._playback else None


def largest(images: tuple[Image, ...]) -> str | None:
    """Return the address of the largest image; Spotify sends it first when sizes are unknown."""
    return max(images, key=lambda image: image.width or 0).url if images else None


def _images(item: PlayingItem | None) -> tuple[Image, ...]:
    match item:
        case Track(album=album) if album is not None:
            return album.images
        case Episode(images=images, show=show):
            return images or (show.images if show else ())
    return ()
