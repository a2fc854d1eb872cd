"""What tests stand on: a real Home Assistant, and an emulated Spotify over real sockets."""

import os

from tests import addresses, short_stacks

# Read once, when the integration is first imported.
os.environ["SPOTIFY_HUB_ACCOUNTS_URL"] = addresses.URL
os.environ["SPOTIFY_HUB_API_URL"] = addresses.URL

from collections.abc import AsyncIterator, Iterable, Iterator
import logging
from pathlib import Path
import time
from types import SimpleNamespace
from typing import Any, Protocol
from unittest.mock import Mock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.application_credentials import (
    ClientCredential,
    async_import_client_credential,
)
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import aiohttp_client
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.spotify_hub.account import (
    SpotifyAccount,
    favorites,
    starting,
    steering,
)
from custom_components.spotify_hub.api import transport
from custom_components.spotify_hub.api.scopes import Feature, scopes_of
from custom_components.spotify_hub.const import (
    CONF_ACCOUNT_ID,
    CONF_AUTHORIZED_AT,
    CONF_FEATURES,
    CONF_USER_ID,
    DOMAIN,
)
from tests.emulator import Emulator
from tests.frozen import until_done

short_stacks.use()

APP = "demo-client-id"

# What the archive asks its database is no news; Home Assistant's tests would show it.
logging.getLogger("sqlalchemy.engine").setLevel(logging.WARNING)


class AccountEntry(MockConfigEntry):
    """The config entry of an account."""

    runtime_data: SpotifyAccount


class Later(Protocol):
    """Lets time pass for Spotify and Home Assistant alike."""

    async def __call__(self, seconds: float) -> None:
        """Return when everything that falls due is done."""


class EntryFor(Protocol):
    """Makes the config entry of an emulated user, and adds it to Home Assistant."""

    def __call__(
        self,
        user: str = "anna",
        features: Iterable[Feature] = tuple(Feature),
        app: str = APP,
        *,
        lifetime: int = 3600,
        options: dict[str, Any] | None = None,
        **data: Any,
    ) -> AccountEntry:
        """Return it, with a token that lasts for `lifetime` and `data` laid over its own."""


class Link(Protocol):
    """Makes the config entry of an emulated user, and sets it up."""

    async def __call__(self, user: str = "anna", **how: Any) -> AccountEntry:
        """Return it; `how` are the arguments of `EntryFor`."""


@pytest.fixture(autouse=True)
def _custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant find this integration, in tests that have a Home Assistant."""
    if "recorder_mock" in request.fixturenames:
        # It has to be there before Home Assistant is.
        request.getfixturevalue("recorder_mock")
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")


@pytest.fixture(autouse=True)
def _let_go() -> Iterator[None]:
    """Let go of the test's Home Assistant, which a mock of the whole session records."""
    yield
    if isinstance(mock := aiohttp_client._async_make_resolver, Mock):
        mock.reset_mock()


@pytest.fixture
def hass_config_dir(hass_tmp_config_dir: str) -> str:
    """Give each Home Assistant a folder of its own: the archive is a file in it."""
    return hass_tmp_config_dir


@pytest.fixture(autouse=True)
def own_folder(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Let the files of this integration go to a folder of the test's own."""
    if "hass" in request.fixturenames:
        config = request.getfixturevalue("hass").config
        elsewhere = config.path

        def path(*parts: str) -> str:
            if parts[:1] == (DOMAIN,):
                return str(tmp_path.joinpath(*parts))
            return str(elsewhere(*parts))

        monkeypatch.setattr(config, "path", path)
    return tmp_path / DOMAIN


@pytest.fixture(autouse=True)
def _copies_by_hand(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let Liked Songs be copied by themselves only where a test is about that."""
    if request.node.get_closest_marker("copies") is None:
        # Longer than the clock jumps by when a test freezes it.
        monkeypatch.setattr(favorites, "SETTLED", 10**10)


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let pauses between two tries pass at once; they are listed, without jitter."""
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    async def at_once(_seconds: float) -> None:
        """Look at once whether a start has begun."""

    monkeypatch.setattr(transport, "pause", pause)
    monkeypatch.setattr(starting, "pause", at_once)
    monkeypatch.setattr(steering, "pause", at_once)
    middle = SimpleNamespace(uniform=lambda low, high: (low + high) / 2)
    monkeypatch.setattr(transport, "random", middle)
    return waited


@pytest.fixture
async def emulator(socket_enabled: None) -> AsyncIterator[Emulator]:
    """Run Spotify, at the address the integration knows."""
    async with Emulator(port=addresses.PORT) as running:
        yield running


@pytest.fixture
async def setup_credentials(hass: HomeAssistant) -> None:
    """Enter the credentials of the app that the tests use."""
    await enter_credentials(hass)


async def enter_credentials(hass: HomeAssistant, app: str = APP) -> None:
    """Enter the credentials of an app of the emulated developer dashboard."""
    assert await async_setup_component(hass, "application_credentials", {})
    secret = app.replace("-id", "-secret")
    credential = ClientCredential(app, secret, app.removesuffix("-client-id"))
    await async_import_client_credential(hass, DOMAIN, credential, app)


@pytest.fixture
def entry_for(hass: HomeAssistant, emulator: Emulator) -> EntryFor:
    """Make config entries of emulated users."""

    def make(
        user: str = "anna",
        features: Iterable[Feature] = tuple(Feature),
        app: str = APP,
        *,
        lifetime: int = 3600,
        options: dict[str, Any] | None = None,
        **data: Any,
    ) -> AccountEntry:
        features = list(features)
        who = emulator.world.users[user]
        now = time.time()
        token = emulator.grant(user, scopes_of(features), app, lifetime)
        content: dict[str, Any] = {
            "auth_implementation": app,
            "token": {**token, "expires_at": now + lifetime},
            CONF_FEATURES: [feature.value for feature in features],
            CONF_USER_ID: who.id,
            CONF_ACCOUNT_ID: who.account_id,
            CONF_AUTHORIZED_AT: now,
            **data,
        }
        entry = AccountEntry(
            domain=DOMAIN,
            title=who.display_name or who.id,
            unique_id=content[CONF_ACCOUNT_ID] or content[CONF_USER_ID],
            data=content,
            options=options,
        )
        entry.add_to_hass(hass)
        return entry

    return make


@pytest.fixture
def link(hass: HomeAssistant, entry_for: EntryFor) -> Link:
    """Link emulated users: make their config entries and set them up."""

    async def set_up(user: str = "anna", **how: Any) -> AccountEntry:
        await enter_credentials(hass, how.get("app", APP))
        entry = entry_for(user, **how)
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        return entry

    return set_up


@pytest.fixture
async def anna(link: Link) -> AccountEntry:
    """Link Anna, who has Premium, a library and several speakers."""
    return await link()


@pytest.fixture
def later(
    hass: HomeAssistant, emulator: Emulator, freezer: FrozenDateTimeFactory
) -> Later:
    """Let time pass; polls, being background tasks, are waited for."""

    async def run(seconds: float) -> None:
        freezer.tick(seconds)
        emulator.clock.advance(seconds)
        async_fire_time_changed(hass)
        await until_done(
            freezer, hass.async_block_till_done(wait_background_tasks=True)
        )

    return run


async def open_options(
    hass: HomeAssistant, entry: AccountEntry, step: str = "preferences"
) -> ConfigFlowResult:
    """Open an account's options and choose what they are about."""
    flow = hass.config_entries.options
    result = await flow.async_init(entry.entry_id)
    if result["type"] is FlowResultType.MENU:
        result = await flow.async_configure(result["flow_id"], {"next_step_id": step})
    return result
