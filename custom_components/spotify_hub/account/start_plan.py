"""A verified start, step by step: what to do next, given what became of it so far.

Decisions only. Whoever carries them out asks `next_step`, does what it says,
notes that in the `Situation` and asks again, until a check finds playback
`is_confirmed` or the answer is `GiveUp` or `TryFallback`. Times are seconds
since the start was asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..api.book import believable_wait
from ..api.errors import (
    CommandRefusedError,
    ConnectionFailedError,
    DeadlineExceededError,
    DeviceNotFoundError,
    InvalidAnswerError,
    NoActiveDeviceError,
    OutageError,
    PremiumRequiredError,
    RateLimitedError,
    ServerFaultError,
    SpeakerNotControllableError,
    SpotifyApiError,
)
from ..api.models import Device
from ..polling import CONFIRMATIONS
from ..speaker_book import Speaker
from . import speakers

PATIENCE = 8.0
LONGEST_PATIENCE = 120.0
# Between looks for a speaker that is not there; between looks whatever happens.
_LOOKS_APART = 4.0
_LEAST_APART = 1.0
# Checks after those that confirm every command, while no other path is left.
_CHECKS_APART = 3.0
# Whoever may wait for long (an alarm) tries both paths again after this.
_ROUNDS_APART = 12.0


class Goal(StrEnum):
    """What is to be so on the speaker.

    Something else plays (START), what was on plays on (RESUME), or it goes there
    from elsewhere, playing (MOVE) or paused.
    """

    START = "start"
    RESUME = "resume"
    MOVE = "move"
    MOVE_PAUSED = "move_paused"


class Reason(StrEnum):
    """Why nothing plays where it was asked to.

    FAILED has nothing to do with the speaker; the error says what it has to do with.
    """

    OFFLINE = "offline"
    HELD = "held_by_other_account"
    RESTRICTED = "restricted"
    PREMIUM = "premium"
    QUOTA = "quota"
    UNCONFIRMED = "unconfirmed"
    NO_SPEAKER = "no_speaker"
    AMBIGUOUS = "ambiguous"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Play:
    """Play with this device id: what is to start, or what was on."""

    device_id: str


@dataclass(frozen=True, slots=True)
class Move:
    """Transfer to this device id; `then_play` says that the start follows."""

    device_id: str
    play: bool
    then_play: bool


@dataclass(frozen=True, slots=True)
class Look:
    """Ask which devices there are."""


@dataclass(frozen=True, slots=True)
class Check:
    """Ask at this time what plays, and whether that confirms the last try."""

    at: float


@dataclass(frozen=True, slots=True)
class Wait:
    """Do nothing until then."""

    until: float


@dataclass(frozen=True, slots=True)
class TryFallback:
    """Start on the fallback speaker, with a situation of its own."""

    reason: Reason
    account: str | None = None


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Tell the caller why; `account` is who holds the speaker."""

    reason: Reason
    account: str | None = None
    error: SpotifyApiError | None = None


type Step = Play | Move | Look | Check | Wait | TryFallback | GiveUp


@dataclass(frozen=True, slots=True)
class Try:
    """A command that was answered `at`, and how often playback was checked since."""

    step: Play | Move
    at: float
    error: SpotifyApiError | None = None
    checks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """How far a start has come.

    `device` is the speaker as Spotify lists it for this account, `known_ids` and
    `restricted` are what the book remembers of it, `active` says that the account
    plays or is paused there. `looked` is when devices were asked for since the
    start. `holder` is another linked account that plays there.
    """

    goal: Goal
    elapsed: float = 0.0
    patience: float = PATIENCE
    device: Device | None = None
    known_ids: tuple[str, ...] = ()
    restricted: bool = False
    active: bool = False
    looked: float | None = None
    tries: tuple[Try, ...] = ()
    holder: str | None = None
    fallback: bool = False


_CLOSED = (RateLimitedError, OutageError)
_GONE = (DeviceNotFoundError, NoActiveDeviceError)
# The command may have done its work all the same.
_UNCERTAIN = (
    ConnectionFailedError,
    DeadlineExceededError,
    InvalidAnswerError,
    ServerFaultError,
)
_MOVES_FIRST = frozenset({Goal.MOVE, Goal.MOVE_PAUSED})


def meant(
    named: Sequence[Speaker] | None,
    *,
    active: Speaker | None,
    default: Speaker | None,
    last: Speaker | None,
    usable: Sequence[Speaker],
) -> Speaker | GiveUp:
    """Return the speaker that a start is for.

    `named` are those that what the caller named stands for; None if they named
    nothing. Among several, or without a name, it is the active one, else the
    default, else the one used last, else the only usable one.
    """
    if named is not None and len(named) == 1:
        return named[0]
    for likely in (active, default, last):
        if likely is not None and (named is None or likely in named):
            return likely
    choice = [one for one in usable if named is None or one in named]
    if len(choice) == 1:
        return choice[0]
    return GiveUp(Reason.AMBIGUOUS if named or choice else Reason.NO_SPEAKER)


def next_step(now: Situation) -> Step:
    """Return what to do next."""
    if now.tries and (step := _after(now, now.tries[-1])) is not None:
        return step
    if now.device is None:
        return _unlisted(now)
    if now.device.id is None or not speakers.takes_commands(now.device):
        return _failed(now, Reason.RESTRICTED)
    return _listed(now, now.device.id)


def _after(now: Situation, last: Try) -> Step | None:
    """Return what the last try asks for; None when it is over."""
    match last.error:
        case PremiumRequiredError() as error:
            return GiveUp(Reason.PREMIUM, error=error)
        case RateLimitedError() as error:
            reopens = last.at + believable_wait(error)
            return _until_open(now, reopens, GiveUp(Reason.QUOTA, error=error))
        case OutageError() as error:
            reopens = last.at + error.retry_after
            return _until_open(now, reopens, GiveUp(Reason.FAILED, error=error))
        case SpeakerNotControllableError() as error:
            return _failed(now, Reason.RESTRICTED, error)
        case DeviceNotFoundError() | NoActiveDeviceError():
            listed = now.device is not None and now.device.id == last.step.device_id
            return _look(now) if listed and _is_older(now.looked, last) else None
        case None | CommandRefusedError():
            return _check(now, last)
        case error if isinstance(error, _UNCERTAIN):
            return _check(now, last)
        case error:
            return GiveUp(Reason.FAILED, error=error)


def _until_open(now: Situation, reopens: float, otherwise: GiveUp) -> Step | None:
    """Wait until Spotify may be asked again, if that is soon enough."""
    if now.elapsed >= reopens:
        return None
    return Wait(reopens) if reopens <= now.patience else otherwise


def _check(now: Situation, last: Try) -> Check | None:
    """Return the next check of a try: two, or as many as there is time for.

    Even a command answered too late is looked at once.
    """
    is_last_path = len(_done(now, last.step.device_id)) % 2 == 0
    if last.checks >= len(CONFIRMATIONS) and not is_last_path:
        return None
    if last.checks == 0:
        return Check(last.at + CONFIRMATIONS[0])
    end = min(now.patience, last.at + _ROUNDS_APART)
    at = min(last.at + _check_after(last.checks), end)
    before = last.at + _check_after(last.checks - 1)
    return Check(at) if at - before >= _LEAST_APART else None


def _check_after(number: int) -> float:
    if number < len(CONFIRMATIONS):
        return CONFIRMATIONS[number]
    return CONFIRMATIONS[-1] + _CHECKS_APART * (number - len(CONFIRMATIONS) + 1)


def _unlisted(now: Situation) -> Step:
    """Look for a speaker; Spotify's list is known to leave out some that answer."""
    if now.looked is None:
        return Look()
    if now.restricted:
        return _failed(now, Reason.RESTRICTED)
    for device_id in now.known_ids[:1]:
        if not _done(now, device_id):
            return _path(now, device_id, 0)
    again = now.looked + _LOOKS_APART
    if max(again, now.elapsed) > now.patience:
        return _ended(now, Reason.OFFLINE)
    return Look() if now.elapsed >= again else Wait(again)


def _listed(now: Situation, device_id: str) -> Step:
    """Try one path, then the other; after a rest both again, if there is time."""
    done = len(_done(now, device_id))
    if done and now.elapsed >= now.patience:
        return _ended(now, Reason.UNCONFIRMED)
    if done and done % 2 == 0:
        last = now.tries[-1]
        again = last.at + _ROUNDS_APART
        if again > now.patience:
            return _ended(now, Reason.UNCONFIRMED)
        if now.elapsed < again:
            return Wait(again)
        if _is_older(now.looked, last):
            return Look()
    return _path(now, device_id, done)


def _path(now: Situation, device_id: str, number: int) -> Play | Move:
    moves = (now.goal in _MOVES_FIRST) is (number % 2 == 0)
    starts = now.goal is Goal.START
    # Music that is there already needs no moving, and paused music no waking.
    if now.goal is not Goal.MOVE_PAUSED and (not moves or (starts and now.active)):
        return Play(device_id)
    return Move(device_id, play=now.goal is not Goal.MOVE_PAUSED, then_play=starts)


def _look(now: Situation) -> Look | Wait | None:
    """Look again for a speaker that is not found, if there is time."""
    if now.looked is None:
        return Look()
    again = now.looked + _LEAST_APART
    if max(again, now.elapsed) > now.patience:
        return None
    return Look() if now.elapsed >= again else Wait(again)


def _is_older(looked: float | None, last: Try) -> bool:
    return looked is None or looked < last.at


def _done(now: Situation, device_id: str) -> list[Try]:
    """Return the tries with a device id that left for Spotify."""
    return [
        one
        for one in now.tries
        if one.step.device_id == device_id and not isinstance(one.error, _CLOSED)
    ]


def _ended(now: Situation, reason: Reason) -> TryFallback | GiveUp:
    """Say why, when nothing is left to try."""
    error = now.tries[-1].error if now.tries else None
    if isinstance(error, _UNCERTAIN):
        return GiveUp(Reason.FAILED, error=error)
    if now.holder is not None:
        return _failed(now, Reason.HELD, error)
    return _failed(now, Reason.OFFLINE if isinstance(error, _GONE) else reason, error)


def _failed(
    now: Situation, reason: Reason, error: SpotifyApiError | None = None
) -> TryFallback | GiveUp:
    """Give this speaker up."""
    account = now.holder if reason is Reason.HELD else None
    if now.fallback:
        return TryFallback(reason, account)
    return GiveUp(reason, account, error)
