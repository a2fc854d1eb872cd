"""Names of the playlists that play, each asked for once."""

from collections.abc import Callable

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..api.breaker import OUTAGE
from ..api.client import SpotifyHubClient
from ..api.errors import RateLimitedError, SpotifyApiError
from ..api.request import Lane, in_lane
from ..api.uri import InvalidUriError, UriType, parse_uri
from ..const import LOGGER
from .pins import PinOperations, is_hidden

_MOST = 200


class ContextNames:
    """Looks up the name of a playlist when it first plays.

    What is pinned has the name of its pin and is not asked for, and nor is what
    Spotify hides (playlists of its own making).
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        client: SpotifyHubClient,
        pins: PinOperations,
        found: Callable[[], None],
    ) -> None:
        """Look into `pins` first; call `found` when a name has become known."""
        self._hass = hass
        self._entry = entry
        self._client = client
        self._pins = pins
        self._found = found
        self._names: dict[str, str | None] = {}

    def name(self, context_uri: str) -> str | None:
        """Return the name, as far as it is known."""
        pinned = (pin.name for pin in self._pins.all if pin.uri == context_uri)
        return next(pinned, self._names.get(context_uri))

    @callback
    def async_learn(self, context_uri: str) -> None:
        """Look a playlist up unless its name is known, or can't be."""
        if context_uri in self._names or self.name(context_uri) is not None:
            return
        try:
            uri = parse_uri(context_uri)
        except InvalidUriError:
            return
        if uri.type is UriType.PLAYLIST and not is_hidden(uri, ""):
            if len(self._names) >= _MOST:
                self._names.clear()
            self._names[context_uri] = None
            self._entry.async_create_background_task(
                self._hass, self._async_ask(context_uri, uri.id), "name of a playlist"
            )

    async def _async_ask(self, context_uri: str, playlist_id: str) -> None:
        try:
            with in_lane(Lane.BACKGROUND):
                playlist = await self._client.playlists.playlist(playlist_id)
        except SpotifyApiError as err:
            LOGGER.debug("The name of %s can't be had: %s", context_uri, err)
            # A fault of the moment is no answer; everything else stays one.
            if isinstance(err, (*OUTAGE, RateLimitedError)):
                self._names.pop(context_uri, None)
            return
        self._names[context_uri] = playlist.name
        self._found()
