"""Growing louder or quieter: how, how often, and who ends it."""

from itertools import pairwise

from hypothesis import assume, given, strategies as st
import pytest

from custom_components.spotify_hub.fading import (
    LEAST_APART,
    MOST_STEPS,
    ROUNDING,
    Fade,
    Over,
    Sight,
    Turn,
    Turned,
    Wait,
    next_turn,
)

_percents = st.integers(0, 100)
_fades = st.builds(
    lambda start, target, begins, length: Fade(start, target, begins, begins + length),
    _percents,
    _percents,
    st.floats(0, 1e9),
    st.floats(0, 3600),
)
HALF_A_MINUTE = Fade(60, 0, 1000.0, 1030.0)
HEARD = Sight(playing=True, speaker="bed", volume=5)
BEGUN = Turned("bed", 60, 5, 5)
RISE = Fade(5, 30, 1000.0, 1060.0)


def steps_of(fade: Fade) -> list[float]:
    """Return the moments of a fade's steps."""
    moments, at = list[float](), fade.begins
    while at < fade.ends and len(moments) <= MOST_STEPS:
        at = fade.next_step(at)
        moments.append(at)
    return moments


def test_half_a_minute_is_a_handful_of_requests() -> None:
    """Each of them is heard."""
    moments = steps_of(HALF_A_MINUTE)
    assert len(moments) == 7
    levels = [HALF_A_MINUTE.level(at) for at in moments]
    assert levels == [51, 43, 34, 26, 17, 9, 0]


@given(_fades)
def test_a_fade_goes_one_way_and_ends_at_its_end(fade: Fade) -> None:
    """In steps that are neither many nor close; never beyond either volume."""
    assume(fade.ends > fade.begins)
    moments = steps_of(fade)
    assert moments[-1] == fade.ends
    assert len(moments) <= MOST_STEPS
    levels = [fade.level(at) for at in (fade.begins, *moments)]
    assert levels[0] == fade.start
    assert levels[-1] == fade.target
    assert levels == sorted(levels, reverse=fade.target < fade.start)
    if len(moments) > 1:
        apart = [later - at for at, later in pairwise(moments)]
        assert min(apart) >= LEAST_APART - 1e-3


@given(_fades, st.floats(-1e4, 1e4))
def test_the_volume_is_known_at_any_moment(fade: Fade, after: float) -> None:
    """Also when nobody looked for long: then it is where it should be by now."""
    level = fade.level(fade.begins + after)
    assert min(fade.start, fade.target) <= level <= max(fade.start, fade.target)


@pytest.mark.parametrize("length", [0.0, -1.0])
def test_a_fade_without_length_is_over(length: float) -> None:
    """It is at its end at once."""
    fade = Fade(10, 50, 1000.0, 1000.0 + length)
    assert fade.level(1000.0) == 50
    assert fade.level(900.0) == 10
    assert fade.next_step(900.0) == fade.ends


@pytest.mark.parametrize(
    ("sight", "at", "step"),
    [
        (HEARD, 1000.0, Wait(1000.0 + 60 / 15)),
        (HEARD, 1004.0, Turn(7)),
        (HEARD, 1030.0, Turn(17)),
        (HEARD, 1060.0, Turn(30)),
        (Sight(playing=False, speaker="bed", volume=5), 1004.0, Over()),
        (Sight(playing=True, speaker="tv", volume=5), 1004.0, Over()),
        (Sight(playing=True, speaker=None), 1004.0, Over()),
        (Sight(playing=True, speaker="bed", volume=40), 1004.0, Over()),
        (Sight(playing=True, speaker="bed", volume=0), 1004.0, Over()),
        (Sight(playing=True, speaker="bed", volume=5 + ROUNDING), 1004.0, Turn(7)),
        (Sight(playing=True, speaker="bed", volume=None), 1004.0, Turn(7)),
    ],
)
def test_what_somebody_does_by_hand_ends_a_rise(
    sight: Sight, at: float, step: Turn | Wait | Over
) -> None:
    """A pause, a move, another volume; not that a speaker rounds it."""
    assert next_turn(RISE, BEGUN, sight, at) == step


def test_a_rise_that_has_arrived_is_over() -> None:
    """Nothing is asked any more."""
    there = Turned("bed", 5, 30, 28)
    sight = Sight(playing=True, speaker="bed", volume=30)
    assert next_turn(RISE, there, sight, 1060.0) == Over()


@given(_percents, _percents, _percents)
def test_the_volume_before_a_step_is_no_other(
    before: int, now: int, earlier: int
) -> None:
    """Spotify may tell it for a moment."""
    turned = Turned("bed", before, now, earlier)
    for volume in (now, earlier):
        assert not turned.is_by_hand(Sight(playing=True, speaker="bed", volume=volume))
    beyond = max(now, earlier) + ROUNDING + 1
    assert turned.is_by_hand(Sight(playing=True, speaker="bed", volume=beyond))
    assert not turned.is_by_hand(Sight(playing=True, speaker="tv", volume=beyond))
