"""A real Home Assistant beside an emulated Spotify, in virtual time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
import random
import tempfile
from typing import Any
from unittest.mock import AsyncMock, patch

from freezegun import freeze_time
from homeassistant import loader
from homeassistant.components.application_credentials import (
    ClientCredential,
    async_import_client_credential,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component import patch_time
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_test_home_assistant,
)

from custom_components.spotify_hub.account import SpotifyAccount
from custom_components.spotify_hub.api.scopes import Feature, scopes_of
from custom_components.spotify_hub.const import (
    CONF_ACCOUNT_ID,
    CONF_AUTHORIZED_AT,
    CONF_FEATURES,
    CONF_USER_ID,
    DOMAIN,
)
from tests import addresses
from tests.emulator import Emulator

from .phones import make_world
from .virtual_time import VirtualTimeLoop, hold_during_requests

APP = "demo-client-id"
_RESOLVER = "homeassistant.helpers.aiohttp_client._async_make_resolver"
BEGINNING = datetime(2026, 11, 2, tzinfo=UTC)


class AccountEntry(MockConfigEntry):
    """The config entry of an account."""

    runtime_data: SpotifyAccount


def in_virtual_time[T](
    run: Callable[[VirtualTimeLoop, str], Coroutine[Any, Any, T]],
) -> T:
    """Run something on a loop whose time jumps, with a folder of its own."""
    with ExitStack() as stack:
        # Importing it makes Home Assistant's own clock one that can be frozen.
        attributes = patch_time.ha_get_module_attributes
        stack.enter_context(patch("freezegun.api._get_module_attributes", attributes))
        frozen = stack.enter_context(freeze_time(BEGINNING))

        def jumped(now: float) -> None:
            frozen.move_to(BEGINNING + timedelta(seconds=now))

        # Home Assistant staggers its timers by chance.
        random.seed(1)
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        # Home Assistant's own resolver needs zeroconf; there is no name to resolve.
        stack.enter_context(patch(_RESOLVER, lambda _: AsyncMock()))
        loop = VirtualTimeLoop(jumped)
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            return runner.run(run(loop, folder))


@asynccontextmanager
async def home_and_spotify(
    loop: VirtualTimeLoop, folder: str
) -> AsyncIterator[tuple[HomeAssistant, Emulator]]:
    """Run both, with the credentials of an app entered."""
    world = make_world(loop.time, BEGINNING.timestamp(), addresses.URL)
    async with (
        Emulator(world, port=addresses.PORT) as emulator,
        async_test_home_assistant(config_dir=folder) as hass,
    ):
        hass.data.pop(loader.DATA_CUSTOM_COMPONENTS)
        hold_during_requests(async_get_clientsession(hass), loop)
        await async_setup_component(hass, "application_credentials", {})
        credential = ClientCredential(APP, APP.replace("-id", "-secret"), "demo")
        await async_import_client_credential(hass, DOMAIN, credential, APP)
        yield hass, emulator
        await hass.async_stop(force=True)
        await hass.async_block_till_done()


async def link(
    hass: HomeAssistant, emulator: Emulator, user: str, options: dict[str, Any]
) -> AccountEntry:
    """Set an account up."""
    who, now = emulator.world.users[user], emulator.clock.now()
    token = emulator.grant(user, scopes_of(list(Feature)), APP)
    entry = AccountEntry(
        domain=DOMAIN,
        title=who.display_name or who.id,
        unique_id=who.account_id,
        # Every run the same: times of background work are made of it.
        entry_id=f"benchmark{user}",
        data={
            "auth_implementation": APP,
            "token": {**token, "expires_at": now + token["expires_in"]},
            CONF_FEATURES: [feature.value for feature in Feature],
            CONF_USER_ID: who.id,
            CONF_ACCOUNT_ID: who.account_id,
            CONF_AUTHORIZED_AT: now,
        },
        options=options,
    )
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry
