"""How a service action is called: for an account, on behalf of somebody."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, override

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account import SpotifyAccount, SpotifyHubConfigEntry
from ..account.changes import Caller, Door
from ..api.errors import ScopeMissingError, SpotifyApiError
from ..api.scopes import Feature
from ..archive.errors import ArchiveError
from ..callers import async_account_for, async_areas_of, async_household
from ..const import DOMAIN
from ..failures import invalid, translated
from ..household import Household
from ..household_archive import translated as archive_failure
from ..issues import async_open_issue
from .fields import ATTR_SPEAKER

_MISSING = {
    Feature.CONTROL: "control_not_granted",
    Feature.HISTORY: "history_not_granted",
    Feature.LIBRARY: "library_not_granted",
    Feature.PLAYLISTS: "playlists_not_granted",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an action; `data` has been checked by the action's schema."""

    hass: HomeAssistant
    entry: SpotifyHubConfigEntry
    account: SpotifyAccount
    caller: Caller
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HouseholdCall:
    """One call of an action that finds out itself whom it is for.

    `named` is the account that the caller named, and may use.
    """

    hass: HomeAssistant
    household: Household
    caller: Caller
    named: SpotifyHubConfigEntry | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _ServiceAction(ABC):
    """A service action. `only_answers`: it changes nothing, so it must be asked for an answer.

    `check` looks at what a schema can't see, before anything is done.
    """

    name: str
    fields: Mapping[vol.Marker, Any] = field(default_factory=dict)
    only_answers: bool = False
    check: Callable[[Mapping[str, Any]], None] | None = None

    @abstractmethod
    async def answer(self, hass: HomeAssistant, call: ServiceCall) -> JsonObjectType:
        """Do it, and return its answer."""

    @callback
    def async_register(self, hass: HomeAssistant) -> None:
        """Make the action known to Home Assistant."""

        async def handle(call: ServiceCall) -> ServiceResponse:
            if self.check is not None:
                self.check(call.data)
            try:
                answer = await self.answer(hass, call)
            except SpotifyApiError as err:
                raise translated(err) from err
            except ArchiveError as err:
                raise archive_failure(err) from err
            return answer if call.return_response else None

        hass.services.async_register(
            DOMAIN,
            self.name,
            handle,
            schema=vol.Schema({vol.Optional(ATTR_CONFIG_ENTRY_ID): str, **self.fields}),
            supports_response=(
                SupportsResponse.ONLY
                if self.only_answers
                else SupportsResponse.OPTIONAL
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(_ServiceAction):
    """A service action for one account.

    `run` does it and returns its answer. `feature` is what the account must have
    granted.
    """

    run: Callable[[Call], Awaitable[JsonObjectType]]
    feature: Feature | None = None

    @override
    async def answer(self, hass: HomeAssistant, call: ServiceCall) -> JsonObjectType:
        entry = await async_account_for(
            hass,
            call.context,
            entry_id=call.data.get(ATTR_CONFIG_ENTRY_ID),
            areas=async_areas_of(hass, call.data.get(ATTR_SPEAKER)),
        )
        require(hass, entry, self.feature)
        caller = Caller(call.context, Door.ACTION)
        return await self.run(Call(hass, entry, entry.runtime_data, caller, call.data))


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdAction(_ServiceAction):
    """A service action that finds out itself which account it is for."""

    run: Callable[[HouseholdCall], Awaitable[JsonObjectType]]

    @override
    async def answer(self, hass: HomeAssistant, call: ServiceCall) -> JsonObjectType:
        household = async_household(hass)
        named: SpotifyHubConfigEntry | None = None
        if entry_id := call.data.get(ATTR_CONFIG_ENTRY_ID):
            named = await async_account_for(hass, call.context, entry_id=entry_id)
        caller = Caller(call.context, Door.ACTION)
        return await self.run(HouseholdCall(hass, household, caller, named, call.data))


@callback
def require(
    hass: HomeAssistant, entry: SpotifyHubConfigEntry, feature: Feature | None
) -> None:
    """See to it that a feature was granted; opens the repair that leads there if not."""
    if feature is not None and feature not in entry.runtime_data.features:
        async_open_issue(hass, entry, ScopeMissingError.key)
        raise invalid(_MISSING[feature], account=entry.title)
