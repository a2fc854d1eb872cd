"""Anna's account while music plays, and everything that shows how it fares."""

import asyncio
from collections.abc import Coroutine, Sequence
import logging
import time
from typing import Any, Protocol

from aiohttp import TCPConnector
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from yarl import URL

from custom_components.spotify_hub import account
from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.const import DOMAIN
from tests.conftest import AccountEntry, Later, Link
from tests.emulator import Emulator, ReceivedRequest
from tests.emulator.data import find
from tests.frozen import until_done

PLAYER = "media_player.spotify_anna"
POLL = "/me/player$"
PAUSE = "/me/player/pause$"
RECENT = "/me/player/recently-played$"

# Longer than any call may take.
PAST_EVERY_DEADLINE = 31.0
# Longer than the breaker stays open, and than a failed start waits to be repeated.
AFTER_A_FAULT = 61.0
_BREATHS = 8


async def breathe() -> None:
    """Let real sockets work for a moment while every clock stands still."""
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, time.sleep, 0.02)


class Listener:
    """Anna, who hears Kind of Blue in the kitchen again and again."""

    entry: AccountEntry

    def __init__(
        self,
        hass: HomeAssistant,
        emulator: Emulator,
        freezer: FrozenDateTimeFactory,
        later: Later,
        link: Link,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        """Let her music play."""
        self.hass = hass
        self.emulator = emulator
        # Seconds that pass again and again while somebody waits.
        self.pace = 0.0
        self._freezer = freezer
        self._later = later
        self._link = link
        self._monkeypatch = monkeypatch
        self._caplog = caplog
        self.phone = emulator.phone("anna")
        album = str(find(emulator.world, "album", "Kind of Blue")["uri"])
        self.phone.play(album, "Kitchen")
        self.phone.repeat("context")

    async def link(self) -> None:
        """Set her account up; its background job waits until a test runs it."""
        features = (Feature.CONTROL, Feature.HISTORY)
        self.entry = await self._through(self._link(features=features))
        self.hold_job()

    async def later(self, seconds: float) -> None:
        """Let time pass."""
        await self._through(self._later(seconds))

    async def pause(self) -> str | None:
        """Pause by the action; return the key of the error, None when it is accepted."""
        return await self._through(self._pause())

    async def run_job(self) -> str | None:
        """Fetch the recent plays now, and return what became of it."""
        job = self.entry.runtime_data.recent.job
        job.async_pause(paused=False)
        job.async_run_in(0)
        await self.later(0.1)
        return job.last_result

    def move_spotify(self, url: str) -> None:
        """Look for Spotify at another address."""
        self._monkeypatch.setattr(account, "SPOTIFY_API_URL", url)
        if hasattr(self, "entry") and self.entry.state is ConfigEntryState.LOADED:
            transport = self.entry.runtime_data.client.player._transport
            self._monkeypatch.setattr(transport, "_base_url", URL(url))

    @property
    def player(self) -> State:
        """What the player shows."""
        state = self.hass.states.get(PLAYER)
        assert state is not None
        return state

    @property
    def problem(self) -> str | None:
        """The reason that stands on the player."""
        problem: str | None = self.player.attributes["problem"]
        return problem

    @property
    def told(self) -> Sequence[logging.LogRecord]:
        """The lines of ours that people see in the log."""
        return [
            record
            for record in self._caplog.records
            if record.levelno >= logging.WARNING
            and record.name.startswith("custom_components")
        ]

    @property
    def has_to_sign_in(self) -> bool:
        """Whether somebody is asked to sign in again, which happens once."""
        flows = self.hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        assert [flow["context"]["source"] for flow in flows] in ([], ["reauth"])
        return bool(flows)

    def sent(self, path: str = "/v1/") -> list[ReceivedRequest]:
        """Return what Spotify was asked since the list was last begun anew."""
        return self.emulator.calls(path=path)

    def assert_told_once(self) -> None:
        """Fail unless the log holds one line of ours at most, and no traceback at all."""
        assert len(self.told) <= 1, [record.getMessage() for record in self.told]
        traces = [
            record
            for record in self._caplog.records
            if record.levelno >= logging.WARNING and record.exc_info
        ]
        assert not traces, traces[0].getMessage()

    async def assert_well(self) -> None:
        """Fail unless everything works and nothing is said to be wrong."""
        assert self.entry.state is ConfigEntryState.LOADED
        self.phone.resume()
        await self.entry.runtime_data.playback.async_refresh()
        assert self.player.state == "playing"
        assert self.problem is None
        assert await self.pause() is None
        assert not self.phone.player.is_playing
        assert await self.run_job() == "ok"
        self.hold_job()

    def hold_job(self) -> None:
        """Let no background work begin by itself."""
        if self.entry.state is ConfigEntryState.LOADED:
            self.entry.runtime_data.recent.job.async_pause(paused=True)

    async def _pause(self) -> str | None:
        try:
            await self.hass.services.async_call(
                "media_player", "media_pause", {"entity_id": PLAYER}, blocking=True
            )
        except HomeAssistantError as err:
            return err.translation_key
        return None

    async def _through[T](self, doing: Coroutine[Any, Any, T]) -> T:
        """Wait, letting time pass for whoever waits for an answer or a deadline's end."""
        if not self.pace:
            return await until_done(self._freezer, doing)
        task = asyncio.create_task(doing)
        while not task.done():
            # Time must not run away from a machine that has much else to do.
            for _ in range(_BREATHS):
                if not task.done():
                    await breathe()
            if not task.done():
                self._freezer.tick(self.pace)
        return await task


class Clocks:
    """The clock on the wall and the one that only ever runs on, as two things."""

    def __init__(
        self,
        hass: HomeAssistant,
        freezer: FrozenDateTimeFactory,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """Take the loop's clock, which freezegun moves with the other, apart from it."""
        self._freezer = freezer
        self._jumped = 0.0
        together = hass.loop.time
        monkeypatch.setattr(hass.loop, "time", lambda: together() - self._jumped)

    def jump(self, seconds: float) -> None:
        """Set the clock on the wall; Spotify's stays right."""
        self._freezer.tick(seconds)
        self._jumped += seconds


@pytest.fixture
def clocks(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, monkeypatch: pytest.MonkeyPatch
) -> Clocks:
    """Both clocks; to be asked for before anything reads them."""
    return Clocks(hass, freezer, monkeypatch)


class Elapse(Protocol):
    """Lets time pass without waiting for those who wait for their turn."""

    async def __call__(self, seconds: float) -> None:
        """Return when what can be done by then is likely done."""


@pytest.fixture
def elapse(
    hass: HomeAssistant, emulator: Emulator, freezer: FrozenDateTimeFactory
) -> Elapse:
    """Let time pass for all."""

    async def run(seconds: float) -> None:
        freezer.tick(seconds)
        emulator.clock.advance(seconds)
        async_fire_time_changed(hass)
        await breathe()

    return run


@pytest.fixture
async def offline_names(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no name of the internet be resolved."""

    async def resolve(*_: object, **__: object) -> None:
        raise OSError("Name or service not known")

    connector = async_get_clientsession(hass).connector
    assert isinstance(connector, TCPConnector)
    monkeypatch.setattr(connector._resolver, "resolve", resolve)


@pytest.fixture
async def listener(
    hass: HomeAssistant,
    emulator: Emulator,
    freezer: FrozenDateTimeFactory,
    later: Later,
    link: Link,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Listener:
    """Anna, before her account is set up."""
    return Listener(hass, emulator, freezer, later, link, monkeypatch, caplog)


@pytest.fixture
async def listening(listener: Listener) -> Listener:
    """Anna, with her account set up."""
    await listener.link()
    assert listener.player.state == "playing"
    listener.emulator.forget_requests()
    return listener
