"""The Web API as one account sees it, in Spotify's own groups."""

from .catalogue import CatalogueEndpoints
from .library import LibraryEndpoints
from .player import PlayerEndpoints
from .playlists import PlaylistEndpoints
from .transport import Transport
from .upstream import UpstreamClient


class SpotifyHubClient:
    """Everything this project asks of Spotify, for one account."""

    def __init__(self, transport: Transport) -> None:
        """Send through `transport`, which knows the account's token."""
        upstream = UpstreamClient(transport)
        self.player = PlayerEndpoints(transport, upstream)
        self.library = LibraryEndpoints(transport, upstream)
        self.playlists = PlaylistEndpoints(transport, upstream)
        self.catalogue = CatalogueEndpoints(transport, upstream)
