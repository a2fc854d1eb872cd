"""The account's tokens: kept by Home Assistant, refreshed ahead, once for all who wait."""

import asyncio
import time
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import (
    OAuth2TokenRequestConnectionError,
    OAuth2TokenRequestError,
    OAuth2TokenRequestReauthError,
)
from homeassistant.helpers.config_entry_oauth2_flow import (
    AbstractOAuth2Implementation,
    LocalOAuth2Implementation,
    OAuth2Session,
)

from ..api.errors import SignInRequiredError, SpotifyApiError, TokenUnavailableError

# Seconds before its end that a token is replaced.
REFRESH_AHEAD = 300
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

    def _lasts(self, seconds: float) -> bool:
        expires_at: float = self.token["expires_at"]
        refused = self.token["access_token"] == self.rejected
        return not refused and expires_at > time.time() + seconds


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

    async def access_token(self) -> str:
        """Return a token that should be accepted; see `api.transport.Tokens`."""
        if not self._session.valid_token:
            try:
                await self._renew()
            except SignInRequiredError:
                raise
            except SpotifyApiError:
                if not self._session.usable_token:
                    raise
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
        """Refresh, in a task of its own.

        A caller whose time is up must not cancel a refresh that others wait for,
        nor one whose answer may hold the only new refresh token.
        """
        if self._refresh is None or self._refresh.done():
            self._refresh = self._entry.async_create_task(
                self._hass, self._refresh_in_time(), "refresh token"
            )
        try:
            await asyncio.shield(self._refresh)
        except OAuth2TokenRequestReauthError as err:
            raise SignInRequiredError(str(err)) from err
        except (OAuth2TokenRequestError, OAuth2TokenRequestConnectionError) as err:
            raise TokenUnavailableError(str(err)) from err
        except TimeoutError as err:
            raise TokenUnavailableError("No token in time") from err

    async def _refresh_in_time(self) -> None:
        async with asyncio.timeout(REFRESH_DEADLINE):
            await self._session.async_ensure_token_valid()


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
