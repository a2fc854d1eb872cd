"""An assistant with a language model, which calls tools by Home Assistant's Assist API."""

from dataclasses import dataclass
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import llm
from homeassistant.helpers.llm import LLM_API_ASSIST, APIInstance, LLMContext, ToolInput
import pytest

from custom_components.spotify_hub.const import DOMAIN
from tests.emulator import Emulator
from tests.voice.conftest import House, ben, house, rooms

__all__ = ["ben", "house", "rooms"]


@dataclass(frozen=True)
class Agent:
    """A scripted language model."""

    hass: HomeAssistant
    house: House

    async def api(
        self,
        room: str | None = "Kitchen",
        *,
        user: str | None = None,
        assistant: str = "conversation",
        api: str = LLM_API_ASSIST,
    ) -> APIInstance:
        """Return the API as somebody in a room is served it."""
        context = LLMContext(
            platform="test",
            context=Context(user_id=user),
            language="en",
            assistant=assistant,
            device_id=self.house.satellite(room) if room else None,
        )
        return await llm.async_get_api(self.hass, api, context)

    async def tools(self, **how: Any) -> dict[str, llm.Tool]:
        """Return the tools of this integration that are offered."""
        return {
            tool.name.removeprefix(f"{DOMAIN}__"): tool
            for tool in (await self.api(**how)).tools
            if tool.name.startswith(f"{DOMAIN}__")
        }

    async def call(
        self,
        tool: str,
        args: dict[str, Any] | None = None,
        *,
        room: str | None = "Kitchen",
        user: str | None = None,
    ) -> Any:
        """Call a tool and return its answer."""
        api = await self.api(room, user=user)
        result = await api.async_call_tool(ToolInput(f"{DOMAIN}__{tool}", args or {}))
        await self.hass.async_block_till_done()
        assert not result.error
        return result.data


@pytest.fixture
def agent(hass: HomeAssistant, house: House, emulator: Emulator) -> Agent:
    """An agent in a house with a kitchen and a living room."""
    emulator.forget_requests()
    return Agent(hass, house)
