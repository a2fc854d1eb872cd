"""Waking somebody once at a time of day; what was set outlives a restart."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..alarms import TOO_LATE, Alarm, Alarms, of_account
from ..api.uri import parse_uri
from ..const import LOGGER
from ..household import Household
from ..speaker_book import Speaker
from .jobs import BackgroundJob
from .moments import DAWN
from .own_speakers import AccountSpeakers
from .start import start_of
from .waking import WakeUpOperations, Waking

# How loud in percent, and in how many seconds it becomes so.
VOLUME = 30
FADE_IN = 60.0
_HALF_A_DAY = 12


class AlarmClock:
    """The alarms of one account, kept by the household."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        household: Household,
        waking: WakeUpOperations,
        speakers: AccountSpeakers,
        user_id: str,
    ) -> None:
        """Wake by `waking`, for the account of `user_id`."""
        self._hass = hass
        self._entry = entry
        self._household = household
        self._waking = waking
        self._speakers = speakers
        self._user_id = user_id
        self._job = BackgroundJob(hass, entry, "alarm clock", self._async_ring)
        self._listeners: set[Callable[[], None]] = set()

    @property
    def alarms(self) -> Alarms:
        """Return what is set, the next first."""
        return of_account(self._household.alarms, self._entry.entry_id)

    def speaker_of(self, alarm: Alarm) -> str | None:
        """Return the name of the speaker that an alarm rings on, if it is still known."""
        speaker = self._speakers.by_id(alarm.speaker)
        return speaker.name if speaker else None

    @callback
    def async_add_listener(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call `listener` whenever an alarm is set, taken back, or rings."""
        self._listeners.add(listener)
        return partial(self._listeners.discard, listener)

    @callback
    def async_start(self) -> None:
        """Go on with what was kept; to be called once."""
        self._entry.async_on_unload(self._job.async_close)
        self._await_next()

    @callback
    def set(self, at: datetime, uri: str, title: str, speaker: Speaker) -> Alarm:
        """Wake somebody at a moment, in place of what was set for this speaker.

        Raises:
            ServiceValidationError: it is nothing that plays.
        """
        start_of(parse_uri(uri), self._user_id)
        alarm = Alarm(self._entry.entry_id, speaker.id, at.timestamp(), uri, title)
        self._household.async_set_alarm(alarm)
        self._changed()
        return alarm

    @callback
    def cancel(self) -> Alarms:
        """Wake nobody; returns what was set."""
        cancelled = self.alarms
        self._household.async_remove_alarms(cancelled)
        self._changed()
        return cancelled

    @callback
    def _changed(self) -> None:
        self._await_next()
        for listener in tuple(self._listeners):
            listener()

    @callback
    def _await_next(self) -> None:
        if alarms := self.alarms:
            now = dt_util.utcnow().timestamp()
            self._job.async_run_in(max(0.0, alarms[0].at - now))

    async def _async_ring(self) -> None:
        """Wake everybody whose time it is, each on a speaker of their own."""
        now = dt_util.utcnow().timestamp()
        due = tuple(alarm for alarm in self.alarms if alarm.at <= now)
        # Whatever becomes of it, it rings once.
        self._household.async_remove_alarms(due)
        for alarm in due:
            # Waking takes a minute, in which another may be due.
            self._entry.async_create_background_task(
                self._hass, self._ring(alarm, now), f"alarm of {self._entry.title}"
            )
        self._changed()

    async def _ring(self, alarm: Alarm, now: float) -> None:
        speaker = self._speakers.by_id(alarm.speaker)
        if now - alarm.at > TOO_LATE or speaker is None:
            LOGGER.warning(
                "%s was to wake somebody at %s, but %s",
                self._entry.title,
                dt_util.as_local(dt_util.utc_from_timestamp(alarm.at)),
                "its speaker is gone" if speaker is None else "that is long ago",
            )
            return
        what = start_of(parse_uri(alarm.uri), self._user_id)
        how = Waking(volume=VOLUME, fade_in=FADE_IN)
        try:
            await self._waking.wake_up(
                what, speaker, how, fallback=self._speakers.fallback(speaker)
            )
        except HomeAssistantError as err:
            LOGGER.warning(
                "%s could not wake anybody on %s: %s",
                self._entry.title,
                speaker.name,
                err,
            )


def next_moment(
    now: datetime,
    hour: int,
    minutes: int = 0,
    half: str | None = None,
    *,
    tomorrow: bool = False,
) -> datetime:
    """Return when it is next that late, in the zone of `now`.

    `minutes` may lead before the hour or past it: half past six, a quarter to seven.
    `half` is "am" or "pm"; without it the day has 24 hours. `tomorrow` is the day after
    the one that it still is for whoever is up until five.
    """
    if half is not None:
        hour = hour % _HALF_A_DAY + (_HALF_A_DAY if half == "pm" else 0)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    wanted = midnight + timedelta(hours=hour, minutes=minutes)
    # On the clock of the wall: a day may have 23 hours.
    while (moment := wanted.replace(tzinfo=now.tzinfo)) <= now:
        wanted += timedelta(days=1)
    while (sooner := moment - timedelta(days=1)) > now:
        moment = sooner
    while tomorrow and moment.date() <= (now - DAWN).date():
        moment += timedelta(days=1)
    return moment
