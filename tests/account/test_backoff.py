"""How long background work rests after a failure."""

from datetime import timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.account.backoff import (
    FailureKind,
    kind_of,
    rest_after,
)
from custom_components.spotify_hub.api.errors import (
    BadRequestError,
    ConnectionFailedError,
    DeadlineExceededError,
    InvalidAnswerError,
    QuotaExceededError,
    RateLimitedError,
    ServerFaultError,
    SignInRequiredError,
    SpotifyApiError,
    TokenRejectedError,
)

AUTH = TokenRejectedError("401")
NETWORK = ServerFaultError("503")
UNKNOWN = InvalidAnswerError("not JSON")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (AUTH, FailureKind.AUTH),
        (NETWORK, FailureKind.NETWORK),
        (ConnectionFailedError("reset"), FailureKind.NETWORK),
        (DeadlineExceededError("stalled"), FailureKind.NETWORK),
        (UNKNOWN, FailureKind.UNKNOWN),
        (BadRequestError("400"), FailureKind.UNKNOWN),
    ],
)
def test_failures_are_told_apart(error: SpotifyApiError, kind: FailureKind) -> None:
    """Each kind has a patience of its own."""
    assert kind_of(error) is kind


@pytest.mark.parametrize(
    ("error", "minutes"),
    [
        (AUTH, [30, 60, 120, 240, 240]),
        (NETWORK, [10, 20, 40, 60, 60]),
        (UNKNOWN, [20, 40, 80, 160, 180]),
    ],
)
def test_rests_double_up_to_the_longest(
    error: SpotifyApiError, minutes: list[int]
) -> None:
    """The table of the design."""
    rests = [rest_after(error, failures) for failures in range(1, 6)]
    assert rests == [timedelta(minutes=rest) for rest in minutes]


def test_where_spotify_says_how_long_that_is_it() -> None:
    """However often it has failed."""
    assert rest_after(RateLimitedError("429", 7), 9) == timedelta(seconds=7)
    assert rest_after(QuotaExceededError("429", 7200), 1) == timedelta(hours=2)
    assert rest_after(RateLimitedError("429", None), 1) == timedelta(seconds=30)


def test_a_sign_in_that_is_over_is_not_tried_again() -> None:
    """Only its owner can renew it."""
    assert rest_after(SignInRequiredError("invalid_grant"), 1) is None


@given(st.integers(1, 10**9), st.sampled_from([AUTH, NETWORK, UNKNOWN]))
def test_no_number_of_failures_makes_a_rest_absurd(
    failures: int, error: SpotifyApiError
) -> None:
    """A job that failed for years still comes back the same day."""
    rest = rest_after(error, failures)
    assert rest is not None
    assert timedelta(minutes=10) <= rest <= timedelta(hours=4)
