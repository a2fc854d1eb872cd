"""What a verified start does next."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.spotify_hub.account.start_plan import (
    LONGEST_PATIENCE,
    PATIENCE,
    Check,
    GiveUp,
    Goal,
    Look,
    Move,
    Play,
    Reason,
    Situation,
    Step,
    Try,
    TryFallback,
    Wait,
    meant,
    next_step,
)
from custom_components.spotify_hub.api.errors import (
    CommandRefusedError,
    DeviceNotFoundError,
    NotFoundError,
    OutageError,
    PremiumRequiredError,
    QuotaExceededError,
    RateLimitedError,
    ServerFaultError,
    SignInRequiredError,
    SpeakerNotControllableError,
    SpotifyApiError,
)
from custom_components.spotify_hub.api.models import Device
from custom_components.spotify_hub.speaker_book import Speaker

KITCHEN = Device("k", "Kitchen", "Speaker")
SONOS = Device(None, "Bedroom", "Speaker", is_restricted=True)
PLAY = Play("k")
GONE = DeviceNotFoundError("Device not found")
REFUSED = CommandRefusedError("Restriction violated", "UNKNOWN")
FAULT = ServerFaultError("502")
LIMITED = RateLimitedError("429", 3.0)
QUOTA = QuotaExceededError("429", 3600.0)
OUTAGE = OutageError("down", 2.0)
PREMIUM = PremiumRequiredError("Premium required")
RESTRICTED = SpeakerNotControllableError("no", "DEVICE_NOT_CONTROLLABLE")
UNKNOWN = NotFoundError("Resource not found")
SIGN_IN = SignInRequiredError("invalid_grant")
FIRST_MOVE = Move("k", play=True, then_play=True)

LISTED = Situation(goal=Goal.START, device=KITCHEN)
UNLISTED = Situation(goal=Goal.START)
ALARM = replace(LISTED, patience=LONGEST_PATIENCE)


def tried(situation: Situation, *tries: Try, elapsed: float | None = None) -> Situation:
    """Return the situation after these tries, at once after the last one."""
    return replace(situation, tries=tries, elapsed=elapsed or tries[-1].at)


ONCE = Try(PLAY, 0.5, checks=2)
TWICE = Try(FIRST_MOVE, 4.0, checks=3)


@pytest.mark.parametrize(
    ("situation", "step"),
    [
        # One path, then the other.
        (LISTED, PLAY),
        (tried(LISTED, Try(PLAY, 0.5)), Check(1.2)),
        (tried(LISTED, Try(PLAY, 0.5, checks=1)), Check(3.0)),
        (tried(LISTED, ONCE), FIRST_MOVE),
        (tried(replace(LISTED, active=True), ONCE), PLAY),
        (tried(LISTED, ONCE, Try(FIRST_MOVE, 4.0)), Check(4.7)),
        (tried(LISTED, ONCE, Try(FIRST_MOVE, 4.0, checks=1)), Check(6.5)),
        (tried(LISTED, ONCE, Try(FIRST_MOVE, 4.0, checks=2)), Check(8.0)),
        (tried(LISTED, ONCE, TWICE), GiveUp(Reason.UNCONFIRMED)),
        (tried(LISTED, Try(PLAY, 9.0)), Check(9.7)),
        (tried(LISTED, Try(PLAY, 9.0, checks=1)), GiveUp(Reason.UNCONFIRMED)),
        # A refusal may say that it is so already.
        (tried(LISTED, Try(PLAY, 0.5, REFUSED)), Check(1.2)),
        (tried(LISTED, Try(PLAY, 0.5, REFUSED, checks=2)), FIRST_MOVE),
        (
            tried(LISTED, ONCE, replace(TWICE, error=REFUSED)),
            GiveUp(Reason.UNCONFIRMED, error=REFUSED),
        ),
        # Other goals.
        (replace(LISTED, goal=Goal.RESUME), PLAY),
        (
            tried(replace(LISTED, goal=Goal.RESUME, active=True), ONCE),
            Move("k", play=True, then_play=False),
        ),
        (replace(LISTED, goal=Goal.MOVE), Move("k", play=True, then_play=False)),
        (
            tried(replace(LISTED, goal=Goal.MOVE), replace(ONCE, step=FIRST_MOVE)),
            PLAY,
        ),
        (
            tried(replace(LISTED, goal=Goal.MOVE_PAUSED), ONCE),
            Move("k", play=False, then_play=False),
        ),
        # The id has changed since Spotify listed it.
        (tried(LISTED, Try(PLAY, 0.5, GONE)), Look()),
        (tried(replace(LISTED, looked=0.4), Try(PLAY, 0.5, GONE)), Wait(1.4)),
        (
            tried(
                replace(LISTED, device=replace(KITCHEN, id="k2")), Try(PLAY, 0.5, GONE)
            ),
            Play("k2"),
        ),
        (tried(replace(LISTED, looked=0.6), Try(PLAY, 0.5, GONE)), FIRST_MOVE),
        (
            tried(
                replace(LISTED, looked=1.4),
                Try(PLAY, 0.5, GONE),
                Try(FIRST_MOVE, 1.0, GONE),
            ),
            GiveUp(Reason.OFFLINE, error=GONE),
        ),
        # Not listed.
        (UNLISTED, Look()),
        (replace(UNLISTED, looked=0.2, elapsed=0.2), Wait(4.2)),
        (replace(UNLISTED, looked=0.2, elapsed=4.2), Look()),
        (replace(UNLISTED, looked=4.4, elapsed=4.4), GiveUp(Reason.OFFLINE)),
        (
            replace(UNLISTED, looked=4.4, elapsed=4.4, patience=60.0),
            Wait(8.4),
        ),
        (
            replace(UNLISTED, looked=4.4, holder="ben"),
            GiveUp(Reason.HELD, account="ben"),
        ),
        (
            replace(UNLISTED, looked=4.4, holder="ben", fallback=True),
            TryFallback(Reason.HELD, account="ben"),
        ),
        (replace(UNLISTED, looked=0.2, known_ids=("k", "j")), PLAY),
        (
            tried(
                replace(UNLISTED, looked=0.2, known_ids=("k",)), Try(PLAY, 0.5, GONE)
            ),
            Wait(4.2),
        ),
        # Held: listed, but what was sent changed nothing here.
        (
            tried(replace(LISTED, holder="ben"), ONCE, TWICE),
            GiveUp(Reason.HELD, account="ben"),
        ),
        # Restricted.
        (replace(LISTED, device=SONOS), GiveUp(Reason.RESTRICTED)),
        (replace(UNLISTED, restricted=True), Look()),
        (replace(UNLISTED, restricted=True, looked=0.2), GiveUp(Reason.RESTRICTED)),
        (replace(LISTED, restricted=True), PLAY),
        (
            tried(LISTED, Try(PLAY, 0.5, RESTRICTED)),
            GiveUp(Reason.RESTRICTED, error=RESTRICTED),
        ),
        (
            tried(replace(LISTED, fallback=True), Try(PLAY, 0.5, RESTRICTED)),
            TryFallback(Reason.RESTRICTED),
        ),
        # What no speaker mends.
        (
            tried(replace(LISTED, fallback=True), Try(PLAY, 0.5, PREMIUM)),
            GiveUp(Reason.PREMIUM, error=PREMIUM),
        ),
        (tried(LISTED, Try(PLAY, 0.5, UNKNOWN)), GiveUp(Reason.FAILED, error=UNKNOWN)),
        (tried(LISTED, Try(PLAY, 0.5, SIGN_IN)), GiveUp(Reason.FAILED, error=SIGN_IN)),
        (tried(ALARM, Try(PLAY, 0.5, QUOTA)), GiveUp(Reason.QUOTA, error=QUOTA)),
        (tried(LISTED, Try(PLAY, 6.0, LIMITED)), GiveUp(Reason.QUOTA, error=LIMITED)),
        (tried(LISTED, Try(PLAY, 7.0, OUTAGE)), GiveUp(Reason.FAILED, error=OUTAGE)),
        # What passes in time: the same again.
        (tried(LISTED, Try(PLAY, 0.5, LIMITED)), Wait(3.5)),
        (tried(LISTED, Try(PLAY, 0.5, LIMITED), elapsed=3.5), PLAY),
        (tried(LISTED, Try(PLAY, 0.5, OUTAGE)), Wait(2.5)),
        # A command without an answer may have arrived.
        (tried(LISTED, Try(PLAY, 0.5, FAULT)), Check(1.2)),
        (tried(LISTED, Try(PLAY, 0.5, FAULT, checks=2)), FIRST_MOVE),
        (
            tried(LISTED, Try(PLAY, 9.0, FAULT, checks=1)),
            GiveUp(Reason.FAILED, error=FAULT),
        ),
        # An alarm goes on, with a rest between rounds, and looks anew.
        (tried(ALARM, ONCE, replace(TWICE, checks=2)), Check(9.5)),
        (tried(ALARM, ONCE, replace(TWICE, checks=5), elapsed=15.5), Wait(16.0)),
        (tried(ALARM, ONCE, replace(TWICE, checks=5), elapsed=16.0), Look()),
        (
            tried(
                replace(ALARM, looked=16.1),
                ONCE,
                replace(TWICE, checks=5),
                elapsed=16.2,
            ),
            PLAY,
        ),
    ],
)
def test_the_next_step_follows_from_what_happened(
    situation: Situation, step: Step
) -> None:
    """The plan, row by row."""
    assert next_step(situation) == step


A, B, C = (Speaker(one, one, "Speaker") for one in "abc")


@pytest.mark.parametrize(
    ("named", "active", "default", "last", "usable", "found"),
    [
        ([A], B, B, B, [], A),
        ([A, B], B, None, None, [], B),
        ([A, B], C, A, B, [], A),
        ([A, B], C, C, B, [], B),
        ([A, B], C, C, C, [B, C], B),
        ([A, B], None, None, None, [A, B], GiveUp(Reason.AMBIGUOUS)),
        ([A, B], None, None, None, [], GiveUp(Reason.AMBIGUOUS)),
        ([], A, A, A, [A], GiveUp(Reason.NO_SPEAKER)),
        (None, A, B, C, [C], A),
        (None, None, B, C, [C], B),
        (None, None, None, C, [A], C),
        (None, None, None, None, [A], A),
        (None, None, None, None, [A, B], GiveUp(Reason.AMBIGUOUS)),
        (None, None, None, None, [], GiveUp(Reason.NO_SPEAKER)),
    ],
)
def test_which_speaker_is_meant(
    named: list[Speaker] | None,
    active: Speaker | None,
    default: Speaker | None,
    last: Speaker | None,
    usable: list[Speaker],
    found: Speaker | GiveUp,
) -> None:
    """What was named, else where music is, else the default, the last, the only one."""
    assert (
        meant(named, active=active, default=default, last=last, usable=usable) == found
    )


@dataclass
class World:
    """Spotify and somebody who carries the plan out; nothing is ever confirmed."""

    now: Situation
    takes: Callable[[], float]
    answer: Callable[[], SpotifyApiError | None]
    listed: Callable[[], Device | None]
    steps: list[tuple[float, Step]] = field(default_factory=list)

    def run(self) -> GiveUp | TryFallback:
        """Do what the plan says until it ends."""
        while True:
            step = next_step(self.now)
            self.steps.append((self.now.elapsed, step))
            match step:
                case GiveUp() | TryFallback():
                    return step
                case Wait(until):
                    assert until > self.now.elapsed
                    self.now = replace(self.now, elapsed=until)
                case Look():
                    at = self._pass()
                    self.now = replace(self.now, device=self.listed(), looked=at)
                case Check(at):
                    self.now = replace(self.now, elapsed=max(at, self.now.elapsed))
                    self._pass()
                    *others, last = self.now.tries
                    last = replace(last, checks=last.checks + 1)
                    self.now = replace(self.now, tries=(*others, last))
                case Play() | Move():
                    done = Try(step, self._pass(), self.answer())
                    self.now = replace(self.now, tries=(*self.now.tries, done))

    def _pass(self) -> float:
        self.now = replace(self.now, elapsed=self.now.elapsed + self.takes())
        return self.now.elapsed


ANSWERS = st.sampled_from([None, None, GONE, REFUSED, FAULT, LIMITED, OUTAGE])
LISTINGS = st.sampled_from([None, KITCHEN, KITCHEN, replace(KITCHEN, id="k2"), SONOS])


@settings(max_examples=200, deadline=None)
@given(
    st.builds(
        Situation,
        goal=st.sampled_from(Goal),
        patience=st.sampled_from([0.0, PATIENCE, 30.0, LONGEST_PATIENCE]),
        device=LISTINGS,
        known_ids=st.sampled_from([(), ("k",), ("k", "j")]),
        restricted=st.booleans(),
        active=st.booleans(),
        holder=st.sampled_from([None, "ben"]),
        fallback=st.booleans(),
    ),
    st.data(),
)
def test_every_start_ends_in_time_and_without_a_storm(
    situation: Situation, data: st.DataObject
) -> None:
    """Whatever Spotify answers and lists, and however fast it is."""
    world = World(
        situation,
        takes=lambda: data.draw(st.sampled_from([0.0, 0.1, 0.3])),
        answer=lambda: data.draw(ANSWERS),
        listed=lambda: data.draw(LISTINGS),
    )
    end = world.run()
    # What was sent in time is looked at once.
    assert world.now.elapsed <= situation.patience + 2.5
    assert isinstance(end, TryFallback) <= situation.fallback
    asked = [at for at, step in world.steps if not isinstance(step, Wait)]
    for at in asked:
        assert sum(at <= other <= at + 10.0 for other in asked) <= 24
    assert len(world.now.tries) <= 4 + situation.patience
    looks = [at for at, step in world.steps if isinstance(step, Look)]
    assert len(looks) <= 3 + situation.patience


@pytest.mark.parametrize(
    ("situation", "seconds", "requests"),
    [
        (LISTED, 8.3, 7),
        (UNLISTED, 4.6, 2),
        (replace(UNLISTED, known_ids=("k",)), 4.6, 5),
        (replace(UNLISTED, patience=60.0), 56.2, 14),
        (ALARM, 120.3, 78),
    ],
)
def test_what_a_start_in_vain_costs(
    situation: Situation, seconds: float, requests: int
) -> None:
    """Seconds until the caller hears why, and requests."""
    world = World(
        situation,
        takes=lambda: 0.3,
        answer=lambda: None,
        listed=lambda: situation.device,
    )
    end = world.run()
    assert isinstance(end, GiveUp)
    asked = [step for _, step in world.steps if not isinstance(step, (Wait, GiveUp))]
    assert (round(world.now.elapsed, 1), len(asked)) == (seconds, requests)
