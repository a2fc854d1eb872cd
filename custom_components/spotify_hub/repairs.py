"""Repairing an issue: by signing in anew, granting more, choosing a player, or reading."""

from typing import override

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.components.repairs.const import FlowType
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntry,
)
from homeassistant.core import HomeAssistant

from .api.errors import ScopeMissingError
from .api.scopes import Feature
from .archive_issues import DAMAGED
from .const import CONF_FEATURES, DOMAIN
from .doubled_players import ASSISTANT, ISSUE as TWO_PLAYERS


class SignInRepair(ConfirmRepairFlow):
    """Says what to do, then leads on to the flow that does it."""

    def __init__(self, entry: ConfigEntry, *, reconfigure: bool) -> None:
        """Lead to signing in again, or to reconfiguring what is granted."""
        self._entry = entry
        self._reconfigure = reconfigure

    @override
    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Say what will happen, then begin it."""
        if user_input is None:
            return await super().async_step_confirm()
        flow = self._under_way()
        if flow is None and self._reconfigure:
            await self.hass.config_entries.flow.async_init(
                DOMAIN,
                context={
                    "source": SOURCE_RECONFIGURE,
                    "entry_id": self._entry.entry_id,
                },
            )
        elif flow is None:
            self._entry.async_start_reauth(self.hass)
        flow = self._under_way()
        # One that is not yet at hand shows among Home Assistant's notifications.
        following = None if flow is None else (FlowType.CONFIG_FLOW, flow)
        return self.async_create_entry(data={}, next_flow=following)

    def _under_way(self) -> str | None:
        """Return the flow in which the account is being signed in to, if there is one."""
        flows = self._entry.async_get_active_flows(
            self.hass, {SOURCE_REAUTH, SOURCE_RECONFIGURE}
        )
        # One that has shown nothing yet can't be followed.
        return next((flow["flow_id"] for flow in flows if flow.get("step_id")), None)


class OnePlayerRepair(RepairsFlow):
    """Asks which of two players of one box voice is to use, and hides the other from it."""

    def __init__(self, own: str, linked: str) -> None:
        """Choose between our player and the one that it is linked to."""
        self._own = own
        self._linked = linked

    async def async_step_init(
        self, _user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask which one stays."""
        return self.async_show_menu(
            step_id="init",
            menu_options=["keep_own", "keep_linked"],
            description_placeholders={"own": self._own, "linked": self._linked},
        )

    async def async_step_keep_own(
        self, _user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Expose the linked player no more."""
        return self._expose_no_more(self._linked)

    async def async_step_keep_linked(
        self, _user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Expose our player no more."""
        return self._expose_no_more(self._own)

    def _expose_no_more(self, entity_id: str) -> RepairsFlowResult:
        async_expose_entity(self.hass, ASSISTANT, entity_id, False)
        return self.async_create_entry(data={})


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the flow that repairs an issue, by what it was opened with."""
    if issue_id.startswith(TWO_PLAYERS):
        players = data or {}
        return OnePlayerRepair(str(players["own"]), str(players["linked"]))
    if issue_id.startswith(DAMAGED):
        return ConfirmRepairFlow()
    entry = hass.config_entries.async_get_known_entry(str((data or {})["entry_id"]))
    scope = issue_id.startswith(ScopeMissingError.key)
    # Whoever has granted every feature can but agree anew.
    more = len(entry.data[CONF_FEATURES]) < len(Feature)
    return SignInRepair(entry, reconfigure=scope and more)
