"""When an account stops asking, and when it asks again."""

from collections.abc import Iterable

import pytest

from custom_components.spotify_hub.api.breaker import FAILURES, OPEN_FOR, Breaker
from custom_components.spotify_hub.api.errors import (
    AccessTokenMissingError,
    BadRequestError,
    ConnectionFailedError,
    DeadlineExceededError,
    ForbiddenError,
    NotFoundError,
    OutageError,
    QuotaExceededError,
    RateLimitedError,
    ServerFaultError,
    SignInRequiredError,
    SpotifyApiError,
    TokenRejectedError,
)

SILENCE = ServerFaultError("502")


class Watched:
    """A breaker on a clock that is set by hand."""

    def __init__(self) -> None:
        """Begin closed."""
        self.now = 500.0
        self.told: list[SpotifyApiError | None] = []
        self.breaker = Breaker(self.told.append, lambda: self.now)

    def call(self, error: SpotifyApiError | None) -> bool:
        """Make a call that ends so; tell whether it was a probe."""
        probe = self.breaker.admit()
        self.breaker.record(error, probe=probe)
        return probe

    def calls(self, errors: Iterable[SpotifyApiError | None]) -> None:
        """Make several calls."""
        for error in errors:
            self.call(error)

    def open(self) -> None:
        """Let it open."""
        self.calls([SILENCE] * FAILURES)

    def refused_for(self) -> float:
        """Return the time that a refused call is told."""
        with pytest.raises(OutageError) as raised:
            self.breaker.admit()
        return raised.value.retry_after


@pytest.fixture
def watched() -> Watched:
    """A breaker that is closed."""
    return Watched()


@pytest.mark.parametrize(
    "error",
    [
        ServerFaultError("503"),
        AccessTokenMissingError("401"),
        ConnectionFailedError("reset"),
        DeadlineExceededError("slow"),
    ],
)
def test_three_failures_in_a_row_open_it(
    watched: Watched, error: SpotifyApiError
) -> None:
    """Spotify is not asked while it is not there."""
    watched.calls([error] * (FAILURES - 1))
    assert watched.breaker.opens_again is None
    assert watched.told == []
    watched.call(error)
    assert watched.breaker.opens_again == OPEN_FOR
    assert watched.told == [error]
    assert watched.refused_for() == OPEN_FOR


@pytest.mark.parametrize(
    "answer",
    [
        None,
        BadRequestError("400"),
        TokenRejectedError("401"),
        SignInRequiredError("401"),
        ForbiddenError("403"),
        NotFoundError("404"),
        RateLimitedError("429", 5),
        QuotaExceededError("429", 5000),
    ],
)
def test_any_answer_of_4xx_or_429_resets_and_never_opens(
    watched: Watched, answer: SpotifyApiError | None
) -> None:
    """Whoever refuses is there."""
    watched.calls([SILENCE, SILENCE, answer, SILENCE, SILENCE, answer])
    watched.calls([answer] * 10)
    assert watched.breaker.opens_again is None
    assert watched.told == []


def test_the_time_told_shrinks(watched: Watched) -> None:
    """A caller hears when to come back."""
    watched.open()
    watched.now += 45
    assert watched.refused_for() == watched.breaker.opens_again == OPEN_FOR - 45


def test_a_minute_later_exactly_one_probe_goes_out(watched: Watched) -> None:
    """The others fail at once meanwhile."""
    watched.open()
    watched.now += OPEN_FOR - 0.1
    watched.refused_for()
    watched.now += 0.1
    assert watched.breaker.opens_again == 0
    assert watched.breaker.admit()
    for _ in range(5):
        assert watched.refused_for() >= 1
    watched.now += 30
    assert watched.refused_for() >= 1


@pytest.mark.parametrize("answer", [None, NotFoundError("404")])
def test_an_answer_to_the_probe_closes_it(
    watched: Watched, answer: SpotifyApiError | None
) -> None:
    """Both ends of an outage are told, once each."""
    watched.open()
    watched.now += OPEN_FOR
    assert watched.call(answer)
    assert watched.breaker.opens_again is None
    assert watched.told == [SILENCE, None]
    assert not watched.call(None)
    watched.calls([SILENCE] * (FAILURES - 1))
    assert watched.told == [SILENCE, None]


def test_a_probe_that_fails_keeps_it_open_for_another_minute(watched: Watched) -> None:
    """Nothing more is told while the outage goes on."""
    watched.open()
    for _ in range(5):
        watched.now += OPEN_FOR
        assert watched.call(SILENCE)
        assert watched.refused_for() == OPEN_FOR
    assert watched.told == [SILENCE]
    watched.now += OPEN_FOR
    assert watched.call(None)
    assert watched.told == [SILENCE, None]


def test_a_probe_whose_caller_gives_up_frees_the_probe(watched: Watched) -> None:
    """The next one to ask is the probe."""
    watched.open()
    watched.now += OPEN_FOR
    assert watched.breaker.admit()
    watched.breaker.abandon()
    assert watched.breaker.admit()
    watched.refused_for()


def test_asking_whether_it_is_open_takes_no_probe(watched: Watched) -> None:
    """Whoever only looks stands in nobody's way."""
    watched.breaker.check()
    watched.open()
    with pytest.raises(OutageError):
        watched.breaker.check()
    watched.now += OPEN_FOR
    watched.breaker.check()
    watched.breaker.check()
    assert watched.breaker.admit()
    with pytest.raises(OutageError):
        watched.breaker.check()


def test_failures_of_calls_sent_before_it_opened_change_nothing(
    watched: Watched,
) -> None:
    """Neither the time of the probe nor the probe itself."""
    late = [watched.breaker.admit() for _ in range(3)]
    assert late == [False] * 3
    watched.open()
    watched.now += 20
    watched.breaker.record(SILENCE, probe=False)
    assert watched.refused_for() == OPEN_FOR - 20
    watched.now += 40
    assert watched.breaker.admit()
    watched.breaker.record(SILENCE, probe=False)
    assert watched.refused_for() >= 1
    assert watched.told == [SILENCE]


def test_a_late_answer_closes_it_too(watched: Watched) -> None:
    """Spotify is there, whichever call says so."""
    watched.breaker.admit()
    watched.open()
    watched.breaker.record(None, probe=False)
    assert watched.breaker.opens_again is None
    assert watched.told == [SILENCE, None]
