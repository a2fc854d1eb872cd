"""How an intent of ours is handled: for an account, answered in words."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, override

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import intent
import voluptuous as vol

from ..account import SpotifyAccount, SpotifyHubConfigEntry
from ..account.changes import Caller, Door
from ..api.errors import SpotifyApiError
from ..api.scopes import Feature
from ..archive.errors import ArchiveError
from ..failures import translated
from ..household_archive import translated as archive_failure
from ..services.action import require
from ..spoken import (
    Speech,
    async_heard_account,
    async_listener_account,
    async_own_account,
    async_room,
    async_speaker_for,
)
from .failure import async_failure
from .language import PREFIX, Language, closest
from .phrasing import Value, say

SLOT_ACCOUNT = "account"
SLOT_SPEAKER = "speaker"
TEXT = intent.non_empty_string


type Slots = Mapping[vol.Marker, Any]


class Whose(Enum):
    """Which account an intent is about."""

    OWN = auto()
    """That which shall play something."""
    HEARD = auto()
    """That whose music is heard, to be steered."""
    AUDIBLE = auto()
    """That whose music is heard, to be named: whoever hears it may know it."""
    LISTENER = auto()
    """That of whoever hears it: what is heard goes into their library."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks of an account.

    `heard` is the account whose music is heard; it is another than `entry` only where
    somebody does something with what another account plays.
    """

    hass: HomeAssistant
    said: Speech
    entry: SpotifyHubConfigEntry
    heard: SpotifyHubConfigEntry
    slots: Mapping[str, Any]

    @property
    def account(self) -> SpotifyAccount:
        """Return the account that shall do it."""
        return self.entry.runtime_data

    @property
    def music(self) -> SpotifyAccount:
        """Return the account whose music is heard."""
        return self.heard.runtime_data

    @property
    def caller(self) -> Caller:
        """Return on whose behalf it is done."""
        return Caller(self.said.context, Door.VOICE)

    @property
    def speaker(self) -> str | None:
        """Return where something shall play; see `async_speaker_for`."""
        return async_speaker_for(
            self.hass, self.said, self.entry, self.slots.get(SLOT_SPEAKER)
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: the key of a text in a language's file, and what it tells of."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountIntent:
    """An intent: `run` does it for an account, and says what came of it.

    `feature` is what the account must have granted. `asks`: it is a question, and
    nothing is changed.
    """

    name: str
    description: str
    run: Callable[[Request], Awaitable[Answer]]
    slots: Slots = field(default_factory=dict)
    whose: Whose = Whose.HEARD
    feature: Feature | None = None
    asks: bool = False


class AccountIntentHandler(intent.IntentHandler):
    """Handles one of our intents, however Home Assistant comes by it."""

    def __init__(
        self, definition: AccountIntent, languages: Mapping[str, Language]
    ) -> None:
        """Answer in one of these languages."""
        self.intent_type = PREFIX + definition.name
        self.description = definition.description
        self._definition = definition
        self._languages = languages

    @property
    @override
    def slot_schema(self) -> dict[vol.Marker, Any]:
        """Return what may be said along with it."""
        return {vol.Optional(SLOT_ACCOUNT): TEXT, **self._definition.slots}

    @override
    async def async_handle(self, intent_obj: intent.Intent) -> intent.IntentResponse:
        """Do it, and answer.

        Raises:
            IntentHandleError: it did not come about; says why.
        """
        language = closest(self._languages, intent_obj.language)
        slots = {
            name: slot["value"]
            for name, slot in self.async_validate_slots(intent_obj.slots).items()
        }
        try:
            answer = await self._run(intent_obj, slots)
        except HomeAssistantError as err:
            text = await async_failure(intent_obj.hass, language, err)
            raise intent.IntentHandleError(text) from err
        response = intent_obj.create_response()
        if self._definition.asks:
            response.response_type = intent.IntentResponseType.QUERY_ANSWER
        response.async_set_speech(self._say(language, answer))
        return response

    async def _run(self, asked: intent.Intent, slots: Mapping[str, Any]) -> Answer:
        definition, hass = self._definition, asked.hass
        room = async_room(hass, asked.device_id, asked.satellite_id)
        said = Speech(asked.context, room)
        named, speaker = slots.get(SLOT_ACCOUNT), slots.get(SLOT_SPEAKER)
        if definition.whose is Whose.OWN:
            entry = heard = await async_own_account(
                hass, said, named=named, speaker=speaker
            )
        else:
            entry = heard = await async_heard_account(
                hass,
                said,
                named=named,
                # Where something shall go is not where it is heard.
                speaker=speaker if definition.asks else None,
                steers=definition.whose is Whose.HEARD,
            )
        if definition.whose is Whose.LISTENER:
            entry = await async_listener_account(hass, said, heard, named=named)
        require(hass, entry, definition.feature)
        try:
            return await definition.run(Request(hass, said, entry, heard, slots))
        except SpotifyApiError as err:
            raise translated(err) from err
        except ArchiveError as err:
            raise archive_failure(err) from err

    def _say(self, language: Language, answer: Answer) -> str:
        """Return an answer; one that a language lacks is English."""
        if answer.key not in language.answers:
            language = closest(self._languages, "")
        return say(language.manner, language.answers[answer.key], answer.values)
