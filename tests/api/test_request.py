"""How urgent each request is, and which may be repeated."""

import pytest

from custom_components.spotify_hub.api.request import Lane, Request, in_lane, lane_of


@pytest.mark.parametrize(
    ("method", "path", "lane"),
    [
        ("PUT", "/v1/me/player/play", Lane.COMMAND),
        ("POST", "/v1/me/player/queue", Lane.COMMAND),
        ("DELETE", "/v1/me/library", Lane.COMMAND),
        ("GET", "/v1/me/player", Lane.PLAYBACK),
        ("GET", "/v1/me/player/devices", Lane.PLAYBACK),
        ("GET", "/v1/me/player/queue", Lane.PLAYBACK),
        ("GET", "/v1/me/player/recently-played", Lane.BROWSE),
        ("GET", "/v1/me/playlists", Lane.BROWSE),
        ("GET", "/v1/search", Lane.BROWSE),
    ],
)
def test_the_lane_follows_from_what_a_request_does(
    method: str, path: str, lane: Lane
) -> None:
    """Commands first, then what is playing, then what someone looks at."""
    assert lane_of(method, path) is lane


def test_a_caller_may_choose_the_lane_of_everything_inside() -> None:
    """A job in the background browses without being in anybody's way."""
    with in_lane(Lane.BACKGROUND):
        assert lane_of("GET", "/v1/me/tracks") is Lane.BACKGROUND
        assert lane_of("PUT", "/v1/me/library") is Lane.BACKGROUND
        with in_lane(Lane.COMMAND):
            assert lane_of("GET", "/v1/me/tracks") is Lane.COMMAND
        assert lane_of("GET", "/v1/me/tracks") is Lane.BACKGROUND
    assert lane_of("GET", "/v1/me/tracks") is Lane.BROWSE


def test_a_chosen_lane_ends_with_an_error() -> None:
    """What failed inside must not change the lane of what comes after."""
    with pytest.raises(RuntimeError), in_lane(Lane.BACKGROUND):
        raise RuntimeError
    assert lane_of("GET", "/v1/me") is Lane.BROWSE


def test_urgent_lanes_sort_first() -> None:
    """A lower number goes first."""
    assert sorted(Lane) == [
        Lane.COMMAND,
        Lane.PLAYBACK,
        Lane.BROWSE,
        Lane.BACKGROUND,
    ]


@pytest.mark.parametrize(
    ("method", "may_repeat"),
    [("GET", True), ("PUT", True), ("DELETE", True), ("POST", False)],
)
def test_only_a_post_must_not_be_sent_twice(method: str, *, may_repeat: bool) -> None:
    """Next, previous, queue, add, create: each of them would happen twice."""
    request = Request(method=method, path="/v1/me", lane=Lane.BROWSE)
    assert request.may_repeat is may_repeat
