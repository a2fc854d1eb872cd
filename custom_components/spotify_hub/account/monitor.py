"""What became of an account's requests and commands, for people to see."""

from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from ..api.book import Book, Closed
from ..api.breaker import Breaker
from ..api.errors import SpotifyApiError
from ..api.families import Family, family_of
from ..api.ledger import LedgerGate
from ..api.request import Lane, Request
from ..coordinator import PlaybackCoordinator

KEPT_OUTCOMES = 50
# Several outcomes within this time are told once.
TELL_DELAY = 1.0

type OutcomeListener = Callable[[SpotifyApiError | None], None]


class ApiHealth(StrEnum):
    """How an account stands with Spotify, worst first."""

    SIGN_IN = "sign_in"
    OUTAGE = "outage"
    QUOTA = "quota"
    RATE_LIMITED = "rate_limited"
    OK = "ok"


def assess(
    *, signed_in: bool, reachable: bool, deadlines: Mapping[Family | None, Closed]
) -> ApiHealth:
    """Return the worst of what is wrong."""
    if not signed_in:
        return ApiHealth.SIGN_IN
    if not reachable:
        return ApiHealth.OUTAGE
    if any(closed.quota for closed in deadlines.values()):
        return ApiHealth.QUOTA
    return ApiHealth.RATE_LIMITED if deadlines else ApiHealth.OK


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request: `result` is "ok" or the key of an error."""

    at: datetime
    method: str
    family: Family
    lane: Lane
    result: str


class CommandTally:
    """Commands of today, by kind; begins anew at midnight."""

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        """Begin at nothing; call `changed` after each command."""
        self._changed = changed
        self._tried: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._day: date | None = None

    def count(self, kind: str, *, failed: bool) -> None:
        """Count a command."""
        self._turn_page()
        self._tried[kind] += 1
        if failed:
            self._failed[kind] += 1
        self._changed()

    @property
    def tried(self) -> Counter[str]:
        """Return the commands that were tried today."""
        self._turn_page()
        return self._tried

    @property
    def failed(self) -> Counter[str]:
        """Return those of them that failed."""
        self._turn_page()
        return self._failed

    def _turn_page(self) -> None:
        if (today := dt_util.now().date()) != self._day:
            self._day = today
            self._tried.clear()
            self._failed.clear()


class AccountMonitor:
    """The account's gate, with an eye on what passes; see `api.transport.Gate`."""

    def __init__(self, hass: HomeAssistant, gate: LedgerGate, breaker: Breaker) -> None:
        """Watch what passes this gate, beside this breaker."""
        self._hass = hass
        self._gate = gate
        self._breaker = breaker
        self._playback: PlaybackCoordinator | None = None
        self._listeners: list[CALLBACK_TYPE] = []
        self._outcome_listeners: list[OutcomeListener] = []
        self._telling: CALLBACK_TYPE | None = None
        self._waking: CALLBACK_TYPE | None = None
        self.outcomes: deque[Outcome] = deque(maxlen=KEPT_OUTCOMES)
        self.last_error: Outcome | None = None
        self.commands = CommandTally(self.async_changed)

    @callback
    def async_follow(self, playback: PlaybackCoordinator) -> CALLBACK_TYPE:
        """Hear from its polls whether the account is signed in."""
        self._playback = playback
        return playback.async_add_listener(self.async_changed)

    @property
    def book(self) -> Book:
        """Return the book that the account's requests are counted in."""
        return self._gate.book

    @property
    def deadlines(self) -> dict[Family | None, Closed]:
        """Return the deadlines that hold the account; None stands for all families."""
        return self.book.deadlines(self.now)

    @property
    def health(self) -> ApiHealth:
        """Return how the account stands with Spotify."""
        return assess(
            signed_in=self._playback is None or self._playback.signed_in,
            reachable=self._breaker.opens_again is None,
            deadlines=self.deadlines,
        )

    @property
    def resumes_at(self) -> datetime | None:
        """Return when nothing will hold the account any more; None when nothing does."""
        return self._moment(max(waits)) if (waits := self._waits()) else None

    @property
    def quota_until(self) -> datetime | None:
        """Return until when Spotify's quota is used up, of whatever family."""
        ends = [closed.until for closed in self.deadlines.values() if closed.quota]
        return self._moment(max(ends) - self.now) if ends else None

    @property
    def now(self) -> float:
        """Return the time as the account's book counts it."""
        return self._hass.loop.time()

    @staticmethod
    def _moment(seconds: float) -> datetime:
        """Return the time in so many seconds, to the full second and not too early."""
        return (dt_util.utcnow() + timedelta(seconds=seconds + 1)).replace(
            microsecond=0
        )

    async def admit(self, request: Request) -> None:
        """Wait for a place."""
        await self._gate.admit(request)

    @callback
    def record(self, request: Request, error: SpotifyApiError | None) -> None:
        """Hear the outcome of a request that was sent."""
        self._gate.record(request, error)
        outcome = Outcome(
            dt_util.utcnow(),
            request.method,
            family_of(request.method, request.path),
            request.lane,
            error.key if error else "ok",
        )
        self.outcomes.append(outcome)
        if error is not None:
            self.last_error = outcome
        for listener in list(self._outcome_listeners):
            listener(error)
        self.async_changed()

    @callback
    def async_add_listener(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call a listener, a moment later, whenever something has changed."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def async_add_outcome_listener(self, listener: OutcomeListener) -> CALLBACK_TYPE:
        """Call a listener at once with each outcome: the error, or None for success."""
        self._outcome_listeners.append(listener)
        return lambda: self._outcome_listeners.remove(listener)

    @callback
    def async_changed(self) -> None:
        """Tell the listeners soon, if there are any."""
        if self._listeners and self._telling is None:
            job = HassJob(self._tell, cancel_on_shutdown=True)
            self._telling = async_call_later(self._hass, TELL_DELAY, job)

    @callback
    def async_close(self) -> None:
        """Tell nobody any more."""
        self._async_cancel()

    @callback
    def _tell(self, _now: datetime) -> None:
        """Tell the listeners, and again when the first thing that holds the account ends."""
        self._async_cancel()
        for listener in list(self._listeners):
            listener()
        if self._listeners and (waits := self._waits()):
            job = HassJob(self._tell, cancel_on_shutdown=True)
            self._waking = async_call_later(self._hass, min(waits), job)

    @callback
    def _async_cancel(self) -> None:
        for cancel in (self._telling, self._waking):
            if cancel is not None:
                cancel()
        self._telling = self._waking = None

    def _waits(self) -> list[float]:
        """Return in how many seconds each thing that holds the account lets go."""
        waits = [closed.until - self.now for closed in self.deadlines.values()]
        if again := self._breaker.opens_again:
            waits.append(again)
        return waits
