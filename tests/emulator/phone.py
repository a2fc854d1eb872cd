"""A user's phone: it changes things without any app having asked."""

from datetime import UTC, datetime

from .contexts import context_type, find
from .playback import Playback
from .world import Device, Json, Player, User, World

DOINGS = frozenset(
    {
        "play",
        "pause",
        "resume",
        "next",
        "previous",
        "seek",
        "volume",
        "transfer",
        "sleep",
        "shuffle",
        "repeat",
        "queue",
        "appear",
        "vanish",
        "private",
        "like",
        "unlike",
        "play_ad",
        "play_local",
        "play_unknown",
    }
)
"""What other processes may ask of it by name."""


class Phone:
    """Spotify's own app in one user's hand; it needs neither scopes nor Premium."""

    def __init__(self, world: World, user: User) -> None:
        """Take the phone of a user."""
        self._world = world
        self._user = user

    def _playback(self) -> Playback:
        return Playback(self._world, self._user)

    @property
    def player(self) -> Player:
        """The player as it stands now."""
        return self._playback().player

    def play(self, uri: str, device: str | None = None) -> None:
        """Play a track, an episode or a context, on the device of this name."""
        playback = self._playback()
        if device is not None or playback.player.active is None:
            playback.activate(self._device(playback, device))
        if context_type(uri) is None:
            playback.load(None, [uri], 0)
            return
        context = find(self._world, self._user, uri)
        if context is None or not context.uris:
            raise LookupError(f"Nothing to play in {uri}")
        playback.load(context.uri, context.uris, None)

    @staticmethod
    def _device(playback: Playback, name: str | None) -> Device:
        if name is None:
            return playback.player.devices[0]
        device = playback.device(name=name)
        if device is None:
            raise LookupError(f"No device {name}")
        return device

    def pause(self) -> None:
        """Hold."""
        self._playback().pause()

    def resume(self) -> None:
        """Go on."""
        playback = self._playback()
        if playback.player.active is None:
            playback.activate(self._device(playback, None))
        playback.resume()

    def next(self) -> None:
        """Skip forward."""
        self._playback().next()

    def previous(self) -> None:
        """Skip back."""
        self._playback().previous()

    def seek(self, ms: int) -> None:
        """Jump within the item."""
        self._playback().seek(ms)

    def volume(self, n: int) -> None:
        """Set the volume of the active device."""
        playback = self._playback()
        playback.changed()
        if playback.player.active is not None:
            playback.player.active.volume_percent = n

    def transfer(self, device: str) -> None:
        """Move playback to the device of this name."""
        playback = self._playback()
        playback.activate(self._device(playback, device))

    def sleep(self) -> None:
        """Let the session end as it does after a while: no device is active."""
        playback = self._playback()
        playback.pause()
        playback.player.active = None

    def shuffle(self, on: bool) -> None:
        """Shuffle or not."""
        self._playback().set_shuffle(on=on)

    def repeat(self, state: str) -> None:
        """Repeat "track", "context" or "off"."""
        self._playback().set_repeat(state)

    def queue(self, uri: str) -> None:
        """Append to the queue."""
        self._playback().player.queue.append(uri)

    def appear(self, device: Device) -> None:
        """Bring a device online."""
        self._playback().player.devices.append(device)

    def vanish(self, name: str) -> None:
        """Take a device offline; a session on it ends."""
        playback = self._playback()
        device = self._device(playback, name)
        if playback.player.active is device:
            self.sleep()
        playback.player.devices.remove(device)

    def private(self, on: bool) -> None:
        """Begin or end a private session on the active device."""
        device = self._playback().player.active
        if device is not None:
            device.is_private_session = on

    def like(self, uri: str) -> None:
        """Save to the library."""
        now = datetime.fromtimestamp(self._world.clock.now(), UTC)
        shelf = self._user.saved.setdefault(self._kind(uri), {})
        older = {saved: at for saved, at in shelf.items() if saved != uri}
        shelf.clear()
        shelf[uri] = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        shelf.update(older)

    def unlike(self, uri: str) -> None:
        """Remove from the library."""
        self._user.saved.get(self._kind(uri), {}).pop(uri, None)

    def _kind(self, uri: str) -> str:
        item = self._world.catalogue.get(uri)
        return str(item["type"]) if item else uri.split(":")[1]

    def play_ad(self) -> None:
        """Hear an advertisement."""
        self._playback().play_foreign("ad", "spotify:ad:0", None)

    def play_local(self, item: Json) -> None:
        """Play a local file; its item is given whole."""
        self._playback().play_foreign("track", item["uri"], item)

    def play_unknown(self, item: Json | None = None) -> None:
        """Play what Spotify has no name for."""
        uri = str(item["uri"]) if item else "spotify:unknown:0"
        self._playback().play_foreign("unknown", uri, item)
