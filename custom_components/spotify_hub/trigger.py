"""Triggers of automations: one for each kind of happening."""

from typing import cast, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import ATTR_CONFIG_ENTRY_ID, CONF_OPTIONS
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .account.happenings import HAPPENED, Happening, What
from .const import DOMAIN

_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_OPTIONS, default=dict): {
            vol.Optional(ATTR_CONFIG_ENTRY_ID): str
        }
    }
)


class HappeningTrigger(Trigger):
    """Fires when something of one kind happens, on one account or on any.

    It hears a signal of Home Assistant's, not the account, which may be loaded later
    and reloaded at any time.
    """

    what: What

    @override
    @classmethod
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Check the options: an account that is named has to be linked."""
        config = cast("ConfigType", _SCHEMA(config))
        entry_id = config[CONF_OPTIONS].get(ATTR_CONFIG_ENTRY_ID)
        if entry_id is not None:
            entry = hass.config_entries.async_get_entry(entry_id)
            if entry is None or entry.domain != DOMAIN:
                raise vol.Invalid(f"There is no Spotify account with the id {entry_id}")
        return config

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Read the options."""
        super().__init__(hass, config)
        self._entry_id = (config.options or {}).get(ATTR_CONFIG_ENTRY_ID)

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Run the action whenever it happens."""
        kind = self.what.value.replace("_", " ")

        @callback
        def heard(entry: ConfigEntry, happening: Happening) -> None:
            if happening.what is self.what and self._entry_id in {None, entry.entry_id}:
                payload = {
                    **happening.data,
                    "account": entry.title,
                    ATTR_CONFIG_ENTRY_ID: entry.entry_id,
                }
                run_action(payload, f"{kind} on {entry.title}")

        return async_dispatcher_connect(self._hass, HAPPENED, heard)


_TRIGGERS: dict[str, type[Trigger]] = {
    what.value: type(f"{what.name}Trigger", (HappeningTrigger,), {"what": what})
    for what in What
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers by name."""
    return _TRIGGERS
