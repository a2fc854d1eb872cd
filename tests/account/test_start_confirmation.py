"""When a start is known to have done what it was asked."""

from dataclasses import replace

import pytest

from custom_components.spotify_hub.account.start import Start
from custom_components.spotify_hub.account.start_confirmation import is_confirmed
from custom_components.spotify_hub.account.start_plan import Goal
from custom_components.spotify_hub.api.models import (
    Context,
    Device,
    OtherItem,
    Playback,
    Track,
)

KITCHEN = Device("k", "Kitchen", "Speaker")
PHONE = Device("p", "Phone", "Smartphone")
ALBUM = f"spotify:album:{'a' * 22}"
PLAYLIST = f"spotify:playlist:{'p' * 22}"


def track(name: str) -> Track:
    """Return a track."""
    return Track(f"spotify:track:{name}", name, name, 200_000)


ONE, TWO, RELINKED = track("one"), track("two"), track("relinked")
BEFORE = Playback(
    is_playing=True,
    device=KITCHEN,
    item=ONE,
    context=Context("album", ALBUM),
    progress_ms=90_000,
)
OLD = replace(BEFORE, progress_ms=90_700)
NEW = replace(BEFORE, item=TWO, context=None, progress_ms=500)
IN_LIST = replace(NEW, context=Context("playlist", PLAYLIST))
TRACK = Start(uris=(TWO.uri,))
LIST = Start(context_uri=PLAYLIST)


def confirmed(
    goal: Goal, what: Start | None, after: Playback | None, before: Playback | None
) -> bool:
    """Ask about the kitchen."""
    return is_confirmed(goal, what, before, after, lambda device: device.id == "k")


@pytest.mark.parametrize(
    ("what", "after", "expected"),
    [
        (TRACK, None, False),
        (TRACK, NEW, True),
        (TRACK, replace(NEW, is_playing=False), False),
        (TRACK, replace(NEW, device=PHONE), False),
        (TRACK, replace(NEW, device=None), False),
        (TRACK, OLD, False),
        # The version of this market has an URI of its own.
        (TRACK, replace(NEW, item=RELINKED), True),
        (TRACK, replace(NEW, item=None), False),
        (TRACK, replace(NEW, item=OtherItem("ad")), False),
        # The album went on by itself.
        (TRACK, replace(BEFORE, item=RELINKED, progress_ms=0), False),
        (LIST, IN_LIST, True),
        (LIST, replace(IN_LIST, item=None), True),
        (LIST, OLD, False),
        (LIST, NEW, True),
        (LIST, replace(OLD, context=None), False),
        (
            replace(LIST, context_uri=f"spotify:user:x:playlist:{'p' * 22}"),
            IN_LIST,
            True,
        ),
        (replace(LIST, context_uri="what is this"), IN_LIST, False),
        (
            Start(context_uri="spotify:user:anna:collection"),
            replace(NEW, context=Context("collection", "spotify:collection")),
            True,
        ),
        (Start(context_uri=ALBUM), OLD, True),
        (Start(context_uri=ALBUM, offset_uri=TWO.uri), OLD, False),
        (Start(context_uri=ALBUM, offset_uri=ONE.uri), OLD, True),
        (
            Start(context_uri=ALBUM, offset_uri=TWO.uri),
            replace(OLD, item=RELINKED),
            True,
        ),
    ],
)
def test_a_start_is_confirmed_by_what_plays_there(
    what: Start, after: Playback | None, expected: bool
) -> None:
    """The context or one of the items, playing, on that speaker."""
    assert confirmed(Goal.START, what, after, BEFORE) is expected


@pytest.mark.parametrize(
    ("before", "progress_ms", "position_ms", "expected"),
    [
        (90_000, 800, None, True),
        (90_000, 90_800, None, False),
        (90_000, 40_000, None, False),
        (90_000, 31_000, 30_000, True),
        (90_000, 29_000, 30_000, False),
        (None, 800, None, False),
    ],
)
def test_the_same_item_again_is_confirmed_by_its_position(
    before: int | None, progress_ms: int, position_ms: int | None, expected: bool
) -> None:
    """It plays under another URI than asked for, as it did before."""
    playing = replace(NEW, item=RELINKED, progress_ms=before)
    after = replace(playing, progress_ms=progress_ms)
    what = replace(TRACK, position_ms=position_ms)
    assert confirmed(Goal.START, what, after, playing) is expected


def test_from_silence_any_version_is_the_right_one() -> None:
    """Nothing played that could have gone on."""
    assert confirmed(Goal.START, TRACK, replace(NEW, item=RELINKED), None)
    silence = replace(BEFORE, item=None)
    assert confirmed(Goal.START, TRACK, replace(NEW, item=RELINKED), silence)


@pytest.mark.parametrize(
    ("goal", "after", "expected"),
    [
        (Goal.RESUME, OLD, True),
        (Goal.RESUME, replace(OLD, is_playing=False), False),
        (Goal.MOVE, OLD, True),
        (Goal.MOVE, replace(OLD, device=PHONE), False),
        (Goal.MOVE, replace(OLD, is_playing=False), False),
        (Goal.MOVE_PAUSED, replace(OLD, is_playing=False), True),
        (Goal.MOVE_PAUSED, None, False),
    ],
)
def test_what_was_on_is_confirmed_by_the_speaker(
    goal: Goal, after: Playback | None, expected: bool
) -> None:
    """Whatever it is."""
    assert confirmed(goal, None, after, BEFORE) is expected
