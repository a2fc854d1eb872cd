"""Sending one request to Spotify and getting one answer or one typed error.

The order is: deadline, gate (where limits are kept), token, send, classify.
"""

import asyncio
from collections.abc import Mapping
import random
from typing import Protocol

import aiohttp
from yarl import URL

from .classify import classify
from .errors import (
    AccessTokenMissingError,
    ConnectionFailedError,
    DeadlineExceededError,
    InvalidAnswerError,
    PremiumRequiredError,
    ServerFaultError,
    SpotifyApiError,
    TokenRejectedError,
)
from .request import Lane, Request

# Seconds that a call has in all, waiting and retries included.
DEADLINES: Mapping[Lane, float] = {
    Lane.COMMAND: 10,
    Lane.PLAYBACK: 10,
    Lane.BROWSE: 10,
    Lane.BACKGROUND: 30,
}
FIRST_BACKOFF = 1.0
LONGEST_BACKOFF = 60.0
# Before a refusal that Spotify is known to make by mistake is believed.
SECOND_THOUGHT = 0.5
NO_CONTENT = 204
_USER_AGENT = "SpotifyHub"


class Tokens(Protocol):
    """Where the transport gets the account's access token from."""

    async def access_token(self) -> str:
        """Return a token that should be accepted.

        Raises:
            SignInRequiredError: only the account's owner can renew the sign-in.
            ConnectionFailedError, ServerFaultError: no token could be had now.
        """

    async def replace(self, rejected: str) -> str:
        """Return another token than the rejected one; raises like access_token."""


class Gate(Protocol):
    """Decides when a request may leave, and hears what became of it."""

    async def admit(self, request: Request) -> None:
        """Return when the request may be sent, or raise why it may not."""

    def record(self, request: Request, error: SpotifyApiError | None) -> None:
        """Hear the outcome of a request that was sent."""


class OpenGate:
    """Lets everything through."""

    async def admit(self, request: Request) -> None:
        """Let the request through."""

    def record(self, request: Request, error: SpotifyApiError | None) -> None:
        """Forget the outcome."""


async def pause(seconds: float) -> None:
    """Wait between two tries."""
    await asyncio.sleep(seconds)


class Transport:
    """Sends requests for one account."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        tokens: Tokens,
        gate: Gate | None = None,
    ) -> None:
        """Send to `base_url` (scheme, host and port, without a path)."""
        self._session = session
        self._base_url = URL(base_url)
        self._tokens = tokens
        self._gate = gate or OpenGate()

    async def send(self, request: Request) -> str:
        """Send a request and return the body of its 2xx answer, "" for 204.

        Raises:
            SpotifyApiError: one of its subclasses, always.
        """
        try:
            async with asyncio.timeout(DEADLINES[request.lane]) as deadline:
                return await self._send_until(request, deadline.when())
        except TimeoutError as err:
            raise DeadlineExceededError(
                f"No answer to {request.method} in time"
            ) from err

    async def _send_until(self, request: Request, deadline: float | None) -> str:
        """Send, and repeat what may be repeated while there is time."""
        tries = 0
        second_thought: type[SpotifyApiError] | None = None
        while True:
            await self._gate.admit(request)
            token = await self._tokens.access_token()
            try:
                return await self._send_once(request, token, deadline)
            except TokenRejectedError as err:
                if second_thought is TokenRejectedError:
                    raise
                second_thought = TokenRejectedError
                if await self._tokens.replace(token) == token:
                    raise err from None
            except (AccessTokenMissingError, PremiumRequiredError) as err:
                if second_thought is type(err):
                    raise
                second_thought = type(err)
                await pause(SECOND_THOUGHT)
            except (ServerFaultError, ConnectionFailedError) as err:
                wait = backoff(tries)
                if not _may_repeat(request, err) or _too_late(wait, deadline):
                    raise
                tries += 1
                await pause(wait)

    async def _send_once(
        self, request: Request, token: str, deadline: float | None
    ) -> str:
        try:
            status, headers, body = await self._exchange(request, token)
        except (aiohttp.ClientError, OSError) as err:
            error = ConnectionFailedError(
                str(err) or type(err).__name__,
                arrived=not isinstance(err, aiohttp.ClientConnectorError),
            )
            self._gate.record(request, error)
            raise error from err
        except asyncio.CancelledError:
            if _too_late(0, deadline):
                self._gate.record(request, DeadlineExceededError("No answer in time"))
            raise
        failure = classify(status, body, headers.get("Retry-After"))
        if (
            failure is None
            and request.method == "GET"
            and status != NO_CONTENT
            and not body
        ):
            failure = InvalidAnswerError("Spotify's answer is empty")
        self._gate.record(request, failure)
        if failure is not None:
            raise failure
        return body

    async def _exchange(
        self, request: Request, token: str
    ) -> tuple[int, Mapping[str, str], str]:
        headers = {
            "Accept": "application/json",
            "Authorization": f"Bearer {token}",
            "User-Agent": _USER_AGENT,
        }
        if request.content_type:
            headers["Content-Type"] = request.content_type
        async with self._session.request(
            request.method,
            self._base_url.with_path(request.path),
            params=dict(request.query),
            json=request.body,
            data=request.raw_body,
            headers=headers,
            # A redirect would carry the token to another place.
            allow_redirects=False,
        ) as response:
            content = await response.read()
        return response.status, response.headers, content.decode(errors="replace")


def backoff(tries: int) -> float:
    """Return the seconds before try number `tries` + 2: 1, 2, 4 … 60, jittered by ±20 %."""
    seconds: float = min(FIRST_BACKOFF * 2.0**tries, LONGEST_BACKOFF)
    return seconds * random.uniform(0.8, 1.2)


def _may_repeat(request: Request, error: SpotifyApiError) -> bool:
    """Tell whether a failed request can be sent again without doing its work twice."""
    never_arrived = isinstance(error, ConnectionFailedError) and not error.arrived
    return request.may_repeat or never_arrived


def _too_late(wait: float, deadline: float | None) -> bool:
    """Tell whether the answer that we have is better than waiting for none."""
    return deadline is not None and asyncio.get_running_loop().time() + wait >= deadline
