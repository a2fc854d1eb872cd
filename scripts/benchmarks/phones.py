"""What a day's steps do to the emulated Spotify."""

from collections.abc import Callable
from typing import override

from tests.emulator import Clock, Phone, World
from tests.emulator.data import build_world
from tests.emulator.playback import Playback
from tests.emulator.world import Player

from .day import Step

# Contexts must have enough to play for a session to be like one.
FEWEST_ENTRIES = 10


class GivenClock(Clock):
    """A clock of Spotify's that follows another one."""

    def __init__(self, seconds: Callable[[], float], epoch: float) -> None:
        """Show `epoch` plus `seconds`."""
        super().__init__()
        self._seconds = seconds
        self._epoch = epoch

    @override
    def now(self) -> float:
        """Return seconds since the epoch."""
        return self._epoch + self._seconds()


class Phones:
    """The phones of everybody in a world."""

    def __init__(self, world: World) -> None:
        """Take them all."""
        self._world = world
        self._contexts = sorted(
            playlist.uri
            for playlist in world.playlists.values()
            if not playlist.made_by_spotify and len(playlist.entries) >= FEWEST_ENTRIES
        )

    def player(self, user: str) -> Player:
        """Return what an account plays at this moment."""
        return Playback(self._world, self._world.users[user]).player

    def left(self, user: str) -> float | None:
        """Return the seconds until the current item ends; None while nothing plays."""
        player = self.player(user)
        item = self._world.catalogue.get(player.current_uri or "")
        if not player.is_playing or item is None:
            return None
        return max(0.0, (int(item["duration_ms"]) - player.position_ms) / 1000)

    def do(self, step: Step) -> None:
        """Do it on the phone, whoever does it at home."""
        phone = Phone(self._world, self._world.users[step.user])
        match step.doing:
            case "play":
                phone.play(self._contexts[step.value % len(self._contexts)])
                phone.repeat("context")
            case "volume":
                phone.volume(step.value)
            case "shuffle":
                phone.shuffle(on=step.value % 2 == 1)
            case "next":
                phone.next()
            case "pause":
                phone.pause()
            case "resume":
                phone.resume()
            case "sleep":
                phone.sleep()


def make_world(seconds: Callable[[], float], epoch: float, url: str) -> World:
    """Return the standard world on a clock that is given."""
    return build_world(GivenClock(seconds, epoch), url)
