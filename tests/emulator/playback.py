"""One user's playback, as the Web API and the user's phone both work it."""

from collections.abc import Sequence
from typing import Self

from . import clockwork
from .contexts import find
from .world import Device, Play, Player, User, World

RECENT_KEPT = 50
"""Spotify lets nobody look further back."""


class Playback:
    """Playback caught up with the clock; its methods do what they are told."""

    def __init__(self, world: World, user: User) -> None:
        """Let the time pass that has passed."""
        self._world = world
        self.user = user
        self.now_ms = world.clock.now_ms()
        self._remember(clockwork.catch_up(self.player, self.now_ms, self._duration))

    @property
    def player(self) -> Player:
        """The state itself."""
        return self.user.player

    def _duration(self, uri: str) -> int:
        item = self._world.catalogue.get(uri)
        return int(item["duration_ms"]) if item else 180_000

    def _remember(self, plays: Sequence[Play]) -> None:
        recent = self.user.recent
        for play in plays:
            recent.insert(0, play)
        del recent[RECENT_KEPT:]

    def _leave(self) -> None:
        """End the current item here and now."""
        clockwork.changed(self.player, self.now_ms)
        self._remember(clockwork.leave(self.player))

    def changed(self) -> None:
        """Note a change of state at this moment."""
        clockwork.changed(self.player, self.now_ms)

    def device(
        self, *, device_id: str | None = None, name: str | None = None
    ) -> Device | None:
        """Return the device of an id or a name."""
        for device in self.player.devices:
            if (device_id is not None and device.id == device_id) or (
                name is not None and device.name == name
            ):
                return device
        return None

    def activate(self, device: Device) -> None:
        """Move the session to a device; it goes on playing if it did."""
        if self.player.active is not device:
            self.changed()
            self.player.active = device

    def load(
        self,
        context_uri: str | None,
        uris: Sequence[str],
        start: int | None,
        position_ms: int = 0,
    ) -> Self:
        """Play something else."""
        self._leave()
        clockwork.load(self.player, context_uri, list(uris), start)
        self.player.position_ms = position_ms
        self.player.is_playing = True
        return self

    def resume(self) -> bool:
        """Go on; where nothing was on, with what was played last, if anything."""
        self.changed()
        if self.player.current_uri is None:
            if not self.user.recent:
                return False
            self._load_recent(self.user.recent[0])
        self.player.is_playing = True
        return True

    def _load_recent(self, last: Play) -> None:
        context = last.context_uri and find(self._world, self.user, last.context_uri)
        if context and last.uri in context.uris:
            start = context.uris.index(last.uri)
            self.load(context.uri, context.uris, start)
        else:
            self.load(None, [last.uri], 0)

    def pause(self) -> None:
        """Hold."""
        self.changed()
        self.player.is_playing = False

    def next(self) -> bool:
        """Skip forward and play. False where nothing follows."""
        if not clockwork.has_next(self.player):
            return False
        self._leave()
        clockwork.go_next(self.player)
        self.player.is_playing = True
        return True

    def previous(self) -> bool:
        """Skip back and play. False where nothing precedes."""
        if not clockwork.has_previous(self.player):
            return False
        self._leave()
        clockwork.go_back(self.player)
        self.player.is_playing = True
        return True

    def seek(self, position_ms: int) -> None:
        """Jump within the item; past its end the next one begins."""
        self.changed()
        self.player.position_ms = position_ms

    def set_repeat(self, state: str) -> None:
        """Repeat nothing, the track or the context."""
        self.changed()
        self.player.repeat = state

    def set_shuffle(self, *, on: bool) -> None:
        """Shuffle what follows, or put it back in order."""
        self.changed()
        clockwork.shuffle(self.player, on=on)

    def play_foreign(self, kind: str, uri: str, item: dict[str, object] | None) -> None:
        """Play what is nothing of the catalogue: an ad, a local file."""
        self._leave()
        clockwork.begin(self.player, uri)
        self.player.foreign = item
        self.player.foreign_type = kind
        self.player.is_playing = True
