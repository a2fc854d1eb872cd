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


@pytest.mark.parametrize(
    ("situation", "seconds"),
    [
        (PLAYING, 30),
        (replace(PLAYING, remaining=200), 30),
        (replace(PLAYING, remaining=12.5), 13.5),
        (replace(PLAYING, remaining=29.5), 30),
        (replace(PLAYING, remaining=0), 30),
        (replace(PLAYING, watched=True), 10),
        (replace(PLAYING, watched=True, remaining=4), 5),
        (replace(PLAYING, quick_idle=True), 30),
        (IDLE, 60),
        (replace(IDLE, unchanged=60), 60),
        (replace(IDLE, unchanged=100), 100),
        (replace(IDLE, unchanged=240), 120),
        (replace(IDLE, unchanged=86_400), 120),
        (replace(IDLE, unchanged=86_400, accounts=3), 360),
        (replace(IDLE, unchanged=86_400, accounts=9), 600),
        (replace(IDLE, unchanged=86_400, quick_idle=True), 30),
        (replace(IDLE, unchanged=86_400, watched=True), 10),
        (replace(IDLE, remaining=3), 60),
    ],
)
def test_playback_is_asked_for_as_often_as_the_situation_needs(
    situation: Situation, seconds: float
) -> None:
    """The table of the design, row by row."""
    assert next_playback_poll(situation) == seconds


@given(
    st.builds(
        Situation,
        playing=st.booleans(),
        unchanged=st.floats(0, 1e7),
        remaining=st.none() | st.floats(-1e4, 1e4),
        watched=st.booleans(),
        quick_idle=st.booleans(),
        accounts=st.integers(1, 50),
    )
)
def test_no_situation_polls_in_a_storm_or_never(situation: Situation) -> None:
    """Whatever is reported, a poll comes no sooner than a second and within ten minutes."""
    assert 1 <= next_playback_poll(situation) <= LONGEST_IDLE


def test_speakers_are_asked_for_less_often_when_nothing_plays() -> None:
    """Five minutes while playing, half an hour otherwise."""
    assert next_speakers_poll(playing=True) == 300
    assert next_speakers_poll(playing=False) == 1800
