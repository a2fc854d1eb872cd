"""A tool of a language model: one of the service actions, told and answered in short."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, override

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import intent
from homeassistant.helpers.llm import (
    LLMContext,
    Tool,
    ToolAnnotations,
    ToolInput,
    ToolResult,
)
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account import SpotifyHubConfigEntry
from ..account.changes import Caller, Door
from ..account.wish import Enqueue
from ..api.scopes import Feature
from ..const import DOMAIN
from ..services.action import Action, explained
from ..services.fields import ATTR_ITEMS, ATTR_SPEAKER
from ..services.start import ATTR_ENQUEUE
from ..spoken import (
    Speech,
    async_heard_account,
    async_listener_account,
    async_own_account,
    async_room,
    async_speaker_for,
)

ATTR_ACCOUNT = "account"

READS = ToolAnnotations(read_only=True, destructive=False, idempotent=True)
# What is only known at home.
READS_HERE = ToolAnnotations(
    read_only=True, destructive=False, idempotent=True, open_world=False
)
ADDS = ToolAnnotations(destructive=False)
SETTLES = ToolAnnotations(destructive=False, idempotent=True)
TAKES_AWAY = ToolAnnotations(destructive=True, idempotent=True)


class Means(Enum):
    """What a tool means that is told neither an account nor an item."""

    CALLERS = auto()
    """The account of whoever speaks."""
    HEARD = auto()
    """The account whose music is heard, if it is theirs to steer."""
    AUDIBLE = auto()
    """The account whose music is heard, to be named: whoever hears it may know it."""
    HEARD_ITEM = auto()
    """What is heard, for the account of whoever speaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A tool for an action: how it is told, how its arguments and answers are rendered.

    `data` returns the data of the action; `brief` what a language model needs of its
    answer.
    """

    name: str
    title: str
    description: str
    action: Action
    annotations: ToolAnnotations
    brief: Callable[[JsonObjectType], JsonObjectType]
    parameters: Mapping[vol.Marker, Any] = field(default_factory=dict)
    data: Callable[[dict[str, Any]], dict[str, Any]] = dict
    means: Means = Means.CALLERS

    @property
    def feature(self) -> Feature | None:
        """Return what an account must have granted."""
        return self.action.feature


class AccountTool(Tool):
    """What a language model calls."""

    integration = DOMAIN

    def __init__(self, offer: Offer, accounts: Sequence[str]) -> None:
        """Offer it for one of several accounts, if there are several."""
        self.name = f"{DOMAIN}__{offer.name}"
        self.title = offer.title
        self.description = offer.description
        self.annotations = offer.annotations
        whose: dict[vol.Marker, Any] = {}
        if accounts:
            told = "Whose account, only if the user names one"
            whose[vol.Optional(ATTR_ACCOUNT, description=told)] = vol.In([*accounts])
        self.parameters = vol.Schema({**offer.parameters, **whose})
        self._offer = offer

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> ToolResult:
        """Do it on behalf of whoever speaks.

        Raises:
            HomeAssistantError: it was not done; says why.
            vol.Invalid: the arguments are not what the tool takes.
        """
        # Language models send what they leave out as "", or as a list of nothing.
        args: dict[str, Any] = self.parameters(
            {
                name: value
                for name, value in tool_input.tool_args.items()
                if not _is_blank(value)
            }
        )
        offer = self._offer
        account = args.pop(ATTR_ACCOUNT, None)
        data = offer.data(args)
        room = async_room(hass, llm_context.device_id)
        said = Speech(llm_context.context or Context(), room)
        entry = await self._account(hass, said, account, data)
        if data.get(ATTR_ENQUEUE) is Enqueue.PLAY:
            where = async_speaker_for(hass, said, entry, data.get(ATTR_SPEAKER))
            data |= {} if where is None else {ATTR_SPEAKER: where}
        if account is not None:
            data[ATTR_CONFIG_ENTRY_ID] = entry.entry_id
        action = offer.action
        data = action.schema(data)
        if action.check is not None:
            action.check(data)
        with explained():
            caller = Caller(said.context, Door.ASSISTANT)
            answer = await action.done_for(hass, entry, caller, data)
        return ToolResult(data=offer.brief(answer))

    async def _account(
        self,
        hass: HomeAssistant,
        said: Speech,
        named: str | None,
        data: dict[str, Any],
    ) -> SpotifyHubConfigEntry:
        """Return the account that is meant; what it hears of another comes into `data`."""
        means = self._offer.means
        if means is Means.CALLERS or (means is Means.HEARD_ITEM and ATTR_ITEMS in data):
            where = data.get(ATTR_SPEAKER)
            return await async_own_account(hass, said, named=named, speaker=where)
        heard = await async_heard_account(
            hass, said, named=named, steers=means is Means.HEARD
        )
        if means is not Means.HEARD_ITEM:
            return heard
        entry = await async_listener_account(hass, said, heard, named=named)
        if heard is not entry:
            data[ATTR_ITEMS] = [heard.runtime_data.items.playing().uri]
        return entry


def _is_blank(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(intent.is_blank_slot_value, value))
    return intent.is_blank_slot_value(value)


def action_of(actions: Iterable[Action], name: str) -> Action:
    """Return the action of a name."""
    return next(action for action in actions if action.name == name)
