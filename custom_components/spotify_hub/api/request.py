"""One request to Spotify, and how urgent it is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

_PLAYER = "/v1/me/player"
_POST = "POST"


class Lane(IntEnum):
    """Priority class of a request; a lower number goes first."""

    COMMAND = 0
    PLAYBACK = 1
    BROWSE = 2
    BACKGROUND = 3


_chosen_lane: ContextVar[Lane | None] = ContextVar("lane", default=None)


@contextmanager
def in_lane(lane: Lane | None) -> Iterator[None]:
    """Send every request made inside in this lane; None gives each its own again."""
    token = _chosen_lane.set(lane)
    try:
        yield
    finally:
        _chosen_lane.reset(token)


def lane_of(method: str, path: str) -> Lane:
    """Return the lane of a request: as chosen by the caller, or by what it does."""
    if (chosen := _chosen_lane.get()) is not None:
        return chosen
    if method != "GET":
        return Lane.COMMAND
    if path.startswith(_PLAYER) and not path.endswith("/recently-played"):
        return Lane.PLAYBACK
    return Lane.BROWSE


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is sent: `path` begins with /v1, `body` is sent as JSON.

    `raw_body` goes out as it is, with `content_type` (a playlist's cover). `once`:
    sent twice, it would do more than sent once, whatever its method promises.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    raw_body: str | None = None
    content_type: str | None = None
    lane: Lane
    once: bool = False

    @property
    def may_repeat(self) -> bool:
        """Tell whether sending it twice does what sending it once does."""
        return self.method != _POST and not self.once
