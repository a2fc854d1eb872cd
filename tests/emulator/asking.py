"""A plain client for tests that look at the bare answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
import json
from typing import Any

import aiohttp

from .server import Emulator


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        """The body, which must be JSON."""
        return json.loads(self.text)

    @property
    def error(self) -> tuple[int, str, str | None]:
        """Status, message and reason of a Web API error."""
        error = self.json["error"]
        assert error["status"] == self.status
        return self.status, error["message"], error.get("reason")


@dataclass(frozen=True)
class Asking:
    """Asks the emulator, with a bearer token or without."""

    emulator: Emulator
    bearer: str | None = None

    @classmethod
    def by(
        cls,
        emulator: Emulator,
        user: str,
        *scopes: str,
        app: str = "demo-client-id",
    ) -> Asking:
        """Ask in the name of a user who has granted these scopes."""
        return cls(emulator, emulator.grant(user, scopes, app)["access_token"])

    async def __call__(self, method: str, path: str, **options: Any) -> Answer:
        """Send one request and read its answer whole."""
        headers = dict(options.pop("headers", {}))
        if self.bearer:
            headers["Authorization"] = f"Bearer {self.bearer}"
        async with (
            aiohttp.ClientSession(self.emulator.url) as session,
            session.request(
                method, path, headers=headers, allow_redirects=False, **options
            ) as response,
        ):
            return Answer(response.status, await response.text(), response.headers)

    async def each(self, method: str, paths: Iterable[str]) -> list[int]:
        """Return the statuses of several requests."""
        return [(await self(method, path)).status for path in paths]
