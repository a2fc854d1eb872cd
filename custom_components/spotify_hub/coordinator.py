"""What is polled: playback and speakers. Errors are mapped once, in the base."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed
from homeassistant.util import dt as dt_util

from .api.book import PLAYER_BUDGET, Book
from .api.breaker import FAILURES, OUTAGE
from .api.client import SpotifyHubClient
from .api.errors import (
    OutageError,
    RateLimitedError,
    SignInError,
    SignInRequiredError,
    SpotifyApiError,
)
from .api.families import Family
from .api.models import Device
from .const import CONF_QUICK_IDLE_POLLING, DOMAIN, LOGGER
from .expectation import Expectation
from .failures import placeholders, seconds_to_wait
from .playback_state import PlaybackState, steady
from .polling import (
    CONFIRMATIONS,
    NO_TRACK_ENDS_BELOW,
    NUDGE_AFTER,
    NUDGES_APART,
    Situation,
    next_playback_poll,
    next_speakers_poll,
)

# Commands are taken, and answered with the reason, for so long after the first
# failure; then the entity counts as unavailable.
GRACE = timedelta(minutes=5)
# Failures in a row that the breaker would have opened at, had all calls failed.
FAILURES_ALONE = FAILURES + 1


@dataclass(frozen=True, slots=True)
class Trouble:
    """The latest failure, and when the first of its row came."""

    error: SpotifyApiError
    since: datetime


class SpotifyCoordinator[T](DataUpdateCoordinator[T]):
    """Polls one thing; remembers what is wrong, and since when."""

    config_entry: ConfigEntry

    # Whether its failures are logged: those of several would have one reason.
    _tells = True

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        client: SpotifyHubClient,
        name: str,
    ) -> None:
        """Poll for one entry."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=f"{entry.title} {name}",
            always_update=False,
        )
        self.client = client
        self.trouble: Trouble | None = None
        self._failures_in_row = 0

    @abstractmethod
    async def _async_fetch(self) -> T:
        """Ask Spotify; raises SpotifyApiError."""

    @override
    async def _async_update_data(self) -> T:
        """Ask Spotify, and translate what goes wrong."""
        try:
            data = await self._async_fetch()
        except SpotifyApiError as err:
            self._async_note(err)
            if isinstance(err, SignInError):
                raise ConfigEntryAuthFailed(
                    translation_domain=DOMAIN, translation_key=err.key
                ) from err
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key=err.key,
                translation_placeholders=placeholders(err),
                retry_after=seconds_to_wait(err),
            ) from err
        self._note_success()
        return data

    @property
    def signed_in(self) -> bool:
        """Return whether Spotify accepted the sign-in when it was last asked."""
        return self.trouble is None or not isinstance(self.trouble.error, SignInError)

    @property
    def answering(self) -> bool:
        """Return whether commands are taken: always but after a long or final failure."""
        match self.trouble:
            case None | Trouble(RateLimitedError()):
                return True
            case Trouble(SignInError()):
                return False
            case Trouble(since=since):
                return dt_util.utcnow() - since < GRACE

    @callback
    def _note_success(self) -> None:
        if self._failures_in_row >= FAILURES_ALONE:
            LOGGER.warning("%s can be had again", self.name)
        self.trouble, self._failures_in_row = None, 0

    def _fails_alone(self, error: SpotifyApiError) -> bool:
        """Tell, once, that this keeps failing while Spotify answers other questions."""
        if isinstance(error, OutageError) or not self._tells:
            # All of it fails: the breaker has told.
            self._failures_in_row = 0
        return self._failures_in_row == FAILURES_ALONE

    @callback
    def _async_note(self, error: SpotifyApiError) -> None:
        """Remember a failure. Only the first one of several is told by the base class."""
        before = self.trouble
        if before is not None and isinstance(before.error, RateLimitedError):
            # What was held back was no outage: the grace begins now.
            before = Trouble(before.error, dt_util.utcnow())
        if isinstance(error, OUTAGE) or not self._tells:
            # The breaker writes the line when the outage is one.
            self.last_update_success = False
            self._failures_in_row += 1
            if self._fails_alone(error):
                LOGGER.warning("%s can't be had: %s", self.name, error)
        self.trouble = Trouble(error, before.since if before else dt_util.utcnow())
        if before:
            self.async_update_listeners()


class PlaybackCoordinator(SpotifyCoordinator[PlaybackState]):
    """What the account plays, with its own commands shown before Spotify shows them."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        client: SpotifyHubClient,
        accounts: Callable[[], int],
        book: Callable[[], Book],
    ) -> None:
        """Poll for one entry.

        `accounts` tells how many share its quota, which `book` keeps.
        """
        super().__init__(hass, entry, client, "playback")
        self._accounts = accounts
        self._book = book
        self._quick_idle = bool(entry.options.get(CONF_QUICK_IDLE_POLLING))
        self.last_device: Device | None = None
        self._seen: PlaybackState | None = None
        self._expected: list[Expectation] = []
        self._confirmations: list[CALLBACK_TYPE] = []
        self._confirmed_by = 0.0
        self._nudging: CALLBACK_TYPE | None = None
        self._nudged = -NUDGES_APART
        self._look_listeners: list[Callable[[], None]] = []

    @override
    async def _async_fetch(self) -> PlaybackState:
        """Ask what plays, and decide when to ask again."""
        playback = await self.client.player.playback()
        now = dt_util.utcnow()
        since = self.data.since if self.data else now
        playing = playback is not None and playback.is_playing
        if self.data and self.data.is_playing is not playing:
            since = now
        self._seen = PlaybackState(playback, now, since)
        if playback is not None and playback.device is not None:
            self.last_device = playback.device
        self._expected = [
            expectation
            for expectation in self._expected
            if not expectation.met(playback)
        ]
        shown, book = steady(self.data, self._shown(now)), self._book()
        self.update_interval = timedelta(
            seconds=next_playback_poll(
                Situation(
                    playing=shown.is_playing,
                    unchanged=(now - shown.since).total_seconds(),
                    remaining=shown.remaining(now),
                    quick_idle=self._quick_idle,
                    accounts=self._accounts(),
                    budget_left=book.budget_left(Family.PLAYER, self.hass.loop.time()),
                    budget_learned=book.budget(Family.PLAYER) < PLAYER_BUDGET,
                )
            )
        )
        return shown

    async def async_first_look(self) -> None:
        """Look for the first time; raises as `async_config_entry_first_refresh` does.

        While Spotify is to be left alone the account is set up all the same, as
        one that plays nothing: its commands can then be answered with the reason.
        """
        try:
            await self.async_config_entry_first_refresh()
        except ConfigEntryNotReady:
            if self.trouble is None or not isinstance(
                self.trouble.error, RateLimitedError
            ):
                raise
            now = dt_util.utcnow()
            self.data = PlaybackState(None, now, now)
            wait = seconds_to_wait(self.trouble.error) or 0
            self.update_interval = timedelta(seconds=wait)

    @property
    def seen(self) -> PlaybackState | None:
        """Return what Spotify said last, with nothing that is only expected."""
        return self._seen

    @callback
    def async_add_look_listener(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call `listener` after every look, those included that confirm what is shown."""
        self._look_listeners.append(listener)
        return partial(self._look_listeners.remove, listener)

    @override
    @callback
    def _async_refresh_finished(self) -> None:
        if self.last_update_success:
            for listener in tuple(self._look_listeners):
                listener()

    @callback
    def async_expect(self, expectation: Expectation) -> None:
        """Show at once what a command will do."""
        self._expected = [
            other for other in self._expected if other.subject != expectation.subject
        ]
        self._expected.append(expectation)
        self._async_show()

    @callback
    def async_withdraw(self, expectation: Expectation) -> None:
        """Take back what a refused command would have done."""
        if expectation in self._expected:
            self._expected.remove(expectation)
            self._async_show()

    @callback
    def async_sign_in_over(self, error: SignInRequiredError) -> None:
        """Hear from elsewhere that the sign-in is over: no poll need find that out."""
        self.trouble = Trouble(error, dt_util.utcnow())
        self.last_update_success = False
        self.async_update_listeners()

    async def async_check(self, expectation: Expectation) -> bool:
        """Ask Spotify whether what is expected is so."""
        await self.async_refresh()
        seen = self._seen.playback if self._seen else None
        return self.last_update_success and expectation.met(seen)

    @callback
    def async_confirm(self) -> None:
        """Ask soon, and once more a little later, what became of a command.

        The second question is left out when the first has answered it; after it
        Spotify's word stands.
        """
        self._async_cancel_confirmations()
        first, last = CONFIRMATIONS
        self._confirmed_by = self.hass.loop.time() + last
        expected = list(self._expected)

        @callback
        def ask(_now: datetime) -> None:
            self.config_entry.async_create_background_task(
                self.hass, self.async_refresh(), f"{self.name} confirmation"
            )

        @callback
        def ask_again(now: datetime) -> None:
            left = [one for one in self._expected if one not in expected]
            if len(left) < len(self._expected):
                self._expected = left
                ask(now)

        self._confirmations = [
            async_call_later(self.hass, first, HassJob(ask, cancel_on_shutdown=True)),
            async_call_later(
                self.hass, last, HassJob(ask_again, cancel_on_shutdown=True)
            ),
        ]

    @callback
    def async_nudge(self) -> None:
        """Ask soon, for something elsewhere says that what plays has changed.

        Not while a command's own questions are to come, nor often: something that
        flaps must not use up the day's budget.
        """
        now = self.hass.loop.time()
        left = self._book().budget_left(Family.PLAYER, now)
        held = self.trouble is not None and isinstance(
            self.trouble.error, RateLimitedError
        )
        if self._nudging is not None or now < self._confirmed_by or held:
            return
        if left < NO_TRACK_ENDS_BELOW:
            return

        @callback
        def ask(_now: datetime) -> None:
            self._nudging, self._nudged = None, self.hass.loop.time()
            self.config_entry.async_create_background_task(
                self.hass, self.async_refresh(), f"{self.name} nudge"
            )

        wait = max(NUDGE_AFTER, self._nudged + NUDGES_APART - now)
        self._nudging = async_call_later(
            self.hass, wait, HassJob(ask, cancel_on_shutdown=True)
        )

    @override
    async def async_shutdown(self) -> None:
        """Ask no more."""
        self._async_cancel_confirmations()
        if self._nudging is not None:
            self._nudging()
        await super().async_shutdown()

    @callback
    def _async_cancel_confirmations(self) -> None:
        while self._confirmations:
            self._confirmations.pop()()

    @callback
    def _async_show(self) -> None:
        """Show what was seen with what is expected; the next poll stays where it is."""
        self.data = self._shown(dt_util.utcnow())
        self.async_update_listeners()

    def _shown(self, now: datetime) -> PlaybackState:
        """Return what was last seen, at this moment, with what is expected laid over it."""
        seen = self._seen
        if seen is None or seen.playback is None or not self._expected:
            return seen or PlaybackState(None, now, now)
        playback = replace(seen.playback, progress_ms=seen.progress_ms(now))
        for expectation in self._expected:
            playback = expectation.apply(playback)
        since = seen.since if seen.is_playing is playback.is_playing else now
        return PlaybackState(playback, now, since)


class SpeakersCoordinator(SpotifyCoordinator[tuple[Device, ...]]):
    """The Connect devices that Spotify lists for the account."""

    _tells = False

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        client: SpotifyHubClient,
        is_playing: Callable[[], bool],
    ) -> None:
        """Poll for one entry, more often while it plays."""
        super().__init__(hass, entry, client, "speakers")
        self._is_playing = is_playing

    @override
    async def _async_fetch(self) -> tuple[Device, ...]:
        """Ask which devices there are, and decide when to ask again."""
        devices = await self.client.player.devices()
        self.update_interval = self._interval()
        return devices

    @callback
    def async_adapt(self) -> None:
        """Hear that the account began or ceased to play: the next poll may be nearer now."""
        if (interval := self._interval()) != self.update_interval:
            self.update_interval = interval
            if self._listeners:
                self._schedule_refresh()

    def _interval(self) -> timedelta:
        return timedelta(seconds=next_speakers_poll(playing=self._is_playing()))
