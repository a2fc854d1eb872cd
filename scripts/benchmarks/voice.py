"""Whether what people say plays what they mean, and what that costs.

Says every sentence of tests/data/utterances.yaml to a satellite of a real Home
Assistant, whose own agent then searches and plays on the emulated Spotify.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
import logging
from statistics import median
import time

from homeassistant.components import conversation
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.emulator import Emulator
from tests.emulator.received import ReceivedRequest
from tests.emulator.records.mixed import add_mixed
from tests.utterances import GOAL, Utterance, pins, utterances

from .goals import Goal, judge, machine
from .home import endpoint
from .virtual_home import home_and_spotify, in_virtual_time, link
from .virtual_time import VirtualTimeLoop

WHO = "anna"
WHERE = "Kitchen"
# Seconds between two sentences: what was said before has long been confirmed.
PAUSE = 60.0
# Calls to Spotify until it plays.
MOST_CALLS = 2
MOST_CALLS_FOR_OWN = 1

_CONFIRMING = "GET /me/player"
# What is asked of whatever plays, however it came to play.
_FOLLOWING = frozenset(
    {
        "GET /me/library/contains",
        "GET /me/player/recently-played",
        "GET /me/tracks",
        "GET /playlists/…",
    }
)


@dataclass(frozen=True)
class Answer:
    """What became of a sentence; times are in milliseconds.

    `calls` are those that find it and let it play, `confirming` are looks at whether
    it does. `ours` is the time until the answer, without what Spotify took.
    """

    said: Utterance
    right: bool
    own: bool
    calls: Counter[str]
    confirming: int
    following: int
    ours: float
    spotifys: float


class Kitchen:
    """A satellite in a room with a speaker."""

    # Bound here: what is measured goes on while Python's clock is moved.
    _seconds = staticmethod(time.perf_counter)

    def __init__(
        self, hass: HomeAssistant, emulator: Emulator, satellite: er.RegistryEntry
    ) -> None:
        """Speak to `satellite`."""
        self._hass = hass
        self._emulator = emulator
        self._satellite = satellite

    async def say(self, one: Utterance) -> Answer:
        """Say it, and wait until everything that follows is done."""
        self._emulator.forget_requests()
        began = self._seconds()
        await conversation.async_converse(
            self._hass,
            one.text,
            None,
            Context(),
            one.language,
            device_id=self._satellite.device_id,
            satellite_id=self._satellite.entity_id,
        )
        took = self._seconds() - began
        spotifys = sum(request.took for request in self._emulator.requests)
        player = self._emulator.phone(WHO).player
        heard = player.context_uri or player.current_uri
        await asyncio.sleep(PAUSE)
        calls = Counter(_endpoints(self._emulator.requests))
        confirming = calls.pop(_CONFIRMING, 0)
        following = sum(calls.pop(name, 0) for name in _FOLLOWING)
        world = self._emulator.world
        return Answer(
            one,
            heard == one.uri(world),
            one.is_own(world, WHO),
            calls,
            confirming,
            following,
            1000 * (took - spotifys),
            1000 * spotifys,
        )


def listen(table: Sequence[Utterance]) -> list[Answer]:
    """Say everything in one home, one sentence after another."""

    async def say_all(loop: VirtualTimeLoop, folder: str) -> list[Answer]:
        async with home_and_spotify(loop, folder) as (hass, emulator):
            add_mixed(emulator.world, emulator.url)
            satellite = await _put_up_satellite(hass)
            entry = await link(hass, emulator, WHO, {})
            household = entry.runtime_data.household
            household.async_set_pins(pins(entry.entry_id))
            await asyncio.sleep(PAUSE)
            kitchen = Kitchen(hass, emulator, satellite)
            return [await kitchen.say(one) for one in table]

    return in_virtual_time(say_all)


async def _put_up_satellite(hass: HomeAssistant) -> er.RegistryEntry:
    await async_setup_component(hass, "homeassistant", {})
    await async_setup_component(hass, "conversation", {})
    entry = MockConfigEntry(domain="test")
    entry.add_to_hass(hass)
    devices = dr.async_get(hass)
    device = devices.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("test", WHERE)}
    )
    area = ar.async_get(hass).async_create(WHERE)
    devices.async_update_device(device.id, area_id=area.id)
    return er.async_get(hass).async_get_or_create(
        "assist_satellite", "test", WHERE, config_entry=entry, device_id=device.id
    )


def _endpoints(requests: Iterable[ReceivedRequest]) -> Iterable[str]:
    for one in requests:
        if one.path.startswith("/v1/"):
            yield endpoint(one.method, one.path)


def goals(answers: Sequence[Answer]) -> list[Goal]:
    """Return what is promised, with what was measured."""
    wrong = sum(not one.right for one in answers)
    own = [one.calls.total() for one in answers if one.own]
    return [
        Goal("first hits wrong, in %", 100 * wrong / len(answers), 100 * (1 - GOAL)),
        Goal(
            "calls to Spotify, median",
            median(one.calls.total() for one in answers),
            MOST_CALLS,
        ),
        Goal("calls for what is one's own, median", median(own), MOST_CALLS_FOR_OWN),
        Goal(
            "questions to the catalogue, at most",
            max(one.calls["GET /search"] for one in answers),
            1,
        ),
    ]


def run() -> bool:
    """Measure, print, and tell whether every goal is met."""
    logging.disable(logging.WARNING)
    answers = listen(utterances())
    print(f"Machine: {machine()}")
    right = sum(one.right for one in answers)
    print(f"{right} of {len(answers)} sentences play what is meant")
    _show_subjects(answers)
    _show_calls(answers)
    _show_times(answers)
    return judge(goals(answers))


def _show_subjects(answers: Sequence[Answer]) -> None:
    subjects: defaultdict[str, list[Answer]] = defaultdict(list)
    for one in answers:
        subjects[one.said.subject].append(one)
    for subject, some in subjects.items():
        print(f"  {subject:<46}{sum(one.right for one in some):>4} of {len(some):>3}")
        for one in some:
            if not one.right:
                print(f"    not so: {one.said.text}")


def _show_calls(answers: Sequence[Answer]) -> None:
    print("\nCalls to Spotify for a sentence          median    mean    most")
    own = [one for one in answers if one.own]
    others = [one for one in answers if not one.own]
    _row("to find and play what is one's own", [one.calls.total() for one in own])
    _row("to find and play anything else", [one.calls.total() for one in others])
    _row("to confirm, and see how it goes on", [one.confirming for one in answers])
    _row("about what plays (heart, name, history)", [one.following for one in answers])


def _show_times(answers: Sequence[Answer]) -> None:
    print("\nMilliseconds until the answer            median    mean    most")
    _row("here, Home Assistant's agent included", [one.ours for one in answers])
    _row("in the emulated Spotify", [one.spotifys for one in answers])


def _row(name: str, values: Sequence[float]) -> None:
    mean = sum(values) / len(values)
    print(f"  {name:<40}{median(values):>5.1f}{mean:>8.1f}{max(values):>8.1f}")
