"""What happened between two looks, and what did not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, strategies as st
import pytest

from custom_components.spotify_hub.account.happenings import (
    Happening,
    What,
    compare,
    known,
)
from custom_components.spotify_hub.api.models import (
    Album,
    Artist,
    Context,
    Device,
    Episode,
    Image,
    OtherItem,
    Playback,
    PlayingItem,
    Show,
    Track,
)
from custom_components.spotify_hub.playback_state import PlaybackState

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ALBUM = Album("spotify:album:a", "a", "Kind of Blue", images=(Image("https://i/a"),))
MILES = Artist("spotify:artist:m", "m", "Miles Davis")
SO_WHAT = Track("spotify:track:1", "1", "So What", 200_000, (MILES,), ALBUM)
BLUE = Track("spotify:track:2", "2", "Blue in Green", 180_000, (MILES,), ALBUM)
FILE = Track("spotify:local:::x:100", None, "Demo", 100_000, is_local=True)
SHOW = Show("spotify:show:s", "s", "The Daily")
EPISODE = Episode("spotify:episode:e", "e", "Monday", 1_200_000, SHOW)
ADVERT = OtherItem("ad", "spotify:ad:0", None, 30_000)
KITCHEN = Device("k", "Kitchen", "Speaker", is_active=True)
BEDROOM = Device("b", "Bedroom", "Speaker", is_active=True)
KIND_OF_BLUE = Context("album", ALBUM.uri)
ROAD_TRIP = Context("playlist", "spotify:playlist:r")
PRIVATE = replace(KITCHEN, is_private_session=True)


def look(
    item: PlayingItem | None = SO_WHAT,
    position: float | None = 0,
    at: float = 0,
    *,
    playing: bool = True,
    device: Device | None = KITCHEN,
    context: Context | None = KIND_OF_BLUE,
) -> PlaybackState:
    """Return what was seen `at` so many seconds after noon."""
    progress = None if position is None else round(position * 1000)
    moment = NOON + timedelta(seconds=at)
    playback = Playback(playing, device, item, context, progress)
    return PlaybackState(playback, moment, moment)


def nothing(at: float = 0) -> PlaybackState:
    """Return that nothing plays, nor is paused."""
    moment = NOON + timedelta(seconds=at)
    return PlaybackState(None, moment, moment)


def steps(
    looks: Sequence[PlaybackState],
) -> list[tuple[PlaybackState | None, PlaybackState]]:
    """Return each two looks that are compared, completed."""
    pairs: list[tuple[PlaybackState | None, PlaybackState]] = []
    before = None
    for seen in looks:
        pairs.append((before, known(before, seen)))
        before = pairs[-1][1]
    return pairs


def happened(*looks: PlaybackState) -> list[Happening]:
    """Return all that happened between several looks."""
    return [
        happening
        for before, after in steps(looks)
        for happening in compare(before, after)
    ]


def kinds(*looks: PlaybackState) -> list[str]:
    """Return the kinds of what happened."""
    return [happening.what.value for happening in happened(*looks)]


def test_the_first_look_tells_nothing() -> None:
    """After a restart what plays is no news."""
    assert kinds(look()) == []
    assert kinds(nothing()) == []


def test_time_that_passes_is_nothing() -> None:
    """The same track half a minute later."""
    assert kinds(look(), look(position=29, at=29)) == []


def test_the_next_track_changes_the_track() -> None:
    """With everything about both that an automation needs."""
    (change,) = happened(look(position=190), look(BLUE, 1, at=11))
    assert change.what is What.TRACK_CHANGED
    assert change.data == {
        "uri": BLUE.uri,
        "name": "Blue in Green",
        "media_type": "track",
        "artists": ["Miles Davis"],
        "album": "Kind of Blue",
        "image": "https://i/a",
        "duration": 180,
        "position": 1,
        "context_uri": ALBUM.uri,
        "context_type": "album",
        "context": "Kind of Blue",
        "speaker": "Kitchen",
        "speaker_type": "Speaker",
        "private_session": False,
        "previous_uri": SO_WHAT.uri,
        "previous_name": "So What",
        "previous_artists": ["Miles Davis"],
    }


def test_an_episode_is_told_with_its_show() -> None:
    """The show stands where a track has its album."""
    context = Context("show", SHOW.uri)
    change = happened(look(position=190), look(EPISODE, 1, at=11, context=context))[-1]
    assert change.data["media_type"] == "episode"
    assert change.data["album"] == change.data["context"] == "The Daily"


def test_a_context_is_named_where_its_name_is_known() -> None:
    """The account knows the names of playlists that played before."""
    after = look(SO_WHAT, 1, at=1, context=ROAD_TRIP)
    (change,) = compare(look(), after, {ROAD_TRIP.uri: "Road trip"}.get)
    assert change.what is What.CONTEXT_CHANGED
    assert change.data["context"] == "Road trip"
    assert change.data["previous_context"] == "Kind of Blue"
    assert change.data["previous_context_uri"] == ALBUM.uri


def test_leaving_a_context_changes_it() -> None:
    """A single track has no context."""
    (change,) = happened(look(), look(position=1, at=1, context=None))
    assert change.what is What.CONTEXT_CHANGED
    assert change.data["context_uri"] is None


def test_a_transfer_changes_only_the_speaker() -> None:
    """Playback goes on where it was."""
    (change,) = happened(look(), look(position=9, at=9, device=BEDROOM))
    assert change.what is What.SPEAKER_CHANGED
    assert change.data["speaker"] == "Bedroom"
    assert change.data["previous_speaker"] == "Kitchen"
    assert change.data["previous_speaker_type"] == "Speaker"


def test_a_new_id_is_no_new_speaker() -> None:
    """Spotify renames what it calls a speaker by, at will."""
    renamed = replace(KITCHEN, id="k2", volume_percent=3)
    assert kinds(look(), look(position=9, at=9, device=renamed)) == []


def test_what_an_account_plays_first_is_a_change_of_track_but_not_of_speaker() -> None:
    """Where nothing was known to play, nothing has moved either."""
    assert kinds(nothing(), look(at=60)) == [
        "context_changed",
        "track_changed",
        "playback_started",
    ]


def test_pauses_end_and_resuming_starts() -> None:
    """Nothing else changes."""
    paused = look(position=5, at=5, playing=False)
    assert kinds(look(), paused, look(position=5, at=60)) == [
        "playback_ended",
        "playback_started",
    ]


def test_a_session_that_fades_is_forgotten_by_nobody() -> None:
    """Spotify answers "nothing" after a while; the same track goes on tomorrow."""
    paused = look(position=5, at=5, playing=False)
    assert kinds(paused, nothing(900), look(position=5, at=90_000)) == [
        "playback_started"
    ]


def test_an_end_tells_what_ended() -> None:
    """Even when Spotify says no more than that nothing plays."""
    (end,) = happened(look(), nothing(at=20))
    assert end.what is What.PLAYBACK_ENDED
    assert end.data["uri"] == SO_WHAT.uri
    assert end.data["speaker"] == "Kitchen"
    assert end.data["position"] is None


@pytest.mark.parametrize("gap", [ADVERT, None])
def test_an_advert_is_no_track(gap: PlayingItem | None) -> None:
    """Nor is it the end of playback, nor a skip of what it interrupts."""
    break_ = look(gap, 3, at=100, context=None)
    assert kinds(look(), break_) == []
    assert kinds(look(), break_, look(position=100, at=130)) == []
    assert kinds(look(), break_, look(BLUE, 1, at=130)) == ["track_changed"]


def test_an_advert_first_is_followed_by_a_change() -> None:
    """What was heard before it is not known."""
    assert kinds(look(ADVERT, context=None), look(at=30)) == [
        "context_changed",
        "track_changed",
    ]


def test_a_local_file_is_a_track() -> None:
    """Of which less is known."""
    (change,) = happened(look(position=190), look(FILE, 1, at=11))
    assert change.data["uri"] == FILE.uri
    assert change.data["name"] == "Demo"
    assert change.data["artists"] == []
    assert change.data["image"] is None


def test_the_same_track_again_is_nothing_new() -> None:
    """Repeated, or restarted."""
    assert kinds(look(position=190), look(position=1, at=11)) == []
    assert kinds(look(position=50), look(position=1, at=11)) == []


def test_a_track_left_early_was_skipped() -> None:
    """When, and what was left, is reckoned from the position of the next one."""
    skip, change = happened(look(position=10), look(BLUE, 5, at=29))
    assert change.what is What.TRACK_CHANGED
    assert skip.what is What.SKIPPED
    assert skip.data["uri"] == SO_WHAT.uri
    assert skip.data["position"] == 34
    assert skip.data["remaining"] == 166
    assert skip.data["duration"] == 200
    assert skip.data["next_uri"] == BLUE.uri
    assert skip.data["next_name"] == "Blue in Green"


def test_a_skip_and_a_pause_at_once_are_both_told() -> None:
    """Both between two polls."""
    after = look(BLUE, 0, at=29, playing=False)
    assert kinds(look(position=10), after) == [
        "skipped",
        "track_changed",
        "playback_ended",
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(look(position=180), look(BLUE, 9, at=29), id="late poll"),
        pytest.param(look(position=180), look(BLUE, 0, at=20), id="to the second"),
        pytest.param(look(position=10), look(BLUE, 9, at=3600), id="outage"),
        pytest.param(look(position=180), look(BLUE, 5, at=13), id="crossfade"),
        pytest.param(look(position=10, playing=False), look(BLUE, at=9), id="paused"),
        pytest.param(look(position=10), look(BLUE, at=9, device=BEDROOM), id="moved"),
        pytest.param(
            look(position=10), look(BLUE, at=9, context=ROAD_TRIP), id="something else"
        ),
        pytest.param(look(position=None), look(BLUE, at=9), id="no position"),
    ],
)
def test_what_was_not_skipped(before: PlaybackState, after: PlaybackState) -> None:
    """It ended by itself, gave way to another start, or nobody can tell."""
    assert "skipped" not in kinds(before, after)
    assert "track_changed" in kinds(before, after)


def test_an_episode_that_goes_on_in_its_middle_was_not_begun_before_the_look() -> None:
    """Its position then says nothing about when the last one was left."""
    skip = happened(look(position=10), look(EPISODE, 600, at=29))[0]
    assert skip.what is What.SKIPPED
    assert skip.data["remaining"] == 190


def test_a_private_session_is_told_without_what_is_listened_to() -> None:
    """Neither item nor context, before or after; that something plays, and where."""
    looks = [
        look(device=PRIVATE),
        look(BLUE, 5, at=29, device=PRIVATE, context=ROAD_TRIP),
        look(SO_WHAT, 5, at=40, device=PRIVATE, context=ROAD_TRIP),
        look(SO_WHAT, 5, at=50, playing=False, device=PRIVATE, context=ROAD_TRIP),
        nothing(at=900),
    ]
    told = happened(*looks)
    assert [happening.what.value for happening in told] == [
        "context_changed",
        "track_changed",
        "skipped",
        "track_changed",
        "playback_ended",
    ]
    for happening in told:
        assert happening.data["private_session"]
        assert happening.data["speaker"] == "Kitchen"
        assert "spotify:" not in repr(happening.data)
        assert "Blue" not in repr(happening.data)
        assert happening.data["position"] is happening.data["duration"] is None


def test_a_private_session_is_not_told_afterwards() -> None:
    """What was heard in it is nobody's previous track."""
    change = happened(look(device=PRIVATE), look(BLUE, 1, at=300))[-1]
    assert change.data["uri"] == BLUE.uri
    assert change.data["previous_uri"] is None
    assert change.data["previous_name"] is None
    assert not change.data["private_session"]


ITEMS: list[PlayingItem | None] = [SO_WHAT, BLUE, FILE, EPISODE, ADVERT, None]
LOOKS = st.builds(
    look,
    st.sampled_from(ITEMS),
    st.none() | st.integers(0, 200),
    playing=st.booleans(),
    device=st.sampled_from([KITCHEN, BEDROOM, PRIVATE, None]),
    context=st.sampled_from([KIND_OF_BLUE, ROAD_TRIP, None]),
) | st.builds(nothing)


@st.composite
def days(draw: st.DrawFn) -> list[PlaybackState]:
    """Return looks, one after another."""
    day: list[PlaybackState] = []
    at = NOON
    for seen in draw(st.lists(LOOKS, max_size=12)):
        at += timedelta(seconds=draw(st.integers(0, 400)))
        day.append(PlaybackState(seen.playback, at, at))
    return day


@given(days())
def test_a_look_repeated_tells_nothing(day: list[PlaybackState]) -> None:
    """Law: no change, no happening."""
    for _, look_ in steps(day):
        assert compare(look_, known(look_, look_)) == ()


@given(days())
def test_starts_and_ends_alternate(day: list[PlaybackState]) -> None:
    """Law: whatever Spotify says, nothing ends twice."""
    told = [kind for kind in kinds(*day) if kind.startswith("playback_")]
    assert all(one != other for one, other in pairwise(told))
    if day and told:
        assert (told[0] == "playback_ended") is day[0].is_playing


@given(days())
def test_the_track_changes_exactly_with_its_uri(day: list[PlaybackState]) -> None:
    """Law: track_changed if and only if another item plays than was last known."""
    for before, after in steps(day)[1:]:
        assert before is not None
        told = [happening.what for happening in compare(before, after)]
        changed = before.item_uri != after.item_uri
        assert (What.TRACK_CHANGED in told) is changed
        assert What.SKIPPED not in told or changed
        assert len(set(told)) == len(told)


@given(days())
def test_data_is_always_whole(day: list[PlaybackState]) -> None:
    """Law: an automation's template finds each name, and a skip was early."""
    for happening in happened(*day):
        assert {"uri", "name", "artists", "speaker", "position"} <= set(happening.data)
        if happening.what is What.SKIPPED and happening.data["duration"] is not None:
            assert 0 < happening.data["remaining"] <= happening.data["duration"]
            assert happening.data["position"] >= 0
