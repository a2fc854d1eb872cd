"""What the groups of endpoints share: sending, reading and paging."""

from collections.abc import Mapping
from typing import Any

from . import parse
from .fields import Reader
from .models import Json, Page
from .paging import LARGEST_PAGE, Pages
from .request import Request, lane_of
from .transport import Transport
from .upstream import UpstreamClient


class Endpoints:
    """A group of Spotify's endpoints."""

    def __init__(self, transport: Transport, upstream: UpstreamClient) -> None:
        """Send through `transport`, and by upstream's methods where they hold."""
        self._transport = transport
        self._upstream = upstream

    async def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        once: bool = False,
    ) -> str:
        return await self._transport.send(
            Request(
                method=method,
                path=path,
                query=query or {},
                body=body,
                lane=lane_of(method, path),
                once=once,
            )
        )

    async def _get(self, path: str, query: Mapping[str, str] | None = None) -> Json:
        return parse.json_object(await self._send("GET", path, query=query))

    async def _one[T](
        self,
        path: str,
        reader: Reader[T],
        what: str,
        query: Mapping[str, str] | None = None,
    ) -> T:
        """Return one object, or raise InvalidAnswerError when it can't be read."""
        return parse.required(reader(await self._get(path, query)), what)

    def _pages[T](
        self,
        path: str,
        reader: Reader[T],
        *,
        query: Mapping[str, str] | None = None,
        largest: int = LARGEST_PAGE,
    ) -> Pages[T]:
        """Return a list that is fetched by offset."""

        async def fetch(offset: int, limit: int) -> Page[T]:
            window = {"limit": str(limit), "offset": str(offset)}
            return parse.page(
                await self._get(path, {**(query or {}), **window}), reader
            )

        return Pages(fetch, largest)
