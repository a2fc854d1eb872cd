"""The account's tokens: kept by Home Assistant, refreshed ahead, once for all who wait."""

import asyncio
from collections.abc import Callable
from datetime import datetime
import time
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.exceptions import (
    OAuth2TokenRequestConnectionError,
    OAuth2TokenRequestError,
    OAuth2TokenRequestReauthError,
    OAuth2TokenRequestTransientError,
)
from homeassistant.helpers.config_entry_oauth2_flow import (
    AbstractOAuth2Implementation,
    LocalOAuth2Implementation,
    OAuth2Session,
)
from homeassistant.helpers.event import async_call_later

from ..api.classify import classify
from ..api.errors import (
    RateLimitedError,
    SignInRequiredError,
    SpotifyApiError,
    TokenUnavailableError,
)
from ..const import LOGGER

# Seconds before its end that a token is replaced.
REFRESH_AHEAD = 300
# Seconds until the next try, when one ahead has failed.
RETRY_AHEAD = 60
# Seconds that the token endpoint has to answer.
REFRESH_DEADLINE = 30


class SpotifyOAuth2Session(OAuth2Session):
    """A session that counts a token as used up early, and at once if Spotify refused it."""

    rejected: str | None = None

    @property
    @override
    def valid_token(self) -> bool:
        """Return whether the token need not be replaced."""
        return self._lasts(REFRESH_AHEAD)

    @property
    def usable_token(self) -> bool:
        """Return whether the token would still be accepted, could it not be replaced."""
        return self._lasts(0)

    @property
    def lasts_for(self) -> float:
        """Return the seconds until the token's end."""
        expires_at: float = self.token["expires_at"]
        return expires_at - time.time()

    def _lasts(self, seconds: float) -> bool:
        refused = self.token["access_token"] == self.rejected
        return not refused and self.lasts_for > seconds


class AccountTokens:
    """Hands out the access token of one config entry."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        implementation: AbstractOAuth2Implementation,
    ) -> None:
        """Keep the one session of the entry: two would race for a rotating token."""
        self._hass = hass
        self._entry = entry
        self._session = SpotifyOAuth2Session(hass, entry, implementation)
        self._refresh: asyncio.Task[None] | None = None
        self._refusal: SignInRequiredError | None = None
        self._refused: Callable[[SignInRequiredError], None] = lambda _: None
        self._ahead: CALLBACK_TYPE | None = None

    @callback
    def async_keep_fresh(self, refused: Callable[[SignInRequiredError], None]) -> None:
        """Replace each token before its end; call `refused` if the sign-in is over."""
        self._refused = refused
        self._async_arm(self._session.lasts_for - REFRESH_AHEAD)

    @callback
    def async_close(self) -> None:
        """Replace no more tokens by itself."""
        if self._ahead is not None:
            self._ahead()
            self._ahead = None

    async def access_token(self) -> str:
        """Return a token that should be accepted; see `api.transport.Tokens`.

        While the token at hand still is one, nobody waits for the next.
        """
        if not self._session.valid_token:
            if self._session.usable_token:
                self._start_refresh()
            else:
                await self._renew()
        return self._current

    async def replace(self, rejected: str) -> str:
        """Return another token than the rejected one."""
        if self._current == rejected:
            self._session.rejected = rejected
            await self._renew()
        return self._current

    @property
    def _current(self) -> str:
        token: str = self._session.token["access_token"]
        return token

    async def _renew(self) -> None:
        """Wait for another token.

        A caller whose time is up must not cancel a refresh that others wait for,
        nor one whose answer may hold the only new refresh token.
        """
        await asyncio.shield(self._start_refresh())

    def _start_refresh(self) -> asyncio.Task[None]:
        """Return the refresh under way, beginning one if there is none."""
        if self._refresh is None or self._refresh.done():
            self._refresh = self._entry.async_create_task(
                self._hass, self._refresh_once(), "refresh token"
            )
            # Nobody may be waiting for what went wrong.
            self._refresh.add_done_callback(
                lambda task: task.cancelled() or task.exception()
            )
        return self._refresh

    async def _refresh_once(self) -> None:
        """Refresh; a sign-in that is over is not asked for again.

        The entry is loaded anew when it is renewed.
        """
        if self._refusal is not None:
            raise self._refusal
        try:
            async with asyncio.timeout(REFRESH_DEADLINE):
                await self._session.async_ensure_token_valid()
        except OAuth2TokenRequestReauthError as err:
            self._refusal = SignInRequiredError(str(err))
            self._refused(self._refusal)
            raise self._refusal from err
        except (OAuth2TokenRequestError, OAuth2TokenRequestConnectionError) as err:
            raise _unavailable(err) from err
        except TimeoutError as err:
            raise TokenUnavailableError("No token in time") from err

    @callback
    def _async_arm(self, seconds: float) -> None:
        job = HassJob(self._async_renew_ahead, cancel_on_shutdown=True)
        self._ahead = async_call_later(self._hass, max(1.0, seconds), job)

    async def _async_renew_ahead(self, _now: datetime) -> None:
        self._ahead = None
        try:
            if not self._session.valid_token:
                await self._renew()
        except SignInRequiredError:
            return
        except SpotifyApiError as err:
            LOGGER.debug("%s gets no new token now: %s", self._entry.title, err)
        self._async_arm(max(RETRY_AHEAD, self._session.lasts_for - REFRESH_AHEAD))


def _unavailable(
    error: OAuth2TokenRequestError | OAuth2TokenRequestConnectionError,
) -> SpotifyApiError:
    """Return why there is no token: too many requests, or a fault of the moment."""
    if isinstance(error, OAuth2TokenRequestTransientError):
        wait = error.headers.get("Retry-After") if error.headers else None
        limited = classify(error.status, "", wait)
        if isinstance(limited, RateLimitedError):
            return limited
    return TokenUnavailableError(str(error))


def client_id_of(implementation: AbstractOAuth2Implementation) -> str:
    """Return the client id that an implementation's requests are counted for."""
    if isinstance(implementation, LocalOAuth2Implementation):
        return implementation.client_id
    return implementation.domain


class FixedToken:
    """The token of an account that is only just being linked."""

    def __init__(self, token: str) -> None:
        """Hand out this token."""
        self._token = token

    async def access_token(self) -> str:
        """Return the token."""
        return self._token

    async def replace(self, rejected: str) -> str:
        """Say that there is no other."""
        raise SignInRequiredError("Spotify does not accept a token it has just issued")
