"""Which error each answer of Spotify is: its statuses, texts and reasons as tables."""

import json

import pytest

from custom_components.spotify_hub.api.classify import classify
from custom_components.spotify_hub.api.errors import (
    AccessTokenMissingError,
    AppOwnerNotPremiumError,
    BadRequestError,
    CommandRefusedError,
    DeviceNotFoundError,
    ForbiddenError,
    InvalidAnswerError,
    NoActiveDeviceError,
    NotFoundError,
    NotOnAllowListError,
    PremiumRequiredError,
    QuotaExceededError,
    RateLimitedError,
    ScopeMissingError,
    ServerFaultError,
    SpeakerNotControllableError,
    SpotifyApiError,
    TokenRejectedError,
    VolumeNotControllableError,
)

FAILED = "Player command failed: "
OWNER_WITHOUT_PREMIUM = (
    "Active premium subscription required for the owner of the app. When the "
    "subscription status changes, it can take a few hours before requests are "
    "allowed again."
)
HTML = "<!DOCTYPE html><html><head><title>502 Server Error</title></head></html>"


def _body(status: int, message: str, reason: str | None = None) -> str:
    error = {"status": status, "message": message}
    return json.dumps({"error": error | ({"reason": reason} if reason else {})})


def _failed(status: int, message: str, reason: str | None = None) -> str:
    return _body(status, FAILED + message, reason)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
@pytest.mark.parametrize("body", ["", "{}", "OK", HTML])
def test_any_2xx_is_success_whatever_its_body(status: int, body: str) -> None:
    """Spotify documents 204 for commands, and at times sends 200 or 202 with a text."""
    assert classify(status, body) is None


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, _body(400, "Invalid limit"), BadRequestError),
        (400, _body(400, "No uris provided"), BadRequestError),
        (400, _body(400, "Invalid base62 id"), BadRequestError),
        (400, "", BadRequestError),
        (405, _body(405, "Method not allowed"), BadRequestError),
        (413, HTML, BadRequestError),
        (401, _body(401, "The access token expired"), TokenRejectedError),
        (401, _body(401, "Invalid access token"), TokenRejectedError),
        (401, _body(401, "No token provided"), TokenRejectedError),
        (401, "", TokenRejectedError),
        (401, HTML, TokenRejectedError),
        (401, _body(401, "Permissions missing"), ScopeMissingError),
        (401, _body(401, "Access token missing"), AccessTokenMissingError),
        (401, "Access token missing", AccessTokenMissingError),
        (403, _body(403, "Insufficient client scope"), ScopeMissingError),
        (403, _body(403, "Forbidden"), ForbiddenError),
        (403, "", ForbiddenError),
        (403, HTML, ForbiddenError),
        (403, "User not registered in the Developer Dashboard", NotOnAllowListError),
        (403, "User not approved for app", NotOnAllowListError),
        (403, OWNER_WITHOUT_PREMIUM, AppOwnerNotPremiumError),
        (403, _body(403, OWNER_WITHOUT_PREMIUM), AppOwnerNotPremiumError),
        (
            403,
            _failed(403, "Premium required", "PREMIUM_REQUIRED"),
            PremiumRequiredError,
        ),
        (403, _body(403, "Whatever", "PREMIUM_REQUIRED"), PremiumRequiredError),
        (403, _failed(403, "Premium required"), PremiumRequiredError),
        (
            403,
            _failed(403, "Cannot control device volume", "VOLUME_CONTROL_DISALLOW"),
            VolumeNotControllableError,
        ),
        (404, _failed(404, "No active device found"), NoActiveDeviceError),
        (404, _body(404, "Whatever", "NO_ACTIVE_DEVICE"), NoActiveDeviceError),
        (404, _body(404, "Device not found"), DeviceNotFoundError),
        (404, _body(404, "Resource not found"), NotFoundError),
        (404, _body(404, "Service not found"), NotFoundError),
        (404, "", NotFoundError),
        (404, HTML, NotFoundError),
        (429, _body(429, "API rate limit exceeded"), RateLimitedError),
        (429, "Too many requests", RateLimitedError),
        (429, "", RateLimitedError),
        (429, _body(429, "Too many requests", "QUOTA_EXCEEDED"), QuotaExceededError),
        (500, _body(500, "Server error"), ServerFaultError),
        (502, HTML, ServerFaultError),
        (503, "", ServerFaultError),
        (504, "upstream request timeout", ServerFaultError),
        (599, "", ServerFaultError),
        (600, "", ServerFaultError),
        (302, "", InvalidAnswerError),
        (304, "", InvalidAnswerError),
    ],
)
def test_every_answer_is_exactly_one_error(
    status: int, body: str, error: type[SpotifyApiError]
) -> None:
    """JSON, plain text, HTML and nothing at all."""
    assert type(classify(status, body)) is error


@pytest.mark.parametrize(
    "reason",
    [
        "NO_PREV_TRACK",
        "NO_NEXT_TRACK",
        "NO_SPECIFIC_TRACK",
        "ALREADY_PAUSED",
        "NOT_PAUSED",
        "NOT_PLAYING_LOCALLY",
        "NOT_PLAYING_TRACK",
        "NOT_PLAYING_CONTEXT",
        "ENDLESS_CONTEXT",
        "CONTEXT_DISALLOW",
        "ALREADY_PLAYING",
        "UNKNOWN",
        "A_REASON_OF_NEXT_YEAR",
    ],
)
def test_t5_a_refused_command_says_why(reason: str) -> None:
    """Upstream hands on the raw text of every 403 alike."""
    error = classify(403, _failed(403, "Restriction violated", reason))
    assert type(error) is CommandRefusedError
    assert error.reason == reason


@pytest.mark.parametrize(
    "reason",
    ["DEVICE_NOT_CONTROLLABLE", "REMOTE_CONTROL_DISALLOW", "UNSUPPORTED_DEVICE"],
)
def test_a_speaker_that_takes_no_commands_is_named(reason: str) -> None:
    """Three reasons for the same trouble."""
    error = classify(403, _failed(403, "Device not controllable", reason))
    assert type(error) is SpeakerNotControllableError
    assert error.reason == reason


def test_a_refused_command_without_a_reason_is_unknown() -> None:
    """Spotify leaves the reason out at times."""
    error = classify(403, _failed(403, "Restriction violated"))
    assert type(error) is CommandRefusedError
    assert error.reason == "UNKNOWN"


@pytest.mark.parametrize(
    "separators",
    [(",", ":"), (", ", ": "), (",", " : ")],
    ids=["compact", "usual", "odd"],
)
def test_t4_404_with_a_space_before_the_colon_is_an_error(
    separators: tuple[str, str],
) -> None:
    """Upstream looks for `"status": 404` in the text, which is spaced in three ways."""
    error = {"status": 404, "message": "x", "reason": "NO_ACTIVE_DEVICE"}
    for indent in (None, 2):
        body = json.dumps({"error": error}, indent=indent, separators=separators)
        assert type(classify(404, body)) is NoActiveDeviceError


@pytest.mark.parametrize(
    "body",
    [
        "null",
        "[]",
        "404",
        '"text"',
        "{}",
        '{"error":null}',
        '{"error":[]}',
        '{"error":7}',
        '{"error":{}}',
        '{"error":{"status":"x","message":null,"reason":null}}',
        '{"error":{"message":{"a":1},"reason":["b"]}}',
        '{"error":"invalid_request","error_description":"x"}',
        '{"error":{"message":"cut in the mid',
        "\x00\ufffd",
        "[" * 5000,
    ],
)
@pytest.mark.parametrize("status", [400, 404, 429, 500])
def test_odd_bodies_leave_the_status_to_speak(status: int, body: str) -> None:
    """What is no error object of Spotify's tells no more than its status."""
    error = classify(status, body)
    expected = {
        400: BadRequestError,
        404: NotFoundError,
        429: RateLimitedError,
        500: ServerFaultError,
    }
    assert type(error) is expected[status]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("Fri, 20 Nov 2026 12:00:00 GMT", None),
        ("0", 0),
        ("7", 7),
        (" 7 ", 7),
        ("2.5", 2.5),
        ("86400", 86_400),
    ],
)
def test_retry_after_is_seconds_or_unknown(
    header: str | None, seconds: float | None
) -> None:
    """An odd header must not become a wait of its own invention."""
    for body in ("", _body(429, "Too many requests", "QUOTA_EXCEEDED")):
        error = classify(429, body, header)
        assert isinstance(error, RateLimitedError)
        assert error.retry_after == seconds


def test_the_message_holds_status_and_spotifys_words() -> None:
    """What a person finds in the log."""
    assert str(classify(400, _body(400, "Invalid limit"))) == "400 Invalid limit"
    assert str(classify(404, _failed(404, "x", "y"))) == f"404 {FAILED}x"
    assert str(classify(503, "")) == "503"
    assert str(classify(429, " Too many requests\n")) == "429 Too many requests"


def test_a_page_of_html_is_cut_short_in_messages() -> None:
    """A log line, not a web site."""
    for body in (
        "<p>" * 10_000,
        _body(500, "x" * 10_000),
        '{"error":"' + "x" * 999 + '"}',
    ):
        assert len(str(classify(500, body))) < 250
