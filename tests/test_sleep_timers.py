"""What a sleep timer does, whatever happens until its end."""

from dataclasses import replace
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.fading import Over, Sight, Turn, Turned, Wait
from custom_components.spotify_hub.sleep_timers import (
    FORGOTTEN,
    LAST_LOOK,
    NEARLY_OVER,
    TOO_LATE,
    Pause,
    Restore,
    SleepTimer,
    Step,
    dump,
    followed,
    load,
    next_step,
)

END = 10_000.0
SONG, NEXT_SONG = "spotify:track:a", "spotify:track:b"
IN_MINUTES = SleepTimer(END, fade=30)
WITH_SONG = SleepTimer(END, fade=30, item=SONG)
PLAYING = Sight(playing=True, speaker="bed", volume=60, item=SONG, remaining=100)
PAUSED = replace(PLAYING, playing=False)
QUIETER = replace(IN_MINUTES, turned=Turned("bed", 60, 34, 43))
AT_34 = replace(PLAYING, volume=34)
_turned = st.builds(
    Turned, st.text(), st.integers(0, 100), st.integers(0, 100), st.integers(0, 100)
)
_timers = st.builds(
    SleepTimer,
    ends=st.floats(0, 2e4),
    fade=st.floats(0, 3600),
    item=st.none() | st.sampled_from([SONG, NEXT_SONG]),
    paused=st.none() | st.floats(0, 2e4),
    turned=st.none() | _turned,
    hands_off=st.booleans(),
)
_sights = st.builds(
    Sight,
    playing=st.booleans(),
    speaker=st.none() | st.sampled_from(["bed", "tv"]),
    volume=st.none() | st.integers(0, 100),
    item=st.none() | st.sampled_from([SONG, NEXT_SONG]),
    remaining=st.none() | st.floats(0, 600),
)


@pytest.mark.parametrize(
    ("timer", "sight", "at", "step"),
    [
        # Long before, whatever is heard.
        (IN_MINUTES, PLAYING, END - 600, Wait(END - 30)),
        (IN_MINUTES, PAUSED, END - 600, Wait(END)),
        (IN_MINUTES, Sight(playing=False), END - 600, Wait(END)),
        # Growing quieter.
        (IN_MINUTES, PLAYING, END - 30, Wait(END - 30 + 30 / 7)),
        (IN_MINUTES, PLAYING, END - 30 + 30 / 7, Turn(51)),
        (QUIETER, AT_34, END - 17, Wait(END - 30 + 4 * 30 / 7)),
        (QUIETER, AT_34, END - 30 + 4 * 30 / 7, Turn(26)),
        # Not where it can't, should not, or need not.
        (IN_MINUTES, replace(PLAYING, volume=None), END - 10, Wait(END)),
        (IN_MINUTES, replace(PLAYING, volume=0), END - 10, Wait(END)),
        (replace(IN_MINUTES, hands_off=True), PLAYING, END - 10, Wait(END)),
        (SleepTimer(END), PLAYING, END - 10, Wait(END)),
        # The end.
        (IN_MINUTES, PLAYING, END, Pause()),
        (QUIETER, AT_34, END, Pause()),
        (QUIETER, replace(AT_34, playing=False), END + 1, Restore("bed", 60)),
        (QUIETER, Sight(playing=False), END + 1, Restore("bed", 60)),
        (IN_MINUTES, PAUSED, END + 1, Over()),
        # Somebody paused, or moved it elsewhere, while it grew quieter.
        (QUIETER, replace(AT_34, playing=False), END - 15, Restore("bed", 60)),
        (QUIETER, replace(PLAYING, speaker="tv"), END - 15, Restore("bed", 60)),
        # The end moved away: it was sought back, or another timer was set.
        (replace(QUIETER, ends=END + 900), AT_34, END, Restore("bed", 60)),
        # Nobody was there at the end.
        (IN_MINUTES, PLAYING, END + TOO_LATE, Pause()),
        (IN_MINUTES, PLAYING, END + TOO_LATE + 1, Over()),
        (QUIETER, AT_34, END + TOO_LATE + 1, Over()),
        (QUIETER, replace(AT_34, playing=False), END + 9e4, Restore("bed", 60)),
        # With an item.
        (WITH_SONG, PLAYING, END - 100, Wait(END - 30)),
        (WITH_SONG, replace(PLAYING, volume=None), END - 100, Wait(END - 30)),
        (WITH_SONG, replace(PLAYING, volume=None), END - 30, Wait(END - LAST_LOOK)),
        (replace(WITH_SONG, fade=0), PLAYING, END - 30, Wait(END - LAST_LOOK)),
        (replace(WITH_SONG, fade=0), PLAYING, END - LAST_LOOK, Wait(END)),
        (WITH_SONG, PLAYING, END, Pause()),
        (WITH_SONG, PAUSED, END, Over()),
        (replace(WITH_SONG, paused=END - 9), PAUSED, END, Wait(END - 9 + FORGOTTEN)),
        (replace(WITH_SONG, paused=END), PAUSED, END + FORGOTTEN, Over()),
    ],
)
def test_what_is_to_be_done(
    timer: SleepTimer, sight: Sight, at: float, step: Step
) -> None:
    """At a moment, given what is heard."""
    assert next_step(timer, sight, at) == step


def after(timer: SleepTimer, at: float, **seen: Any) -> SleepTimer:
    """Return a timer after a look at what plays."""
    return followed(timer, replace(PLAYING, **seen), at)


def test_a_song_ends_when_it_is_predicted_to() -> None:
    """Which hardly changes; sought back it ends later."""
    at = END - 100
    assert after(WITH_SONG, at, remaining=100.3) == WITH_SONG
    assert after(WITH_SONG, at, remaining=160).ends == END + 60
    assert after(WITH_SONG, at, remaining=None) == WITH_SONG
    assert after(WITH_SONG, at, item=None) == WITH_SONG


def test_skipping_moves_the_end_to_the_next_song() -> None:
    """That is what the person hears now."""
    skipped = after(WITH_SONG, END - 100, item=NEXT_SONG, remaining=200)
    assert (skipped.item, skipped.ends) == (NEXT_SONG, END + 100)


@pytest.mark.parametrize("before", [NEARLY_OVER, 5.0, 0.0, -2.0])
def test_what_follows_in_its_time_is_paused(before: float) -> None:
    """By crossfade it begins before the end; repeated it is the same one."""
    for item in (SONG, NEXT_SONG):
        if item == SONG and before > 0:
            continue
        at = END - before
        new = after(WITH_SONG, at, item=item, remaining=180)
        seen = replace(PLAYING, item=item, remaining=180)
        assert next_step(new, seen, at) == Pause()


def test_a_song_that_is_paused_by_hand_ends_later() -> None:
    """By as much as it was paused; whatever plays on then."""
    paused = followed(WITH_SONG, PAUSED, END - 50)
    assert paused.paused == END - 50
    assert followed(paused, PAUSED, END + 500) == paused
    resumed = after(paused, END + 600, remaining=50)
    assert (resumed.ends, resumed.paused) == (END + 650, None)
    other = after(paused, END + 600, item=NEXT_SONG, remaining=200)
    assert (other.item, other.ends) == (NEXT_SONG, END + 800)


def test_a_queue_that_ends_with_the_song_is_no_pause_by_hand() -> None:
    """Nothing is left to wait for."""
    ended = followed(WITH_SONG, PAUSED, END + 1)
    assert ended == WITH_SONG
    assert next_step(ended, PAUSED, END + 1) == Over()


def test_a_volume_chosen_by_hand_stays() -> None:
    """It is neither faded nor set back, and the music still ends."""
    chosen = after(QUIETER, END - 15, volume=80)
    assert chosen.hands_off
    assert chosen.turned is None
    assert next_step(chosen, replace(PLAYING, volume=80), END - 15) == Wait(END)
    assert next_step(chosen, replace(PLAYING, volume=80), END) == Pause()
    assert next_step(chosen, replace(PAUSED, volume=80), END + 1) == Over()


@given(_timers, _sights, st.floats(0, 2e4))
def test_there_is_always_something_to_do(
    timer: SleepTimer, sight: Sight, at: float
) -> None:
    """Waiting is for something to come; it grows quieter, never louder; and it ends."""
    new = followed(timer, sight, at)
    assert followed(new, sight, at) == new
    match next_step(new, sight, at):
        case Wait(until):
            assert until >= at or until == new.ends - new.fade
        case Turn(to):
            assert sight.playing
            assert 0 < to < (new.turned.now if new.turned else sight.volume or 0)
        case Pause():
            assert sight.playing
            assert 0 <= at - new.ends <= TOO_LATE
        case Restore(speaker, to):
            assert new.turned is not None
            assert (speaker, to) == (new.turned.speaker, new.turned.before)
        case Over():
            paused = new.paused
            assert at >= (new.ends if paused is None else paused + FORGOTTEN)


@given(st.dictionaries(st.text(), _timers))
def test_what_was_stored_is_read_again(timers: dict[str, SleepTimer]) -> None:
    """Nothing gets lost."""
    assert load(dump(timers)) == timers


@pytest.mark.parametrize(
    "kept",
    [
        1,
        {"anna": 1},
        {"anna": {}},
        {"anna": dump({"anna": QUIETER})["anna"] | {"ends": "soon"}},
        {"anna": dump({"anna": QUIETER})["anna"] | {"turned": {"level": 1}}},
    ],
)
def test_what_is_something_else_is_refused(kept: Any) -> None:
    """The household forgets it then."""
    with pytest.raises((AttributeError, LookupError, TypeError, ValueError)):
        load(kept)
