"""An account's background work: when it runs, rests, and what became of it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..api.errors import SpotifyApiError
from ..const import LOGGER
from .backoff import rest_after


class BackgroundJob:
    """One kind of background work; at most one run at a time.

    `last_result` is "ok", the key of an error, or "disk".
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        name: str,
        work: Callable[[], Awaitable[None]],
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        """Do `work`, which raises SpotifyApiError or OSError, when it is asked for.

        `ended` is called after each run, when it is known when the next one is.
        """
        self.name = name
        self.last_run: datetime | None = None
        self.last_result: str | None = None
        self.last_duration: timedelta | None = None
        self.next_run: datetime | None = None
        self.paused = False
        self._hass = hass
        self._entry = entry
        self._work = work
        self._ended = ended
        self._failures = 0
        self._rests_until: datetime | None = None
        self._stopped = False
        self._run: asyncio.Task[None] | None = None
        self._cancel: CALLBACK_TYPE | None = None

    @property
    def is_running(self) -> bool:
        """Tell whether a run is under way."""
        return self._run is not None

    @callback
    def async_run_in(self, seconds: float) -> None:
        """Run then instead of at the time set before; not before a rest is over."""
        if self._stopped:
            return
        self._async_unschedule()
        now = dt_util.utcnow()
        self.next_run = max(now + timedelta(seconds=seconds), self._rests_until or now)
        if not self.paused:
            self._async_schedule(self.next_run, now)

    @callback
    def async_pause(self, *, paused: bool) -> None:
        """Hold all runs, one under way included, or let one begin that has become due."""
        self.paused = paused
        self._async_unschedule()
        if paused and self._run is not None:
            self._run.cancel()
            self.next_run = dt_util.utcnow()
        if not paused and self.next_run is not None:
            self._async_schedule(self.next_run, dt_util.utcnow())

    @callback
    def async_close(self) -> None:
        """Run no more."""
        self._stopped = True
        self._async_unschedule()
        self.next_run = None

    @callback
    def _async_schedule(self, at: datetime, now: datetime) -> None:
        wait = max(0.0, (at - now).total_seconds())
        job = HassJob(self._async_begin, cancel_on_shutdown=True)
        self._cancel = async_call_later(self._hass, wait, job)

    @callback
    def _async_unschedule(self) -> None:
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    @callback
    def _async_begin(self, _now: datetime) -> None:
        self._cancel = self.next_run = None
        # A run that is asked for during another is that other.
        if self._run is None:
            self._run = self._entry.async_create_background_task(
                self._hass,
                self._async_run(),
                f"{self._entry.title} {self.name}",
                eager_start=False,
            )

    async def _async_run(self) -> None:
        began = dt_util.utcnow()
        try:
            await self._work()
        except (SpotifyApiError, OSError) as err:
            self._async_rest(err)
            self.last_result = err.key if isinstance(err, SpotifyApiError) else "disk"
        else:
            self._failures, self._rests_until = 0, None
            self.last_result = "ok"
        finally:
            self._run = None
            self.last_run, self.last_duration = began, dt_util.utcnow() - began
            self._ended()

    @callback
    def _async_rest(self, error: SpotifyApiError | OSError) -> None:
        """Come back later, or not before the account is signed in again."""
        self._failures += 1
        LOGGER.debug("%s of %s failed: %s", self.name, self._entry.title, error)
        rest = rest_after(error, self._failures)
        if rest is None:
            self.async_close()
            return
        self._rests_until = dt_util.utcnow() + rest
        self.async_run_in(rest.total_seconds())
