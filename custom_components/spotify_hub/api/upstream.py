"""spotifyaio's client, sending through our transport.

Its commands are used where they do what Spotify documents. Its readers are not:
their models fail on what apps made since 2026-02-11 are answered (absent
`product`, `item` for `track`, null volumes, unknown device types …).
"""

from typing import Any, override

from spotifyaio import SpotifyClient

from .request import Request, lane_of
from .transport import Transport


class UpstreamClient(SpotifyClient):
    """Upstream's endpoints on our transport.

    Upstream's own transport takes 400, 401, 404, 429 and 5xx on a command for
    success, reads the body outside its time-out, and lets aiohttp errors out.
    """

    def __init__(self, transport: Transport) -> None:
        """Send through `transport`."""
        super().__init__()
        self._transport = transport

    @override
    async def _request(
        self,
        method: str,
        uri: str,
        *,
        data: dict[str, Any] | None = None,
        params: dict[str, Any] | None = None,
    ) -> str:
        """Send by our transport."""
        path = f"/{uri}"
        return await self._transport.send(
            Request(
                method=method,
                path=path,
                query={key: str(value) for key, value in (params or {}).items()},
                body=data,
                lane=lane_of(method, path),
            )
        )
