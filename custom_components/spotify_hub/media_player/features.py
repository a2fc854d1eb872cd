"""What players offer: by what is known of their accounts and devices only."""

from homeassistant.components.media_player import MediaPlayerEntityFeature

FINDING = MediaPlayerEntityFeature.BROWSE_MEDIA | MediaPlayerEntityFeature.SEARCH_MEDIA
STARTING = MediaPlayerEntityFeature.PLAY_MEDIA | MediaPlayerEntityFeature.MEDIA_ENQUEUE
CHOOSING = MediaPlayerEntityFeature.SELECT_SOURCE
_BY_LINK = (
    MediaPlayerEntityFeature.PLAY
    | MediaPlayerEntityFeature.PAUSE
    | MediaPlayerEntityFeature.NEXT_TRACK
    | MediaPlayerEntityFeature.PREVIOUS_TRACK
    | MediaPlayerEntityFeature.SEEK
)
STEERING = (
    _BY_LINK
    | MediaPlayerEntityFeature.STOP
    | MediaPlayerEntityFeature.SHUFFLE_SET
    | MediaPlayerEntityFeature.REPEAT_SET
)
VOLUME = (
    MediaPlayerEntityFeature.VOLUME_SET
    | MediaPlayerEntityFeature.VOLUME_STEP
    | MediaPlayerEntityFeature.VOLUME_MUTE
)
NOTHING = MediaPlayerEntityFeature(0)


def steering(
    *, restricted: bool, supports_volume: bool, linked: MediaPlayerEntityFeature
) -> MediaPlayerEntityFeature:
    """Return what a device takes, itself or by the player it is `linked` to."""
    by_link = NOTHING if not restricted else linked & _BY_LINK
    if MediaPlayerEntityFeature.PAUSE in by_link:
        # Spotify knows no stop but pausing.
        by_link |= MediaPlayerEntityFeature.STOP
    if MediaPlayerEntityFeature.VOLUME_SET in linked:
        by_link |= VOLUME
    if restricted:
        return by_link
    return by_link | STEERING | (VOLUME if supports_volume else NOTHING)
