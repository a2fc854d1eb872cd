"""A home with this integration, through a day in virtual time."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
import re
from typing import Any

from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from tests.emulator import Emulator

from .built_in import state_of
from .day import DAY, Step
from .lateness import Lateness
from .phones import Phones
from .virtual_home import home_and_spotify, in_virtual_time, link
from .virtual_time import VirtualTimeLoop

# isort: split
from custom_components.spotify_hub.const import CONF_QUICK_IDLE_POLLING, DOMAIN

type Action = tuple[str, Mapping[str, Any]]


@dataclass
class Observed:
    """What a household's day cost and how fresh its state was."""

    requests: Counter[str] = field(default_factory=Counter)
    lateness: defaultdict[str, Lateness] = field(
        default_factory=lambda: defaultdict(Lateness)
    )


def live(
    days: Mapping[str, Sequence[Step]],
    *,
    quick_idle: bool = False,
    times: int = 1,
    length: float = DAY,
) -> Observed:
    """Live a day of several accounts, so many times in a row; observe the last one."""
    return in_virtual_time(
        partial(_live, days=days, lengths=[length] * times, quick_idle=quick_idle)
    )


async def _live(
    loop: VirtualTimeLoop,
    folder: str,
    *,
    days: Mapping[str, Sequence[Step]],
    lengths: Sequence[float],
    quick_idle: bool,
) -> Observed:
    async with home_and_spotify(loop, folder) as (hass, emulator):
        home = Home(hass, Phones(emulator.world))
        for user in days:
            await home.link(emulator, user, {CONF_QUICK_IDLE_POLLING: quick_idle})
        begins = 0.0
        for length in lengths:
            if begins:
                # A first day holds what setting up has asked.
                emulator.forget_requests()
                home.observed = Observed()
            await asyncio.gather(
                *(home.live(steps, begins, length) for steps in days.values())
            )
            begins += length
        for one in emulator.requests:
            if one.path.startswith("/v1/"):
                home.observed.requests[endpoint(one.method, one.path)] += 1
            if one.status >= 400:
                raise RuntimeError(f"Spotify refused {one}")
    return home.observed


class Home:
    """Home Assistant with its linked accounts."""

    def __init__(self, hass: HomeAssistant, phones: Phones) -> None:
        """Watch the players' states."""
        self.observed = Observed()
        self._hass = hass
        self._phones = phones
        self._players: dict[str, str] = {}
        hass.bus.async_listen(EVENT_STATE_CHANGED, self._async_look)

    async def link(
        self, emulator: Emulator, user: str, options: dict[str, Any]
    ) -> None:
        """Set an account up."""
        entry = await link(self._hass, emulator, user, options)
        player = er.async_get(self._hass).async_get_entity_id(
            "media_player", DOMAIN, f"{entry.entry_id}_player"
        )
        if player is None:
            raise RuntimeError(f"{user} was not set up: {entry.reason}")
        self._players[player] = user

    async def live(self, steps: Sequence[Step], begins: float, length: float) -> None:
        """Do what an account's day holds, then wait for its end."""
        for step in steps:
            await _sleep_until(begins + step.at)
            if step.at_home:
                await self._command(step)
            else:
                state = state_of(self._phones, step.user)
                if step.doing != "sleep":
                    now = self._hass.loop.time()
                    self.observed.lateness[step.user].change(now, state)
                self._phones.do(step)
        await _sleep_until(begins + length)

    async def _command(self, step: Step) -> None:
        player = next(name for name, user in self._players.items() if user == step.user)
        action, data = _action(step)
        await self._hass.services.async_call(
            "media_player", action, {"entity_id": player, **data}, blocking=True
        )
        # What it has overwritten on the phone need not be seen any more.
        self._look(player)

    @callback
    def _async_look(self, event: Event[EventStateChangedData]) -> None:
        if event.data["entity_id"] in self._players:
            self._look(event.data["entity_id"])

    def _look(self, entity_id: str) -> None:
        """See whether a player shows what Spotify plays."""
        state, user = self._hass.states.get(entity_id), self._players[entity_id]
        player = self._phones.player(user)
        if state is None or player.active is None:
            return
        shown = (
            state.state == "playing",
            state.attributes.get("media_content_id"),
            round(100 * state.attributes.get("volume_level", -1)),
        )
        played = player.is_playing, player.current_uri, player.active.volume_percent
        if shown == played:
            self.observed.lateness[user].see(self._hass.loop.time())


def _action(step: Step) -> Action:
    match step.doing:
        case "volume":
            return "volume_set", {"volume_level": step.value / 100}
        case "shuffle":
            return "shuffle_set", {"shuffle": step.value % 2 == 1}
        case "next":
            return "media_next_track", {}
        case "pause":
            return "media_pause", {}
        case _:
            return "media_play", {}


def endpoint(method: str, path: str) -> str:
    """Return how requests are grouped: commands together, ids left out."""
    if method != "GET":
        return "commands"
    return f"GET {re.sub(r'/[0-9A-Za-z]{22}(?=/|$)', '/…', path).removeprefix('/v1')}"


async def _sleep_until(moment: float) -> None:
    await asyncio.sleep(moment - asyncio.get_running_loop().time())
