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
    async_get_match_preferences,
)
from homeassistant.util.json import JsonObjectType
import voluptuous as vol

from ..account import SpotifyHubConfigEntry
from ..account.changes import Caller, Door
from ..account.wish import Enqueue
from ..api.scopes import Feature
from ..callers import async_account_for, async_account_heard, async_areas_of
from ..const import DOMAIN
from ..services.action import Action, explained
from ..services.fields import ATTR_ITEMS, ATTR_SPEAKER
from ..services.start import ATTR_ENQUEUE
from ..speaker_devices import async_area_of

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
    """The account whose music is heard."""
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
        # Language models send what they leave out as "".
        args: dict[str, Any] = self.parameters(
            {
                name: value
                for name, value in tool_input.tool_args.items()
                if not intent.is_blank_slot_value(value)
            }
        )
        offer, context = self._offer, llm_context.context or Context()
        account = args.pop(ATTR_ACCOUNT, None)
        data = offer.data(args)
        room = async_get_match_preferences(hass, llm_context).area_id
        entry = await async_account_for(
            hass,
            context,
            entry_id=_entry_called(hass, account),
            areas=(*async_areas_of(hass, data.get(ATTR_SPEAKER)), room),
        )
        plays_now = data.get(ATTR_ENQUEUE) is Enqueue.PLAY
        if plays_now and room and _is_speaker_in(hass, entry, room):
            data.setdefault(ATTR_SPEAKER, room)
        if account is not None:
            data[ATTR_CONFIG_ENTRY_ID] = entry.entry_id
        else:
            heard = async_account_heard(hass, context, entry)
            if offer.means is Means.HEARD:
                entry = heard
            elif offer.means is Means.HEARD_ITEM and heard is not entry:
                data.setdefault(ATTR_ITEMS, [heard.runtime_data.items.playing().uri])
        action = offer.action
        data = action.schema(data)
        if action.check is not None:
            action.check(data)
        with explained():
            caller = Caller(context, Door.ASSISTANT)
            answer = await action.done_for(hass, entry, caller, data)
        return ToolResult(data=offer.brief(answer))


def action_of(actions: Iterable[Action], name: str) -> Action:
    """Return the action of a name."""
    return next(action for action in actions if action.name == name)


def _entry_called(hass: HomeAssistant, title: str | None) -> str | None:
    return next(
        (
            entry.entry_id
            for entry in hass.config_entries.async_loaded_entries(DOMAIN)
            if entry.title == title
        ),
        None,
    )


def _is_speaker_in(
    hass: HomeAssistant, entry: SpotifyHubConfigEntry, area_id: str
) -> bool:
    """Tell whether a speaker that is shown stands in a room."""
    speakers = entry.runtime_data.household.speakers
    return any(
        speakers.is_shown(speaker) and async_area_of(hass, speaker) == area_id
        for speaker in speakers.book.speakers.values()
    )
