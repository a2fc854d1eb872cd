"""What a state says about another moment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.spotify_hub.api.models import OtherItem, Playback, Track
from custom_components.spotify_hub.playback_state import PlaybackState, steady

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SONG = Track("spotify:track:1", "1", "Song", duration_ms=200_000)
PLAYING = PlaybackState(Playback(True, item=SONG, progress_ms=60_000), NOON, NOON)
PAUSED = PlaybackState(Playback(False, item=SONG, progress_ms=60_000), NOON, NOON)
IDLE = PlaybackState(None, NOON, NOON)


def later(seconds: float) -> datetime:
    """Return a moment after noon."""
    return NOON + timedelta(seconds=seconds)


def test_position_moves_while_it_plays() -> None:
    """Twenty seconds on, the position is twenty seconds further."""
    assert PLAYING.progress_ms(later(20)) == 80_000
    assert PLAYING.remaining(later(20)) == 120


def test_position_stands_while_paused() -> None:
    """A paused song does not move."""
    assert PAUSED.progress_ms(later(20)) == 60_000


def test_position_never_passes_the_end() -> None:
    """A poll that comes late does not show 5:00 of 3:20."""
    assert PLAYING.progress_ms(later(900)) == 200_000
    assert PLAYING.remaining(later(900)) == 0


def test_what_has_no_length_has_no_end() -> None:
    """An advert of unknown length is polled like anything else."""
    advert = replace(
        PLAYING, playback=Playback(True, item=OtherItem("ad"), progress_ms=1)
    )
    assert advert.remaining(NOON) is None
    assert IDLE.remaining(NOON) is None


def after(
    state: PlaybackState, seconds: float, progress_ms: int | None
) -> PlaybackState:
    """Return what a later poll saw."""
    assert state.playback is not None
    playback = replace(state.playback, progress_ms=progress_ms, timestamp_ms=12345)
    return PlaybackState(playback, later(seconds), state.since)


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        (PLAYING, after(PLAYING, 30, 90_400), True),
        (PLAYING, after(PLAYING, 30, 95_000), False),
        (PLAYING, after(PLAYING, 30, None), False),
        (PAUSED, after(PAUSED, 30, 60_000), True),
        (PAUSED, after(PAUSED, 30, 90_000), False),
        (IDLE, PlaybackState(None, later(60), NOON), True),
        (IDLE, PLAYING, False),
        (PLAYING, IDLE, False),
        (None, IDLE, False),
    ],
)
def test_only_a_real_change_is_a_change(
    old: PlaybackState | None, new: PlaybackState, kept: bool
) -> None:
    """Time that passed as expected writes no new state; a jump, a pause, a stop do."""
    assert (steady(old, new) is old) is kept


def test_a_changed_volume_is_a_change() -> None:
    """Whatever else differs from before counts."""
    assert PLAYING.playback is not None
    shuffled = replace(PLAYING, playback=replace(PLAYING.playback, shuffle=True))
    assert steady(PLAYING, shuffled) is shuffled
