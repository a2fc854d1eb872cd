"""A whole conversation: a language model that hears, calls tools, and answers."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, override

from homeassistant.components import conversation
from homeassistant.components.conversation import (
    AssistantContent,
    ChatLog,
    ConversationEntity,
    ConversationInput,
    ConversationResult,
)
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.entity_component import DATA_INSTANCES
from homeassistant.helpers.llm import LLM_API_ASSIST, ToolInput
import pytest

from custom_components.spotify_hub.const import DOMAIN
from tests.conftest import AccountEntry
from tests.emulator import Emulator

from .conftest import Agent

type Turn = Callable[[list[Any]], list[ToolInput] | str]


class ScriptedModel(ConversationEntity):
    """A language model whose every turn is written: tools to call, then words."""

    _attr_name = "Scripted model"
    _attr_unique_id = "scripted"

    def __init__(self, turns: Sequence[Turn]) -> None:
        """Take turns: each is handed the answers of the tools so far."""
        self._turns = turns
        self.prompt = ""

    @property
    @override
    def supported_languages(self) -> list[str] | Literal["*"]:
        """Return that it knows every language."""
        return "*"

    @override
    async def _async_handle_message(
        self, user_input: ConversationInput, chat_log: ChatLog
    ) -> ConversationResult:
        """Go through the turns."""
        await chat_log.async_provide_llm_data(
            user_input.as_llm_context("test"), LLM_API_ASSIST
        )
        system = chat_log.content[0]
        self.prompt = getattr(system, "content", "")
        answers: list[Any] = []
        for turn in self._turns:
            said = turn(answers)
            content = (
                AssistantContent(agent_id=self.entity_id, content=said)
                if isinstance(said, str)
                else AssistantContent(agent_id=self.entity_id, tool_calls=said)
            )
            results = chat_log.async_add_assistant_content(content)
            answers += [result.result async for result in results]
        return conversation.async_get_result_from_chat_log(user_input, chat_log)


def asks(tool: str, **args: Any) -> Turn:
    """Return a turn that calls a tool."""
    return lambda _: [ToolInput(f"{DOMAIN}__{tool}", args)]


async def say(
    hass: HomeAssistant, agent: Agent, text: str, *turns: Turn
) -> tuple[str, str]:
    """Say something to the kitchen; returns the answer, and what the model was told."""
    model = ScriptedModel(turns)
    component = hass.data[DATA_INSTANCES][conversation.DOMAIN]
    await component.async_add_entities([model])
    result = await conversation.async_converse(
        hass,
        text,
        None,
        Context(),
        "en",
        agent_id=model.entity_id,
        device_id=agent.house.satellite("Kitchen"),
    )
    await hass.async_block_till_done()
    return result.response.speech["plain"]["speech"], model.prompt


async def test_music_is_found_played_and_liked(
    hass: HomeAssistant, agent: Agent, emulator: Emulator
) -> None:
    """In the room of the satellite; the answer is made of what the tools say."""

    def like(answers: list[Any]) -> list[ToolInput]:
        assert answers[0].data["confirmed"]
        return [ToolInput(f"{DOMAIN}__like", {"items": ""})]

    def answer(answers: list[Any]) -> str:
        played, liked = (one.data for one in answers)
        item, count = played["item"], liked["changed"] + liked["were_so_already"]
        return f"{item['name']} by {item['by']} in {played['speaker']}, {count} liked"

    words, prompt = await say(
        hass,
        agent,
        "put on so what by miles davis and like it",
        asks("play", query="so what by miles davis", kind="track"),
        like,
        answer,
    )
    assert words == "So What by Miles Davis in Kitchen, 1 liked"
    assert "spotify_hub__play needs no search" in prompt
    uri = agent.house.uri("track", "So What")
    assert agent.house.on("anna").item == uri
    assert uri in emulator.world.users["anna"].saved["track"]


@pytest.mark.parametrize(
    ("turn", "reason"),
    [
        (asks("play", query="zzz qqq"), "zzz qqq"),
        (asks("play", query="x", when="tomorrow"), "when"),
        (asks("move", speaker="garage"), "Living Room TV"),
    ],
)
async def test_a_tool_that_fails_says_why_and_the_model_may_go_on(
    hass: HomeAssistant, agent: Agent, turn: Turn, reason: str
) -> None:
    """In words, as an error."""

    def answer(answers: list[Any]) -> str:
        assert answers[-1].error
        return str(answers[-1].data["error_text"])

    words, _ = await say(hass, agent, "do it", turn, answer)
    assert reason in words


async def test_several_accounts_are_told_apart(
    hass: HomeAssistant, agent: Agent, anna: AccountEntry, ben: AccountEntry
) -> None:
    """The prompt names them, and the model names one."""
    words, prompt = await say(
        hass,
        agent,
        "play ben's music",
        asks("play", query="nevermind", account="ben"),
        lambda answers: str(answers[0].data["item"]["name"]),
    )
    assert words == "Nevermind"
    assert 'Accounts: "Anna", "ben".' in prompt
    assert agent.house.on("ben").playing
    assert not agent.house.on("anna").playing
