"""What the play_media action does, on whichever player."""

from homeassistant.components.media_player import MediaPlayerEnqueue, MediaType

from ..account import SpotifyAccount
from ..account.start import start_of
from ..api.uri import InvalidUriError, SpotifyUri, UriType, parse_uri
from ..failures import invalid
from ..speaker_book import Speaker


async def async_play(
    account: SpotifyAccount,
    media_type: str,
    media_id: str,
    *,
    enqueue: MediaPlayerEnqueue | None,
    announce: bool | None,
    speaker: Speaker | None = None,
) -> None:
    """Play a Spotify URI or link now, on a speaker, or append it to the queue.

    Raises:
        HomeAssistantError: it does not play; says why.
    """
    if announce:
        raise invalid("cannot_announce")
    uri = _uri_of(media_type, media_id)
    match enqueue:
        case MediaPlayerEnqueue.ADD:
            await account.queue.append(uri)
        case MediaPlayerEnqueue.NEXT:
            await account.queue.append_next(uri)
        case _:
            await account.player.start(start_of(uri, account.user_id), speaker)


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
