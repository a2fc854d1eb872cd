"""Sending one request to Spotify and getting one answer or one typed error.

The order is: breaker, deadline, gate (where limits are kept), breaker
again, token, send, classify.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
import random
from typing import Protocol

import aiohttp
from yarl import URL

from .breaker import Breaker
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
    TokenUnavailableError,
)
from .request import Lane, Request, in_lane

# Seconds that a call has in all, waiting and retries included.
DEADLINES: Mapping[Lane, float] = {
    Lane.COMMAND: 10,
    Lane.PLAYBACK: 10,
    Lane.BROWSE: 10,
    Lane.BACKGROUND: 30,
}
FIRST_BACKOFF = 1.0
LONGEST_BACKOFF = 60.0
# Seconds before a refusal that Spotify is known to make by mistake is believed.
SECOND_THOUGHT = 0.5
NO_CONTENT = 204
_USER_AGENT = "SpotifyHub"


class Tokens(Protocol):
    """Where the transport gets the account's access token from."""

    async def access_token(self) -> str:
        """Return a token that should be accepted.

        Raises:
            SignInRequiredError: only the account's owner can renew the sign-in.
            TokenUnavailableError: no token could be had now.
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
        breaker: Breaker | None = None,
    ) -> None:
        """Send to `base_url` (scheme, host and port, without a path)."""
        self._session = session
        self._base_url = URL(base_url)
        self._tokens = tokens
        self._gate = gate or OpenGate()
        self.breaker = breaker or Breaker()

    async def send(self, request: Request) -> str:
        """Send a request and return the body of its 2xx answer, "" for 204.

        Raises:
            SpotifyApiError: one of its subclasses, always.
        """
        self.breaker.check()
        call = _Call(request=request)
        # Whoever hears of the outcome must not act in the lane of this request.
        with in_lane(None):
            try:
                body = await self._send_in_time(call)
            except SpotifyApiError as err:
                if call.sent:
                    self.breaker.record(err, probe=call.probe)
                    call.probe = False
                raise
            else:
                self.breaker.record(None, probe=call.probe)
                call.probe = False
                return body
            finally:
                if call.probe:
                    self.breaker.abandon()

    async def _send_in_time(self, call: _Call) -> str:
        """Send within the deadline; a background call's begins when it is let out."""
        try:
            async with asyncio.timeout(DEADLINES[call.request.lane]) as call.deadline:
                return await self._send_until_done(call)
        except TimeoutError as err:
            raise DeadlineExceededError(
                f"No answer to {call.request.method} in time"
            ) from err

    async def _send_until_done(self, call: _Call) -> str:
        """Send, and repeat what may be repeated while there is time."""
        tries = 0
        # What Spotify is known to say by mistake is believed the second time.
        heard: set[type[SpotifyApiError]] = set()
        while True:
            call.sent, token = False, ""
            try:
                await self._pass_gate(call)
                # Only now, for whoever waits at the gate may be overtaken by an outage.
                call.probe = call.probe or self.breaker.admit()
                call.sent = True
                token = await self._tokens.access_token()
                return await self._send_once(call, token)
            except TokenRejectedError as err:
                if type(err) in heard or await self._tokens.replace(token) == token:
                    raise
                heard.add(type(err))
            except (AccessTokenMissingError, PremiumRequiredError) as err:
                if type(err) in heard:
                    raise
                heard.add(type(err))
                await pause(SECOND_THOUGHT)
            except (ServerFaultError, ConnectionFailedError) as err:
                wait = backoff(tries)
                if not call.may_repeat_after(err) or call.ends_within(wait):
                    raise
                tries += 1
                await pause(wait)

    async def _pass_gate(self, call: _Call) -> None:
        deadline, now = call.deadline, asyncio.get_running_loop().time
        when = deadline.when() if deadline else None
        if call.request.lane is not Lane.BACKGROUND or not deadline or not when:
            await self._gate.admit(call.request)
            return
        left = when - now()
        deadline.reschedule(None)
        await self._gate.admit(call.request)
        deadline.reschedule(now() + left)

    async def _send_once(self, call: _Call, token: str) -> str:
        request = call.request
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
            if call.ends_within(0):
                self._gate.record(request, DeadlineExceededError("No answer in time"))
            raise
        failure = classify(status, body, headers.get("Retry-After"))
        nothing = request.method == "GET" and status != NO_CONTENT and not body
        if failure is None and nothing:
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


@dataclass(slots=True, kw_only=True)
class _Call:
    """A request on its way, perhaps in several tries."""

    request: Request
    probe: bool = False
    """Whether it asks for a silent Spotify's sake: then once only."""

    sent: bool = False
    """Whether the outcome is Spotify's, and not our own gate's."""

    deadline: asyncio.Timeout | None = None

    def may_repeat_after(self, error: SpotifyApiError) -> bool:
        """Tell whether sending again can't do the work twice."""
        never_arrived = isinstance(error, TokenUnavailableError) or (
            isinstance(error, ConnectionFailedError) and not error.arrived
        )
        return not self.probe and (self.request.may_repeat or never_arrived)

    def ends_within(self, seconds: float) -> bool:
        """Tell whether the time is up by then: an error in hand is better than none."""
        when = self.deadline.when() if self.deadline else None
        return when is not None and asyncio.get_running_loop().time() + seconds >= when
