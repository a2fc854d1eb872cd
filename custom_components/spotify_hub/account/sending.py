"""Sending commands: to which speaker, in which order, and what a refusal means."""

from collections.abc import Awaitable, Callable
from typing import Any

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError

from ..api.errors import (
    CommandRefusedError,
    DeviceNotFoundError,
    NoActiveDeviceError,
    PremiumRequiredError,
    SpotifyApiError,
)
from ..api.models import Device
from ..coordinator import PlaybackCoordinator, SpeakersCoordinator
from ..expectation import Expectation
from ..failures import invalid, translated
from ..linked_players import LinkedPlayer
from . import speakers
from .commands import CommandQueue
from .monitor import CommandTally
from .own_speakers import AccountSpeakers
from .premium import PremiumVerdict

# Sends a command to a device; None is the active one.
type Send = Callable[[str | None], Awaitable[None]]

# What a refusal is called when Spotify had said beforehand that it would refuse.
_WORDED = {
    "pausing": "cannot_pause_now",
    "resuming": "cannot_play_now",
    "seeking": "cannot_seek_now",
    "skipping_next": "cannot_skip_now",
    "skipping_prev": "cannot_skip_back_now",
    "toggling_repeat_context": "cannot_repeat_now",
    "toggling_shuffle": "cannot_shuffle_now",
    "transferring_playback": "cannot_transfer_now",
}


class CommandSender:
    """Sends the commands of one account's player, one after another."""

    def __init__(
        self,
        playback: PlaybackCoordinator,
        speakers_seen: SpeakersCoordinator,
        own_speakers: AccountSpeakers,
        premium: PremiumVerdict,
        tally: CommandTally,
    ) -> None:
        """Show the effect of commands on `playback`, count them in `tally`."""
        self.queue = CommandQueue()
        self._own = own_speakers
        self._playback = playback
        self._speakers = speakers_seen
        self._premium = premium
        self._tally = tally

    @property
    def sources(self) -> dict[str, Device]:
        """Return the devices that can be chosen, and the one that plays, by name."""
        listed = [
            dev
            for dev in self._speakers.data or ()
            if speakers.takes_commands(dev) and self._own.shows(dev)
        ]
        active = self.active_speaker
        if active is not None and not any(
            speakers.is_same(active, dev) for dev in listed
        ):
            listed.append(active)
        return speakers.source_names(listed)

    @property
    def active_speaker(self) -> Device | None:
        """Return the device that plays or is paused."""
        playback = self._playback.data.playback
        return playback.device if playback else None

    async def send(
        self,
        kind: str,
        send: Send,
        expectation: Expectation | None = None,
        *,
        action: str | None = None,
        device: Device | None = None,
        wakes: bool = False,
        confirm: bool = True,
    ) -> Device | None:
        """Send a command in its turn; show its effect at once, or take it back.

        It is counted as one of its `kind`; `action` is Spotify's name for it in
        `actions.disallows`. Returns the device it went to; None is the active one.
        Without `confirm` the caller sees to it what became of it: nothing is looked
        at, nor is a device that is not found looked for.
        """
        went_to = device
        if expectation is not None:
            self._playback.async_expect(expectation)
        accepted = False
        try:
            went_to = await self.queue.run(
                lambda: self._send(send, device, wakes=wakes, search=confirm)
            )
            accepted = True
        except CommandRefusedError as err:
            # Spotify refuses to pause what is paused: no harm done.
            if expectation is None or action not in {"pausing", "resuming"}:
                raise self.refusal(err, action) from err
            if not await self._playback.async_check(expectation):
                raise self.refusal(err, action) from err
            accepted = True
        except SpotifyApiError as err:
            raise self._failure(err) from err
        finally:
            self._tally.count(kind, failed=not accepted)
            if expectation is not None and not accepted:
                self._playback.async_withdraw(expectation)
        self._premium.confirmed()
        # What changes nothing that is shown (an append) needs no look.
        if expectation is not None and confirm:
            self._playback.async_confirm()
        return went_to

    async def send_by_link(
        self,
        kind: str,
        player: LinkedPlayer,
        action: str,
        expectation: Expectation,
        **data: Any,
    ) -> None:
        """Let Home Assistant's own player of the active device do what Spotify can't."""
        self._playback.async_expect(expectation)
        done = False
        try:
            await self.queue.run(lambda: player.call(action, **data))
            done = True
        finally:
            self._tally.count(kind, failed=not done)
            if not done:
                self._playback.async_withdraw(expectation)
        self._playback.async_confirm()

    async def _send(
        self, send: Send, device: Device | None, *, wakes: bool, search: bool
    ) -> Device | None:
        """Send to a device, the active one by default; find it again, or another, if need be."""
        try:
            await send(device.id if device else None)
        except NoActiveDeviceError:
            if not wakes or device is not None:
                raise
            await self.look_for_speakers()
            woken = self._speaker_to_wake()
            await send(woken.id)
            return woken
        except DeviceNotFoundError:
            if not search:
                raise
            await self.look_for_speakers()
            found = next(
                (
                    seen
                    for seen in self._speakers.data or ()
                    if device and speakers.is_same(seen, device)
                ),
                None,
            )
            if found is None or device is None or found.id == device.id:
                raise
            await send(found.id)
            return found
        return device

    async def look_for_speakers(self) -> None:
        """Ask which speakers there are now; raises why that can't be known."""
        await self._speakers.async_refresh()
        if self._speakers.trouble is not None:
            raise translated(self._speakers.trouble.error)

    def _speaker_to_wake(self) -> Device:
        default, last = self._own.default_device, self._playback.last_device
        listed = [*(self._speakers.data or ())]
        if default is not None and all(default.id != one.id for one in listed):
            listed.append(default)
        chosen = speakers.choose(listed, default, last)
        if chosen is not None:
            return chosen
        if not self.sources:
            raise invalid("no_speaker")
        raise invalid("choose_speaker", known=", ".join(self.sources))

    @callback
    def _failure(self, error: SpotifyApiError) -> HomeAssistantError:
        if isinstance(error, PremiumRequiredError):
            self._premium.refused()
            self._playback.async_update_listeners()
        return translated(error)

    def refusal(self, error: SpotifyApiError, action: str | None) -> HomeAssistantError:
        """Return the error for whoever called: worded, if Spotify had said so before."""
        playback = self._playback.data.playback
        if (
            isinstance(error, CommandRefusedError)
            and action in _WORDED
            and playback is not None
            and action in playback.disallows
        ):
            return invalid(_WORDED[action])
        return self._failure(error)
