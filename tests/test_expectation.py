"""What is shown between a command and Spotify's own word."""

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub import expectation as expect
from custom_components.spotify_hub.api.models import (
    Context,
    Device,
    Playback,
    Repeat,
    Track,
)
from custom_components.spotify_hub.expectation import Expectation

KITCHEN = Device("k", "Kitchen", "Speaker", is_active=True, volume_percent=30)
OFFICE = Device("o", "Office", "Computer", volume_percent=None)
SONG = Track("spotify:track:1", "1", "Song", duration_ms=200_000)
PLAYING = Playback(
    True,
    device=KITCHEN,
    item=SONG,
    context=Context("album", "spotify:album:1"),
    progress_ms=5000,
)

OVERLAYS: dict[str, Callable[[], Expectation]] = {
    "paused": expect.paused,
    "resumed": expect.resumed,
    "volume": lambda: expect.volume(77),
    "shuffled": lambda: expect.shuffled(True),
    "repeating": lambda: expect.repeating(Repeat.TRACK),
    "position": lambda: expect.position(90_000),
    "moved": lambda: expect.moved_to(OFFICE),
}


@pytest.mark.parametrize("make", OVERLAYS.values(), ids=OVERLAYS.keys())
@given(playing=st.booleans(), progress_ms=st.none() | st.integers(0, 200_000))
def test_what_is_shown_is_what_is_expected(
    make: Callable[[], Expectation], playing: bool, progress_ms: int | None
) -> None:
    """Whatever was seen, with the expectation laid over it the expectation is met."""
    seen = replace(PLAYING, is_playing=playing, progress_ms=progress_ms)
    expectation = make()
    shown = expectation.apply(seen)
    assert expectation.met(shown)
    assert expectation.apply(shown) == shown


@pytest.mark.parametrize(
    "expectation",
    [
        expect.paused(),
        expect.volume(77),
        expect.shuffled(True),
        expect.repeating(Repeat.CONTEXT),
        expect.position(90_000),
        expect.moved_to(OFFICE),
        expect.other_item(SONG.uri),
        expect.started(("spotify:track:2",), None),
        expect.started((), "spotify:playlist:1"),
    ],
)
def test_the_old_state_does_not_meet_it(expectation: Expectation) -> None:
    """Spotify's stale answer right after a command is not taken for its effect."""
    assert not expectation.met(PLAYING)


@pytest.mark.parametrize(
    ("expectation", "met"),
    [
        (expect.paused(), True),
        (expect.resumed(), False),
        (expect.other_item(SONG.uri), False),
        (expect.moved_to(OFFICE), False),
        (expect.started((SONG.uri,), None), False),
    ],
)
def test_nothing_active_meets_only_a_pause(expectation: Expectation, met: bool) -> None:
    """204: nothing plays, so nothing but a pause has been reached."""
    assert expectation.met(None) is met


def test_a_start_is_met_by_item_or_context_only_while_it_plays() -> None:
    """A paused song of the right name has not started."""
    assert expect.started((SONG.uri,), None).met(PLAYING)
    assert expect.started((), "spotify:album:1").met(PLAYING)
    assert not expect.started((SONG.uri,), None).met(replace(PLAYING, is_playing=False))
    assert not expect.started((), "spotify:album:1").met(replace(PLAYING, context=None))


def test_a_position_that_went_on_by_itself_is_met() -> None:
    """A poll 0.7 s after a seek sees 0.7 s more."""
    assert expect.position(90_000).met(replace(PLAYING, progress_ms=90_700))


def test_volume_without_a_device_changes_nothing() -> None:
    """There is no speaker whose volume could be shown."""
    nowhere = replace(PLAYING, device=None)
    assert expect.volume(10).apply(nowhere) == nowhere
