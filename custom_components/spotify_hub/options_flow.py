"""The preferences of an account."""

from typing import Any

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigFlowResult,
    OptionsFlowWithReload,
)
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
)
import voluptuous as vol

from .account import SpotifyAccount
from .const import CONF_QUICK_IDLE_POLLING, CONF_SAME_DEVELOPER, DOMAIN


class SpotifyHubOptionsFlow(OptionsFlowWithReload):
    """Asks for the preferences of one account."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show and store the preferences; what is said of apps goes to the household."""
        others = self._accounts_of_other_apps()
        if user_input is not None:
            if same := user_input.pop(CONF_SAME_DEVELOPER, []):
                self._account.household.async_share_book(
                    self.config_entry.entry_id, same
                )
            return self.async_create_entry(data=user_input)
        quick = bool(self.config_entry.options.get(CONF_QUICK_IDLE_POLLING))
        fields: dict[vol.Marker, Any] = {
            vol.Required(CONF_QUICK_IDLE_POLLING, default=quick): bool
        }
        if others:
            fields[vol.Optional(CONF_SAME_DEVELOPER, default=[])] = SelectSelector(
                SelectSelectorConfig(options=others, multiple=True)
            )
        return self.async_show_form(step_id="init", data_schema=vol.Schema(fields))

    @property
    def _account(self) -> SpotifyAccount:
        account: SpotifyAccount = self.config_entry.runtime_data
        return account

    def _accounts_of_other_apps(self) -> list[SelectOptionDict]:
        """Return the accounts whose quota is counted apart from this one's."""
        if self.config_entry.state is not ConfigEntryState.LOADED:
            return []
        counted_apart = self._account.household.accounts_on_other_books(
            self.config_entry.entry_id
        )
        return [
            SelectOptionDict(value=entry.entry_id, label=entry.title)
            for entry in self.hass.config_entries.async_loaded_entries(DOMAIN)
            if entry.entry_id in counted_apart
        ]
