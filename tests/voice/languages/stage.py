"""What is said in the house, what is answered, and what it changes at Spotify."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.conftest import AccountEntry, Later
from tests.emulator.faults import Fault
from tests.voice.conftest import House

USERS = ("anna", "ben")
# Seconds after which nobody is told why an earlier start failed.
FORGOTTEN = 601
# Seconds by which a position may be off.
CLOSE = 5


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, the answer to it, and what is otherwise at Spotify afterwards.

    `change` tells of "anna.speaker", "ben.likes" and so on what they become; names
    that come to a list are written with +, those that go with -. `scene` is what was
    heard before. It is said in a `room`, or typed on a phone without one, by somebody
    unknown or the `user` of an account. `fault` is what Spotify answers meanwhile.
    """

    text: str
    words: str
    change: Mapping[str, Any] = field(default_factory=dict)
    scene: str = "anna"
    room: str | None = "Kitchen"
    user: str | None = None
    fault: Fault | None = None


def plays(
    speaker: str,
    item: str,
    context: str | None = None,
    *,
    user: str = "anna",
    shuffle: bool | None = None,
) -> Mapping[str, Any]:
    """Return what becomes otherwise when something starts; see `Case.change`."""
    change = {
        "speaker": speaker,
        "playing": True,
        "item": item,
        "context": context,
        "shuffle": shuffle,
    }
    return {f"{user}.{key}": value for key, value in change.items() if value}


class Stage:
    """A house with two accounts in which sentences are tried one after another."""

    def __init__(
        self,
        house: House,
        entries: Mapping[str, AccountEntry],
        people: Mapping[str, str],
        later: Later,
    ) -> None:
        """Let people of these ids speak."""
        self.house = house
        self._entries = entries
        self._people = people
        self._later = later

    async def try_all(
        self, cases: Iterable[Case], language: str, subtests: pytest.Subtests
    ) -> None:
        """Say each sentence in its scene."""
        for case in cases:
            with subtests.test(case.text, scene=case.scene):
                await self.set(case.scene)
                before = self.state()
                if case.fault is not None:
                    self.house.emulator.faults.add(case.fault)
                said = await self.house.say(
                    case.text,
                    case.room,
                    user=self._people[case.user] if case.user else None,
                    language=language,
                )
                self.house.emulator.faults.clear()
                assert is_said(said.words, case.words)
                after, expected = self.state(), changed(before, case.change)
                assert after.keys() == expected.keys()
                otherwise = {
                    subject: value
                    for subject, value in after.items()
                    if not is_so(subject, value, expected[subject])
                }
                assert otherwise == {}

    async def set(self, scene: str) -> None:
        """Let everything be as it is at the beginning of a scene."""
        house = self.house
        for entry in self._entries.values():
            await entry.runtime_data.routines.sleep_timer.cancel()
            entry.runtime_data.routines.alarm_clock.cancel()
        # Long enough that nobody remembers what went wrong before.
        house.wait(FORGOTTEN)
        for user in self._entries:
            phone = house.emulator.phone(user)
            phone.shuffle(on=False)
            phone.repeat("off")
            phone.sleep()
            player = phone.player
            player.queue.clear()
            player.context_uri = player.current_uri = None
            player.context_uris, player.order, player.index = [], [], -1
            player.position_ms = 0
        match scene:
            case "anna":
                house.emulator.phone("anna").play(
                    house.uri("album", "Kind of Blue"), "Kitchen"
                )
            case "ben":
                house.emulator.phone("ben").play(
                    house.uri("album", "Discovery"), "Kitchen"
                )
            case "both":
                house.emulator.phone("anna").play(
                    house.uri("album", "Kind of Blue"), "Living Room TV"
                )
                house.emulator.phone("ben").play(
                    house.uri("album", "Discovery"), "Kitchen"
                )
            case "playlist":
                house.emulator.phone("anna").play(
                    self.playlist("Dinner Jazz"), "Kitchen"
                )
            case "paused":
                await self.set("anna")
                house.emulator.phone("anna").pause()
            case "episode":
                house.emulator.phone("anna").play(
                    house.uri("episode", "130: Bookbinding"), "Kitchen"
                )
        await house.look(*self._entries.values())

    def playlist(self, name: str) -> str:
        """Return the URI of a playlist."""
        mixes = self.house.emulator.world.playlists.values()
        return next(mix.uri for mix in mixes if mix.name == name)

    def state(self) -> dict[str, Any]:
        """Return what is so at Spotify, by user and subject."""
        world = self.house.emulator.world
        names = {uri: str(item["name"]) for uri, item in world.catalogue.items()}
        names |= {mix.uri: mix.name for mix in world.playlists.values()}
        return {
            f"{user}.{subject}": value
            for user in USERS
            for subject, value in self._state(user, names).items()
        }

    def _state(self, user: str, names: Mapping[str, str]) -> dict[str, Any]:
        world = self.house.emulator.world
        who, player = world.users[user], self.house.emulator.phone(user).player
        own = [mix for mix in world.playlists.values() if mix.owner == user]
        timer = self._entries[user].runtime_data.routines.sleep_timer.timer
        alarms = self._entries[user].runtime_data.routines.alarm_clock.alarms

        def named(uris: Iterable[str | None]) -> tuple[str | None, ...]:
            return tuple(names.get(uri, uri) if uri else None for uri in uris)

        item, context = named((player.current_uri, player.context_uri))
        return {
            "speaker": player.active.name if player.active else None,
            "playing": player.is_playing,
            "item": item,
            "context": context,
            "position": round(player.position_ms / 1000),
            "shuffle": player.shuffle,
            "repeat": player.repeat,
            "queue": named(player.queue),
            "likes": frozenset(named(who.saved.get("track", ()))),
            "albums": frozenset(named(who.saved.get("album", ()))),
            **{mix.name: named(entry.uri for entry in mix.entries) for mix in own},
            "sleep timer": timer is not None,
            "alarms": frozenset(alarm.title for alarm in alarms),
        }


def is_said(words: str, expected: str) -> bool:
    """Tell whether these words were expected; what stands for … may be anything."""
    begin, dots, end = expected.partition("…")
    return (
        words == begin if not dots else words.startswith(begin) and words.endswith(end)
    )


def is_so(subject: str, value: Any, expected: Any) -> bool:
    """Tell whether something is as expected; music goes on while somebody speaks."""
    if subject.endswith(".position"):
        return bool(abs(value - expected) <= CLOSE)
    return bool(value == expected)


def changed(before: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return a state with what is otherwise: see `Case`."""
    after = dict(before)
    for subject, value in change.items():
        former = after[subject]
        match former, value:
            case frozenset(), str():
                name = frozenset({value[1:]})
                after[subject] = former | name if value[0] == "+" else former - name
            case tuple(), str():
                after[subject] = (*former, value[1:])
            case _:
                after[subject] = value
    return after
