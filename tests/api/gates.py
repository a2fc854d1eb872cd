"""Gates that tests stand at."""

from collections.abc import Awaitable, Callable

from custom_components.spotify_hub.api.errors import SpotifyApiError
from custom_components.spotify_hub.api.request import Request


class ListeningGate:
    """Lets through what `ask` does not stop, and keeps what it saw in order."""

    def __init__(self, ask: Callable[[], Awaitable[None]] | None = None) -> None:
        """Ask `ask` before each request."""
        self._ask = ask
        self.seen: list[tuple[str, Request, type[SpotifyApiError] | None]] = []

    @property
    def admitted(self) -> int:
        """Count the requests that were let through."""
        return sum(what == "admit" for what, _, _ in self.seen)

    @property
    def outcomes(self) -> list[type[SpotifyApiError] | None]:
        """Return what became of them."""
        return [outcome for what, _, outcome in self.seen if what == "record"]

    async def admit(self, request: Request) -> None:
        """Let a request through."""
        if self._ask:
            await self._ask()
        self.seen.append(("admit", request, None))

    def record(self, request: Request, error: SpotifyApiError | None) -> None:
        """Keep an outcome."""
        outcome = None if error is None else type(error)
        self.seen.append(("record", request, outcome))
