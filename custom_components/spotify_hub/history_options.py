"""The options of the listening history: where it is kept."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import voluptuous as vol

from .archive.errors import ArchiveError
from .const import CONF_DATABASE, CONF_DATABASE_URL
from .household_archive import HouseholdArchive
from .options_of_account import AccountOptions

_FILE, _POSTGRESQL = "file", "postgresql"


class HistoryOptions(AccountOptions):
    """The step that sets where the household's archive is kept; it applies at once."""

    async def async_step_history(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask where; a URL, which holds a password, is never shown again."""
        if (account := self._account) is None:
            return self.async_abort(reason="not_loaded")
        history = account.household.history
        errors: dict[str, str] = {}
        reason = ""
        if user_input is not None:
            try:
                if await _async_moved(history, user_input):
                    return self.async_create_entry(data=dict(self.config_entry.options))
                errors[CONF_DATABASE_URL] = "database_url_missing"
            except ArchiveError as err:
                errors[CONF_DATABASE_URL], reason = err.key, str(err)
        chosen = _POSTGRESQL if history.is_remote else _FILE
        schema = vol.Schema(
            {
                vol.Required(
                    CONF_DATABASE, default=(user_input or {}).get(CONF_DATABASE, chosen)
                ): SelectSelector(
                    SelectSelectorConfig(
                        options=[_FILE, _POSTGRESQL],
                        translation_key=CONF_DATABASE,
                        mode=SelectSelectorMode.LIST,
                    )
                ),
                vol.Optional(CONF_DATABASE_URL): TextSelector(
                    TextSelectorConfig(
                        type=TextSelectorType.PASSWORD, autocomplete="off"
                    )
                ),
            }
        )
        return self.async_show_form(
            step_id="history",
            data_schema=schema,
            errors=errors,
            description_placeholders={"file": str(history.path), "reason": reason},
        )


async def _async_moved(history: HouseholdArchive, user_input: dict[str, Any]) -> bool:
    """Keep the archive where it was asked for, if that was said.

    Raises:
        ArchiveError: it can't be opened there.
    """
    url = user_input.get(CONF_DATABASE_URL, "").strip()
    if user_input[CONF_DATABASE] == _FILE:
        await history.async_move(None)
    elif url:
        await history.async_move(url)
    # Left empty, the database that was chosen before stays.
    return history.is_remote or user_input[CONF_DATABASE] == _FILE
