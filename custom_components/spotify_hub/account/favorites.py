"""When an account's lists are copied, and how that stands."""

from datetime import datetime, timedelta
import hashlib
from pathlib import Path

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..api.client import SpotifyHubClient
from ..api.errors import SignInRequiredError, SpotifyApiError
from ..api.families import Family
from ..api.scopes import Feature
from ..const import (
    CONF_ACCOUNT_ID,
    CONF_FAVORITES,
    CONF_FEATURES,
    CONF_KEEP_DAYS,
    CONF_KINDS,
    CONF_MARKET,
    CONF_USER_ID,
    DOMAIN,
    LOGGER,
)
from ..failures import invalid
from ..favorites.entries import Kind
from ..favorites.progress import Progress
from ..favorites.source import SpotifySource
from ..favorites.status import Reason, Record, State, reason_of
from ..favorites.store import KEPT_DAYS, SnapshotFolder, folder_of
from ..favorites.sync import FavoritesSync, Finished, Settings, Tell, tell_nobody
from .jobs import BackgroundJob
from .monitor import AccountMonitor

EVENT_SYNCED = f"{DOMAIN}_favorites_synced"
EVENT_FAILED = f"{DOMAIN}_favorites_failed"

# Seconds after the start: other things come first, and accounts one after another.
SETTLED = 120.0
SPREAD = 60.0
# Once an hour is enough, unless somebody insists.
SELDOM = timedelta(hours=1)
DAILY = timedelta(days=1)
# The part of a day's requests of the kind that is left to others, hearts among them.
RESERVE = 0.25
# Within these hours of the night, by account.
FIRST_HOUR = 2
HOURS = 4


class Favorites:
    """Copies the lists of one account every day and when somebody asks for it."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        client: SpotifyHubClient,
        monitor: AccountMonitor,
        folder: SnapshotFolder,
        tell: Tell,
    ) -> None:
        """Copy into `folder`; `tell` is handed all lists after each run."""
        self.record = Record()
        self.state = State.IDLE
        self.kind = Kind.TRACKS
        self.done = self.total = 0
        self.job = BackgroundJob(
            hass, entry, "Liked Songs", self._async_work, self._async_tell
        )
        self._hass = hass
        self._entry = entry
        self.folder = folder
        self._monitor = monitor
        self._sync = FavoritesSync(
            SpotifySource(client, has_room=self._has_room),
            folder,
            hass.async_add_executor_job,
            now=dt_util.utcnow,
            heard=self._async_heard,
            tell=tell,
        )
        self._listeners: list[CALLBACK_TYPE] = []
        self._begun = False
        # From the entry's id, so that it is the same after a restart.
        digest = hashlib.sha256(entry.entry_id.encode()).digest()
        self._phase = digest[1] / 256

    @property
    def settings(self) -> Settings:
        """Return what is copied, as the account's options have it."""
        chosen = self._entry.options.get(CONF_FAVORITES, {})
        kinds = [Kind.TRACKS, *map(Kind, chosen.get(CONF_KINDS, ()))]
        if Feature.PLAYLISTS not in self._entry.data[CONF_FEATURES]:
            kinds = [kind for kind in kinds if kind is not Kind.PLAYLISTS]
        return Settings(
            kinds=tuple(kinds),
            market=chosen.get(CONF_MARKET) or self._hass.config.country,
            keep_days=int(chosen.get(CONF_KEEP_DAYS, KEPT_DAYS)),
        )

    async def async_open(self) -> None:
        """Learn what became of earlier runs."""
        self.record, self._begun = await self._hass.async_add_executor_job(self._learn)
        if self.record.reason is not None:
            self.state = State.ERROR
        elif self.record.succeeded is not None:
            self.state = State.DONE

    @callback
    def async_start(self, *, paused: bool) -> None:
        """Go on with a run that was ended, begin the first one, or wait for the day's."""
        self.job.async_pause(paused=paused)
        last, now = self.record.succeeded, dt_util.utcnow()
        if last is not None and not self._begun and now - last < DAILY:
            self._async_wait_for_night()
            return
        self.state = State.IDLE if paused else State.QUEUED
        self.job.async_run_in(SETTLED + SPREAD * self._phase)

    @callback
    def async_request(self, *, force: bool = False) -> bool:
        """Ask for a run now; False: it is one that is under way or asked for already.

        Raises:
            ServiceValidationError: background work is switched off, or the last run
                was within the hour and it is not forced.
            SignInRequiredError: the sign-in is over.
        """
        if self.job.paused:
            raise invalid("background_paused", account=self._entry.title)
        if self.state is State.SYNCING or self.job.is_running:
            return False
        if not force and self._was_lately():
            at = dt_util.as_local(self.record.began or dt_util.utcnow())
            raise invalid(
                "favorites_synced_lately", account=self._entry.title, at=f"{at:%H:%M}"
            )
        due = self.job.next_run
        self.job.async_run_in(0)
        if self.job.next_run is None:
            raise SignInRequiredError("The sign-in is over")
        self._async_show(State.QUEUED)
        return due is None or due > dt_util.utcnow()

    @callback
    def async_pause(self, *, paused: bool) -> None:
        """Hold all runs, or let one go on that was held."""
        self.job.async_pause(paused=paused)
        due = self.job.next_run
        if paused and self.state is State.QUEUED:
            self._async_show(State.IDLE)
        elif not paused and self.state is State.IDLE and due is not None:
            self._async_show(State.QUEUED)

    @callback
    def async_refresh(self) -> None:
        """Look soon what was changed from here, if background work runs at all."""
        if not self.job.is_running:
            self.job.async_run_in(0)

    @callback
    def async_add_listener(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener whenever something has changed."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def _async_work(self) -> None:
        self._async_show(State.QUEUED)
        try:
            finished = await self._sync.run(self.settings)
        except (SpotifyApiError, OSError) as err:
            await self._async_failed(err)
            raise
        except BaseException:
            # The switch of background work, or the end of the account.
            self._async_show(State.IDLE if self.job.paused else State.QUEUED)
            raise
        self._async_succeeded(finished)
        self._async_wait_for_night()

    @callback
    def _async_succeeded(self, finished: Finished) -> None:
        if self.record.reason in _DISK:
            LOGGER.warning("Liked Songs of %s are copied again", self._entry.title)
        record = self.record = finished.record
        self._async_show(State.DONE)
        self._async_fire(
            EVENT_SYNCED,
            changed=finished.changed,
            snapshot=record.snapshot,
            total=record.total,
            added=record.added,
            removed=record.removed,
        )

    async def _async_failed(self, error: SpotifyApiError | OSError) -> None:
        reason = reason_of(error)
        if reason in _DISK and self.record.reason is not reason:
            LOGGER.warning(
                "Liked Songs of %s can't be copied to %s: %s",
                self._entry.title,
                self.folder.path,
                error,
            )
        self.record = await self._hass.async_add_executor_job(
            self.folder.failed, reason
        )
        self._async_show(State.ERROR)
        self._async_fire(EVENT_FAILED, reason=reason.value)

    @callback
    def _async_wait_for_night(self) -> None:
        now = dt_util.now()
        self.job.async_run_in((next_night(now, self._phase) - now).total_seconds())

    @callback
    def _async_heard(self, kind: Kind, done: int, total: int) -> None:
        self.kind, self.done, self.total = kind, done, total
        self._async_show(State.SYNCING)

    @callback
    def _async_show(self, state: State) -> None:
        self.state = state
        self._async_tell()

    @callback
    def _async_tell(self) -> None:
        for listener in list(self._listeners):
            listener()

    @callback
    def _async_fire(self, event: str, **data: object) -> None:
        about = {"config_entry_id": self._entry.entry_id, "account": self._entry.title}
        self._hass.bus.async_fire(event, about | data)

    def _has_room(self) -> bool:
        book, now = self._monitor.book, self._monitor.now
        return book.budget_left(Family.LIBRARY, now) > RESERVE

    def _learn(self) -> tuple[Record, bool]:
        return self.folder.record(), Progress(self.folder.path).exists

    def _was_lately(self) -> bool:
        """Tell whether a run that succeeded began within the hour."""
        began, ended = self.record.began, self.record.succeeded
        if began is None or ended is None or ended < began:
            return False
        # A clock that was set back must not hold it for longer.
        return timedelta(0) <= dt_util.utcnow() - began < SELDOM


_DISK = (Reason.DISK_FULL, Reason.NOT_WRITABLE)


def next_night(now: datetime, phase: float) -> datetime:
    """Return when the day's run is due next: at night, by the account's phase (0 to 1)."""
    at = now.replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
    at += timedelta(hours=HOURS * phase)
    return at if at > now else at + DAILY


async def async_open_favorites(
    hass: HomeAssistant,
    entry: ConfigEntry,
    client: SpotifyHubClient,
    monitor: AccountMonitor,
    *,
    granted: bool,
    paused: bool,
    tell: Tell = tell_nobody,
) -> Favorites:
    """Return the copies of an account; where its library was `granted` they begin.

    `tell` is handed all lists after each run.
    """
    folder = await _async_folder_of(hass, entry)
    favorites = Favorites(hass, entry, client, monitor, folder, tell)
    await favorites.async_open()
    entry.async_on_unload(favorites.job.async_close)
    if granted:
        favorites.async_start(paused=paused)
    return favorites


async def _async_folder_of(hass: HomeAssistant, entry: ConfigEntry) -> SnapshotFolder:
    """Return where an account's copies are: by the id of Spotify's that never changes."""
    base, user_id = Path(hass.config.path(DOMAIN)), entry.data[CONF_USER_ID]
    folder = SnapshotFolder(folder_of(base, entry.data.get(CONF_ACCOUNT_ID) or user_id))
    try:
        # Before that was known they were kept by the user's name.
        await hass.async_add_executor_job(folder.adopt, folder_of(base, user_id))
    except OSError as err:
        LOGGER.warning("Copies of %s stay where they were: %s", entry.title, err)
    return folder
