"""When Spotify is asked again, as a table."""

from dataclasses import replace

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.polling import (
    LONGEST_IDLE,
    Situation,
    next_playback_poll,
    next_speakers_poll,
)

IDLE = Situation(playing=False, unchanged=0)
PLAYING = Situation(playing=True, unchanged=0)
SITUATIONS = st.builds(
    Situation,
    playing=st.booleans(),
    unchanged=st.floats(0, 1e7),
    remaining=st.none() | st.floats(-1e4, 1e4),
    watched=st.booleans(),
    quick_idle=st.booleans(),
    accounts=st.integers(1, 50),
    budget_left=st.floats(0, 1),
    budget_learned=st.booleans(),
)


@pytest.mark.parametrize(
    ("situation", "seconds"),
    [
        (PLAYING, 29),
        (replace(PLAYING, remaining=200), 29),
        (replace(PLAYING, remaining=12.5), 13.5),
        (replace(PLAYING, remaining=29.5), 29),
        (replace(PLAYING, remaining=0), 29),
        (replace(PLAYING, watched=True), 10),
        (replace(PLAYING, watched=True, remaining=4), 5),
        (replace(PLAYING, quick_idle=True), 29),
        (replace(PLAYING, budget_left=0.25), 29),
        (replace(PLAYING, budget_left=0.125), 72.5),
        (replace(PLAYING, budget_left=0), 116),
        (replace(PLAYING, budget_left=0, watched=True), 40),
        (replace(PLAYING, budget_left=0.1, remaining=8), 9),
        (replace(PLAYING, budget_left=0.05, remaining=8), 98.6),
        (replace(PLAYING, budget_left=0, quick_idle=True), 29),
        (replace(PLAYING, budget_left=0, quick_idle=True, accounts=2), 116),
        (replace(PLAYING, budget_left=0, quick_idle=True, budget_learned=True), 116),
        (IDLE, 60),
        (replace(IDLE, unchanged=60), 60),
        (replace(IDLE, unchanged=100), 100),
        (replace(IDLE, unchanged=240), 120),
        (replace(IDLE, unchanged=86_400), 120),
        (replace(IDLE, unchanged=86_400, accounts=3), 360),
        (replace(IDLE, unchanged=86_400, accounts=9), 600),
        (replace(IDLE, unchanged=86_400, quick_idle=True), 29),
        (replace(IDLE, unchanged=86_400, watched=True), 10),
        (replace(IDLE, unchanged=86_400, budget_left=0.125), 300),
        (replace(IDLE, unchanged=86_400, budget_left=0, accounts=5), 600),
        (replace(IDLE, remaining=3), 60),
    ],
)
def test_playback_is_asked_for_as_often_as_the_situation_needs(
    situation: Situation, seconds: float
) -> None:
    """The table of the design, row by row."""
    assert next_playback_poll(situation) == pytest.approx(seconds)


@given(SITUATIONS)
def test_no_situation_polls_in_a_storm_or_never(situation: Situation) -> None:
    """Whatever is reported, a poll comes no sooner than a second and within ten minutes."""
    assert 1 <= next_playback_poll(situation) <= LONGEST_IDLE


@given(SITUATIONS, st.floats(0, 1))
def test_less_budget_never_polls_sooner(situation: Situation, share: float) -> None:
    """Whatever else is so, polls only spread out as the day's budget runs low."""
    less = replace(situation, budget_left=situation.budget_left * share)
    assert next_playback_poll(less) >= next_playback_poll(situation)


def test_speakers_are_asked_for_less_often_when_nothing_plays() -> None:
    """Five minutes while playing, half an hour otherwise."""
    assert next_speakers_poll(playing=True) == 300
    assert next_speakers_poll(playing=False) == 1800
