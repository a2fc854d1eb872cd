"""What was listened to, made out from looks at what plays."""

from dataclasses import replace
from datetime import timedelta
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.account.listening import (
    Heard,
    Watched,
    dump,
    load,
    put_aside,
    watch,
)
from custom_components.spotify_hub.api.models import (
    Context,
    Device,
    Playback,
    PlayingItem,
    Repeat,
)
from custom_components.spotify_hub.archive.records import Kind, Speaker
from custom_components.spotify_hub.playback_state import PlaybackState

from .test_happenings import (
    ADVERT,
    BEDROOM,
    BLUE,
    EPISODE,
    FILE,
    KITCHEN,
    NOON,
    PRIVATE,
    ROAD_TRIP,
    SO_WHAT,
    look,
    nothing,
)

CHAPTER = replace(EPISODE, uri="spotify:episode:c", release_date="0000")


def speaker_of(device: Device) -> Speaker | None:
    """Return the household's speaker."""
    return Speaker(device.id, device.name) if device.id else None


def watched(
    *looks: PlaybackState, begin: Watched | None = None
) -> tuple[Watched, list[Heard]]:
    """Return what is known and was handed over after several looks."""
    known, found = begin or Watched(), []
    for one in looks:
        known, new = watch(known, one, speaker_of)
        found += new
    return known, found


def over(*looks: PlaybackState) -> list[Heard]:
    """Return what is over after several looks."""
    return [one for one in watched(*looks)[1] if one.is_over]


def seconds(heard: Heard) -> tuple[str | None, float, float, float]:
    """Return what was heard: name, start and end in seconds after noon, seconds heard."""
    one = heard.listening
    assert one.started is not None
    assert one.until is not None
    second = timedelta(seconds=1)
    begin, end = (one.started - NOON) / second, (one.until - NOON) / second
    return one.item.name, begin, end, one.heard_ms / 1000


def repeated(state: PlaybackState, mode: Repeat = Repeat.TRACK) -> PlaybackState:
    """Return a look at what is repeated."""
    if state.playback is None:
        return state
    return replace(state, playback=replace(state.playback, repeat=mode))


def test_a_track_that_was_heard_to_its_end() -> None:
    """Its start is known by the position, its end by the next one's."""
    (heard,) = over(
        nothing(0),
        look(position=9, at=29),
        look(position=198, at=218),
        look(BLUE, 1, 221),
    )
    assert seconds(heard) == ("So What", 20, 220, 200)
    assert (heard.skipped, heard.reason) == (False, "trackdone")
    assert heard.listening.speaker == Speaker("k", "Kitchen")
    assert heard.listening.context is not None
    assert heard.listening.item.album is not None


def test_pause_and_resume_is_one_play() -> None:
    """The pause is left out of what was heard, not of when it ended."""
    (heard,) = over(
        nothing(0),
        look(position=10, at=10),
        look(position=40, at=60, playing=False),
        look(position=40, at=900, playing=False),
        look(position=50, at=960),
        look(BLUE, 0, 1110),
    )
    assert seconds(heard) == ("So What", 0, 1110, 200)


def test_a_pause_overnight_is_an_end() -> None:
    """What is resumed in the morning is another listening; each has its part."""
    looks = [
        nothing(0),
        look(position=60, at=60),
        look(position=80, at=80, playing=False),
        look(position=80, at=80 + 13 * 3600, playing=False),
        look(position=90, at=90 + 13 * 3600),
        look(BLUE, 0, 200 + 13 * 3600),
    ]
    first, second = over(*looks)
    assert seconds(first) == ("So What", 0, 80, 80)
    assert first.reason == "endplay"
    assert seconds(second)[3] == pytest.approx(120)


def test_a_long_pause_is_told_of_before_it_ends() -> None:
    """Once, and again with what is heard later; both are of one play."""
    _, found = watched(
        nothing(0),
        look(position=60, at=60),
        look(position=80, at=80, playing=False),
        look(position=80, at=1900, playing=False),
        look(position=80, at=3600, playing=False),
        look(position=90, at=3610),
        look(BLUE, 0, 3720),
    )
    so_far, whole = found
    assert (so_far.is_over, whole.is_over) == (False, True)
    assert seconds(so_far) == ("So What", 0, 80, 80)
    assert seconds(whole) == ("So What", 0, 3720, 200)
    assert (so_far.listening.kept, whole.listening.kept) == (0, 1)


@pytest.mark.parametrize("mode", list(Repeat))
def test_what_is_played_again_is_another_play(mode: Repeat) -> None:
    """Whether Spotify repeats it or somebody starts it anew when it has ended."""
    looks = [
        nothing(0),
        look(position=10, at=10),
        look(position=199, at=199),
        look(position=1, at=201),
        look(position=198, at=398),
        look(BLUE, 0, 400),
    ]
    first, second = over(*(repeated(one, mode) for one in looks))
    assert seconds(first) == ("So What", 0, 200, 200)
    assert seconds(second) == ("So What", 200, 400, 200)


def test_repeats_are_seen_though_looks_are_rare() -> None:
    """Further on than before, but a whole round too late."""
    looks = [nothing(0), look(position=10, at=10), look(position=50, at=250)]
    (heard,) = over(*map(repeated, looks))
    assert seconds(heard) == ("So What", 0, 200, 200)
    assert not over(*(repeated(one, Repeat.OFF) for one in looks))


def test_the_end_of_an_album() -> None:
    """Spotify stands at the beginning of what was played last, or knows nothing."""
    before = [nothing(0), look(position=199, at=199)]
    for last in (look(position=0, at=205, playing=False), nothing(205)):
        (heard,) = over(*before, last)
        assert seconds(heard) == ("So What", 0, 200, 200)
        assert heard.reason == "trackdone"
    (heard,) = over(*before, look(position=200, at=205, playing=False))
    assert seconds(heard)[3] == 200


def test_jumps_are_no_listening() -> None:
    """Forward or back, what counts is the time that passed."""
    ahead = over(
        nothing(0),
        look(position=10, at=10),
        look(position=150, at=40),
        look(BLUE, 0, 90),
    )
    assert seconds(ahead[0]) == ("So What", 0, 90, 90)
    back = over(
        nothing(0),
        look(position=100, at=100),
        look(position=20, at=130),
        look(BLUE, 0, 310),
    )
    assert seconds(back[0]) == ("So What", 0, 310, 310)
    paused = over(
        nothing(0),
        look(position=10, at=10),
        look(position=150, at=20, playing=False),
        look(BLUE, 0, 30),
    )
    assert seconds(paused[0])[3] == 20
    behind = over(
        nothing(0),
        look(position=100, at=100),
        look(position=5, at=120, playing=False),
        look(BLUE, 0, 130),
    )
    assert seconds(behind[0])[3] == 105


def test_what_is_left_early_in_the_same_place_was_skipped() -> None:
    """Forward, or back to what was before."""
    third = replace(BLUE, uri="spotify:track:3", name="All Blues")
    first, second = over(
        nothing(0),
        look(third, 0, 0),
        look(BLUE, 20, 100),
        look(third, 5, 125),
    )
    assert seconds(first) == ("All Blues", 0, 80, 80)
    assert (first.skipped, first.reason) == (True, "fwdbtn")
    assert seconds(second) == ("Blue in Green", 80, 120, 40)
    assert (second.skipped, second.reason) == (True, "backbtn")


@pytest.mark.parametrize(
    ("item", "device", "context"),
    [
        (BLUE, KITCHEN, ROAD_TRIP),
        (BLUE, BEDROOM, None),
        (ADVERT, KITCHEN, None),
        (FILE, KITCHEN, None),
    ],
)
def test_what_gives_way_to_something_else_was_not_skipped(
    item: PlayingItem, device: Device, context: Context | None
) -> None:
    """To another context, on another speaker, or to what is not kept."""
    before = look(position=60, at=60)
    assert before.playback is not None
    assert before.playback.context is not None
    after = look(item, 0, 70, device=device, context=context or before.playback.context)
    (heard,) = over(nothing(0), before, after)
    assert seconds(heard) == ("So What", 0, 70, 70)
    assert (heard.skipped, heard.reason) == (False, "endplay")


def test_what_waited_paused_was_not_skipped() -> None:
    """It had stopped before."""
    (heard,) = over(
        nothing(0),
        look(position=60, at=60),
        look(position=70, at=70, playing=False),
        look(BLUE, 3, 100),
    )
    assert seconds(heard) == ("So What", 0, 70, 70)
    assert (heard.skipped, heard.reason) == (False, "endplay")


def test_a_private_session_leaves_no_trace() -> None:
    """Pitfall 6: what was heard before it counts, and what is heard after."""
    looks = [
        nothing(0),
        look(position=30, at=30),
        look(position=60, at=60, device=PRIVATE),
        look(BLUE, 20, 90, device=PRIVATE),
        look(BLUE, 50, 120),
        look(BLUE, 180, 250, playing=False),
    ]
    before, after = over(*looks)
    assert seconds(before) == ("So What", 0, 30, 30)
    assert (before.skipped, before.reason) == (None, None)
    assert seconds(after) == ("Blue in Green", 120, 250, 130)


def test_only_private_listening_is_nothing() -> None:
    """Not even that there was any."""
    known, found = watched(
        look(position=10, device=PRIVATE), look(BLUE, 1, 200, device=PRIVATE)
    )
    assert not found
    assert dump(known) is None


@pytest.mark.parametrize(("item", "kind"), [(EPISODE, "episode"), (CHAPTER, "chapter")])
def test_episodes_and_chapters_are_kept_too(item: PlayingItem, kind: str) -> None:
    """Resumed midway, only what was heard now counts."""
    (heard,) = over(
        nothing(0), look(item, 600, 10), look(item, 620, 30), look(BLUE, 0, 40)
    )
    assert seconds(heard) == ("Monday", 0, 40, 40)
    assert heard.listening.item.kind is Kind(kind)
    assert heard.listening.item.album is not None
    assert heard.listening.item.album.name == "The Daily"


@pytest.mark.parametrize("item", [FILE, ADVERT])
def test_local_files_and_adverts_are_not_kept(item: PlayingItem) -> None:
    """They are nothing that Spotify could name."""
    assert not watched(nothing(0), look(item, 10, 10), nothing(60))[1]


def test_the_moment_between_two_items_is_none() -> None:
    """Spotify says then that nothing in particular plays."""
    (heard,) = over(
        nothing(0),
        look(position=198, at=198),
        look(None, None, 200),
        look(BLUE, 2, 202),
    )
    assert seconds(heard) == ("So What", 0, 200, 200)


def test_what_plays_at_the_first_look_began_before() -> None:
    """A track was most likely heard from its beginning; a podcast is often resumed."""
    (track,) = over(look(position=100), look(BLUE, 0, 100))
    assert seconds(track) == ("So What", -100, 100, 200)
    (podcast,) = over(look(EPISODE, 600), look(EPISODE, 650, 50), look(BLUE, 0, 60))
    assert seconds(podcast) == ("Monday", 0, 60, 60)


def test_what_waits_paused_and_never_plays_is_no_play() -> None:
    """However often it is seen."""
    paused = [look(position=60, at=at, playing=False) for at in (0, 60, 90_000)]
    assert not watched(*paused, look(BLUE, 0, 90_060))[1]


def test_what_stops_and_goes_on_is_one_play() -> None:
    """A session may end for a while."""
    (heard,) = over(
        nothing(0),
        look(position=60, at=60),
        nothing(90),
        nothing(150),
        look(position=90, at=180),
        look(BLUE, 0, 290),
    )
    assert seconds(heard) == ("So What", 0, 290, 200)
    known, found = watched(
        nothing(0), look(position=60, at=60), nothing(90), nothing(2000)
    )
    assert [one.is_over for one in found] == [False]
    assert known.listening is not None


def test_what_began_and_was_paused_between_two_looks() -> None:
    """Something was heard of it."""
    (first,) = over(
        nothing(0), look(position=190, at=190), look(BLUE, 5, 219, playing=False)
    )
    assert seconds(first)[0] == "So What"
    known, _ = watched(
        nothing(0), look(position=190, at=190), look(BLUE, 5, 219, playing=False)
    )
    assert known.listening is not None
    assert known.listening.heard_ms == 5000


def test_positions_need_not_be_told() -> None:
    """Time passes all the same."""
    (heard,) = over(
        nothing(0), look(position=None, at=10), look(position=None, at=40), nothing(300)
    )
    assert seconds(heard)[3] == 200


def test_what_has_no_length_is_never_called_finished() -> None:
    """Nor skipped."""
    endless = replace(SO_WHAT, duration_ms=0)
    (heard,) = over(nothing(0), look(endless, 10, 10), look(BLUE, 0, 100))
    assert seconds(heard) == ("So What", 0, 100, 100)
    assert (heard.skipped, heard.reason) == (None, None)


def test_watching_goes_on_after_a_restart() -> None:
    """What was handed over before is told apart by its number."""
    known, _ = watched(nothing(0), look(position=60, at=60))
    known, (so_far,) = put_aside(known, [])
    assert seconds(so_far) == ("So What", 0, 60, 60)
    assert put_aside(known, [])[1] == []
    stored = json.loads(json.dumps(dump(known)))
    again = load(stored)
    assert again.listening == known.listening
    _, (whole,) = watched(look(position=130, at=130), look(BLUE, 0, 200), begin=again)
    assert seconds(whole) == ("So What", 0, 200, 200)
    assert whole.listening.kept == 1


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"item": None},
        {"at": "yesterday"},
        {"item": {"kind": "song", "name": "x", "album": None, "artists": []}},
        {"surprise": 1},
    ],
)
def test_what_is_no_listening_is_refused(broken: dict[str, object]) -> None:
    """A store may hold anything."""
    known, _ = watched(nothing(0), look(EPISODE, 60, 60))
    good = dump(known)
    assert good is not None
    assert load(good).listening == known.listening
    with pytest.raises((LookupError, TypeError, ValueError)):
        load({**good, **broken} if broken else {})


@st.composite
def evenings(draw: st.DrawFn) -> list[PlaybackState]:
    """Return looks at anything, in order."""
    found, at = [], 0.0
    for _ in range(draw(st.integers(1, 25))):
        at += draw(st.sampled_from((0.5, 10, 29, 61, 600, 50_000)))
        item = draw(st.sampled_from((SO_WHAT, BLUE, EPISODE, ADVERT, FILE, None)))
        state = look(
            item,
            draw(st.none() | st.integers(0, 200)),
            at,
            playing=draw(st.booleans()),
            device=draw(st.sampled_from((KITCHEN, BEDROOM, PRIVATE, None))),
        )
        state = repeated(state, draw(st.sampled_from(list(Repeat))))
        found.append(draw(st.sampled_from((state, state, nothing(at)))))
    return found


@given(evenings())
def test_nothing_is_heard_for_longer_than_it_took(looks: list[PlaybackState]) -> None:
    """Whatever happens: times are in order, and plays follow each other."""
    known = Watched()
    last = looks[0].at - timedelta(seconds=200)
    for one in looks:
        known, found = watch(known, one, speaker_of)
        for heard in found:
            listening = heard.listening
            assert listening.started is not None
            assert listening.until is not None
            took = listening.until - listening.started
            assert 0 < listening.heard_ms <= took / timedelta(milliseconds=1) + 3000
            assert listening.until <= one.at
            if listening.kept == 0:
                assert listening.started >= last - timedelta(seconds=3)
            if heard.is_over:
                last = listening.until
        assert _is_public(known, one)


@given(evenings(), st.data())
def test_restarts_change_nothing(
    looks: list[PlaybackState], data: st.DataObject
) -> None:
    """What is over is the same, wherever watching was interrupted."""
    cut = data.draw(st.integers(0, len(looks)))
    whole = watched(*looks)[1]
    known, first = watched(*looks[:cut])
    stored = dump(known)
    again = replace(load(stored), before=known.before) if stored else known
    _, second = watched(*looks[cut:], begin=again)
    assert first + second == whole


def _is_public(known: Watched, one: PlaybackState) -> bool:
    playback: Playback | None = one.playback
    private = playback and playback.device and playback.device.is_private_session
    return not private or known.listening is None
