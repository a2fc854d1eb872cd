"""Linking an account, signing in to it again, and choosing what it grants."""

from collections.abc import Iterable, Mapping
import logging
import time
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
    ConfigFlowResult,
    FlowType,
    OptionsFlow,
)
from homeassistant.core import callback
from homeassistant.exceptions import ImplementationUnavailableError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.config_entry_oauth2_flow import (
    AbstractOAuth2FlowHandler,
    async_get_implementations,
)
from homeassistant.helpers.translation import async_get_translations
import voluptuous as vol

from .account.tokens import FixedToken, client_id_of
from .api.client import SpotifyHubClient
from .api.errors import SpotifyApiError
from .api.models import User
from .api.scopes import SCOPES, Feature, missing_scopes, scopes_of
from .api.transport import Transport
from .const import (
    CONF_ACCOUNT_ID,
    CONF_AUTHORIZED_AT,
    CONF_FEATURES,
    CONF_USER_ID,
    DOMAIN,
    LOGGER,
    SPOTIFY_API_URL,
)
from .failures import placeholders
from .household import linking_gate
from .options_flow import SpotifyHubOptionsFlow
from .sign_in import async_note_failure

# Control is no choice: without it there is nothing to show.
_OPTIONAL = (Feature.HISTORY, Feature.LIBRARY, Feature.PLAYLISTS)

_SUCCESSES = frozenset({"reauth_successful", "reconfigure_successful"})

# What a person can do about the failure depends on which of these it is; the rest
# are answers that nobody expects of a profile.
_EXPLAINED = frozenset(
    {
        "app_owner_not_premium",
        "not_on_allow_list",
        "quota_exceeded",
        "rate_limited",
        "server_fault",
        "timed_out",
        "unreachable",
    }
)


class SpotifyHubFlow(AbstractOAuth2FlowHandler, domain=DOMAIN):
    """Links one Spotify account."""

    DOMAIN = DOMAIN

    def __init__(self) -> None:
        """Begin with nothing asked for but control."""
        super().__init__()
        self._features: tuple[Feature, ...] = ()

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the flow of the options."""
        return SpotifyHubOptionsFlow()

    @property
    @override
    def logger(self) -> logging.Logger:
        """Return where the flow logs."""
        return LOGGER

    @property
    @override
    def extra_authorize_data(self) -> dict[str, str]:
        """Ask for the scopes of the chosen features, of an account to be chosen anew."""
        scopes = " ".join(sorted(scopes_of(self._features)))
        # Without the dialog Spotify takes whoever is signed in: the first account again.
        return {"scope": scopes, "show_dialog": "true"}

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the features be chosen, once there is an app to sign in through."""
        if user_input is None and await self._async_has_app():
            schema = _features_schema(_OPTIONAL)
            return self.async_show_form(step_id="user", data_schema=schema)
        self._features = _chosen(user_input or {})
        return await self.async_step_pick_implementation()

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Begin to sign in again, for what was granted before."""
        self._features = _stored(entry_data)
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say which account has to sign in."""
        entry = self._get_reauth_entry()
        if user_input is None:
            return self.async_show_form(
                step_id="reauth_confirm",
                description_placeholders={"account": entry.title},
            )
        return await self._async_consent(entry)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let other features be chosen; consent is asked only for what is new."""
        entry = self._get_reconfigure_entry()
        if user_input is None:
            return self.async_show_form(
                step_id="reconfigure",
                data_schema=_features_schema(_stored(entry.data)),
                description_placeholders={"account": entry.title},
            )
        self._features = _chosen(user_input)
        if missing_scopes(self._features, entry.data["token"].get("scope") or ""):
            return await self._async_consent(entry)
        return self.async_update_reload_and_abort(
            entry, data_updates={CONF_FEATURES: _plain(self._features)}
        )

    @override
    async def async_oauth_create_entry(self, data: dict[str, Any]) -> ConfigFlowResult:
        """Find out who has consented, and to what; then link, or refuse."""
        if refused := _refused(self._features, data["token"].get("scope") or ""):
            return self.async_abort(
                reason="scopes_not_granted",
                description_placeholders={"features": await self._async_named(refused)},
            )
        try:
            user = await self._async_ask_who(data["token"]["access_token"])
        except SpotifyApiError as err:
            LOGGER.debug("The profile of a new sign-in can't be had: %s", err)
            return self.async_abort(
                reason=err.key if err.key in _EXPLAINED else "unexpected_answer",
                description_placeholders=placeholders(err),
            )
        data |= {
            CONF_FEATURES: _plain(self._features),
            CONF_USER_ID: user.id,
            CONF_ACCOUNT_ID: user.account_id,
            CONF_AUTHORIZED_AT: time.time(),
        }
        if self.source == SOURCE_REAUTH:
            return self._async_renew(self._get_reauth_entry(), user, data)
        if self.source == SOURCE_RECONFIGURE:
            return self._async_renew(self._get_reconfigure_entry(), user, data)
        return await self._async_link(user, data)

    @callback
    @override
    def async_abort(
        self,
        *,
        reason: str,
        description_placeholders: Mapping[str, str] | None = None,
        translation_domain: str | None = None,
        next_flow: tuple[FlowType, str] | None = None,
    ) -> ConfigFlowResult:
        """End the flow; where one failed is told in the diagnostics."""
        if reason not in _SUCCESSES:
            step = self.cur_step.get("step_id") if self.cur_step else None
            async_note_failure(self.hass, self.source, step, reason)
        return super().async_abort(
            reason=reason,
            description_placeholders=description_placeholders,
            translation_domain=translation_domain,
            next_flow=next_flow,
        )

    async def _async_link(self, user: User, data: dict[str, Any]) -> ConfigFlowResult:
        """Add the account, unless it is linked already."""
        await self.async_set_unique_id(user.account_id or user.id)
        for entry in self._async_current_entries():
            if _is_account_of(entry, user):
                account_id = user.account_id or entry.data.get(CONF_ACCOUNT_ID)
                self.hass.config_entries.async_update_entry(
                    entry,
                    unique_id=account_id or user.id,
                    data={**entry.data, CONF_ACCOUNT_ID: account_id},
                )
                return self.async_abort(
                    reason="already_configured",
                    description_placeholders={"account": entry.title},
                )
        copied = Feature.LIBRARY.value in data[CONF_FEATURES]
        return self.async_create_entry(
            title=_name(user), data=data, description="first_sync" if copied else None
        )

    @callback
    def _async_renew(
        self, entry: ConfigEntry, user: User, data: dict[str, Any]
    ) -> ConfigFlowResult:
        """Give the entry its new sign-in, if it is the same account's."""
        if not _is_account_of(entry, user):
            return self.async_abort(
                reason="wrong_account",
                description_placeholders={
                    "expected": entry.title,
                    "actual": _name(user),
                },
            )
        account_id = user.account_id or entry.data.get(CONF_ACCOUNT_ID)
        return self.async_update_reload_and_abort(
            entry,
            unique_id=account_id or user.id,
            data_updates=data | {CONF_ACCOUNT_ID: account_id},
        )

    async def _async_consent(self, entry: ConfigEntry) -> ConfigFlowResult:
        """Send the person to Spotify, through the app that the entry was linked with."""
        return await self.async_step_pick_implementation(
            {"implementation": entry.data["auth_implementation"]}
        )

    async def _async_has_app(self) -> bool:
        """Tell whether there are credentials; the base class tells what is wrong if not."""
        try:
            return bool(await async_get_implementations(self.hass, DOMAIN))
        except ImplementationUnavailableError:
            return False

    async def _async_ask_who(self, access_token: str) -> User:
        """Return the profile of who has just signed in."""
        session, token = async_get_clientsession(self.hass), FixedToken(access_token)
        async with linking_gate(self.hass, client_id_of(self.flow_impl)) as gate:
            transport = Transport(session, SPOTIFY_API_URL, token, gate)
            return await SpotifyHubClient(transport).library.me()

    async def _async_named(self, features: Iterable[Feature]) -> str:
        """Return the features' names in the language of the house."""
        names = await async_get_translations(
            self.hass, self.hass.config.language, "selector", {DOMAIN}
        )
        prefix = f"component.{DOMAIN}.selector.features.options"
        return ", ".join(names[f"{prefix}.{feature}"] for feature in features)


def _features_schema(on: Iterable[Feature]) -> vol.Schema:
    """Return the form in which features are chosen."""
    return vol.Schema(
        {
            vol.Required(feature.value, default=feature in on): bool
            for feature in _OPTIONAL
        }
    )


def _chosen(user_input: Mapping[str, Any]) -> tuple[Feature, ...]:
    """Return what was chosen in the form, and control."""
    return (Feature.CONTROL, *(f for f in _OPTIONAL if user_input.get(f)))


def _plain(features: Iterable[Feature]) -> list[str]:
    """Return features as an entry stores them."""
    return [feature.value for feature in features]


def _stored(data: Mapping[str, Any]) -> tuple[Feature, ...]:
    """Return what an entry was linked for."""
    return tuple(Feature(feature) for feature in data[CONF_FEATURES])


def _refused(features: Iterable[Feature], granted: str) -> list[Feature]:
    """Return the features of which a scope was not granted."""
    missing = missing_scopes(features, granted)
    return [feature for feature in features if SCOPES[feature] & missing]


def _is_account_of(entry: ConfigEntry, user: User) -> bool:
    """Tell whether the entry is this person's account.

    Spotify's immutable id decides where both know it. Entries linked while
    Spotify did not tell it are known by the user's name.
    """
    account_id = entry.data.get(CONF_ACCOUNT_ID)
    if account_id and user.account_id:
        return bool(account_id == user.account_id)
    return bool(entry.data[CONF_USER_ID] == user.id)


def _name(user: User) -> str:
    """Return what the account is called."""
    return user.display_name or user.id
