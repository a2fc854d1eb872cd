"""Whatever bytes come: a model, or an error of ours; never one of a library's."""

from collections.abc import AsyncIterator, Callable, Coroutine
import copy
from inspect import getsource
import json
import re
from typing import Any, cast

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.spotify_hub.api import library, parse, parse_player
from custom_components.spotify_hub.api.catalogue import SearchType
from custom_components.spotify_hub.api.classify import classify
from custom_components.spotify_hub.api.client import SpotifyHubClient
from custom_components.spotify_hub.api.errors import InvalidAnswerError, SpotifyApiError
from custom_components.spotify_hub.api.models import Json, Page
from custom_components.spotify_hub.api.request import Request
from custom_components.spotify_hub.api.transport import Transport
from tests.emulator.data import build_world
from tests.emulator.world import Clock

# Every key that the readers look for, and the words they know.
_KEYS = sorted(
    {
        key
        for part in (parse, parse_player, library, classify)
        for key in re.findall(r'"([a-z_]+)"', getsource(part))
    }
)
_WORDS = [
    *_KEYS,
    "ALBUM",
    "spotify:track:1",
    "2026-01-02T03:04:05Z",
    "2026-01-02",
    "0000",
    "9999-12-31T23:59:59.999999-23:59",
]

_PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(_WORDS)
)
_VALUES = st.recursive(
    _PLAIN,
    lambda values: (
        st.lists(values, max_size=4)
        | st.dictionaries(
            st.sampled_from(_KEYS) | st.text(max_size=5), values, max_size=6
        )
    ),
    max_leaves=25,
)
_OBJECTS = st.dictionaries(st.sampled_from(_KEYS), _VALUES, max_size=10)
_BODIES = (
    st.text()
    | st.binary().map(lambda raw: raw.decode(errors="replace"))
    | _VALUES.map(json.dumps)
    | _OBJECTS.map(json.dumps)
    | _OBJECTS.map(lambda data: json.dumps({"error": data}))
    | _OBJECTS.map(lambda data: json.dumps(data)[:-3])
)

_CATALOGUE = list(build_world(Clock()).catalogue.values())
_READERS: dict[str, Callable[[Json], object]] = {
    "album": parse.album,
    "artist": parse.artist,
    "audiobook": parse.audiobook,
    "chapter": parse.episode,
    "episode": parse.episode,
    "show": parse.show,
    "track": parse.track,
}
_OTHER_READERS: list[Callable[[Json], object]] = [
    parse.image,
    parse.playable,
    parse.playlist,
    parse.playlist_entry,
    parse.user,
    parse.saved("album", parse.album),
    parse.saved("audiobook", parse.audiobook),
    parse_player.device,
    parse_player.play,
]
_WHOLE_READERS: list[Callable[[Json], object]] = [
    lambda data: parse.page(data, parse.playlist_entry),
    parse.search_results,
    parse_player.devices,
    parse_player.playback,
    parse_player.queue,
]

ID = "4uLU6hMCjMI75M1A2tKUQC"


class OneAnswer:
    """Stands for the transport; answers everything by the same body, once."""

    def __init__(self, body: str) -> None:
        """Keep the body."""
        self._left = [body, ""]

    async def send(self, request: Request) -> str:
        """Answer; after a second request, by an error."""
        if not self._left:
            raise InvalidAnswerError(f"{request.path}: enough")
        return self._left.pop(0)


async def _all(items: AsyncIterator[object]) -> None:
    async for _ in items:
        pass


_CALLS: list[Callable[[SpotifyHubClient], Coroutine[Any, Any, object]]] = [
    lambda client: client.player.playback(),
    lambda client: client.player.devices(),
    lambda client: client.player.queue(),
    lambda client: client.player.recently_played(),
    lambda client: client.library.me(),
    lambda client: client.library.contains([f"spotify:track:{ID}"]),
    lambda client: _all(aiter(client.library.saved_tracks())),
    lambda client: _all(aiter(client.library.saved_audiobooks())),
    lambda client: _all(aiter(client.library.followed_artists())),
    lambda client: client.library.top_artists().page(0, 100),
    lambda client: client.playlists.playlist(ID),
    lambda client: client.playlists.items(ID).page(),
    lambda client: client.catalogue.album(ID),
    lambda client: client.catalogue.track(ID),
    lambda client: client.catalogue.episode(ID),
    lambda client: client.catalogue.search("x", list(SearchType)),
]


@given(
    status=st.integers(100, 999),
    body=_BODIES,
    header=st.none() | st.text(max_size=10) | _PLAIN.map(str),
)
def test_any_answer_is_success_or_one_error(
    status: int, body: str, header: str | None
) -> None:
    """No status, body or header makes classifying fail."""
    error = classify(status, body, header)
    assert isinstance(error, SpotifyApiError) is not (200 <= status < 300)


@given(data=_OBJECTS)
def test_any_object_is_read_or_left_out(data: Json) -> None:
    """Readers of what stands in lists never raise, whatever stands there."""
    for reader in (*_READERS.values(), *_OTHER_READERS):
        reader(data)


@given(data=_OBJECTS)
def test_any_whole_answer_is_read_or_unreadable(data: Json) -> None:
    """A missing list is said to be missing, and nothing else is raised."""
    for reader in _WHOLE_READERS:
        try:
            reader(data)
        except InvalidAnswerError:
            continue


@settings(max_examples=300)
@given(body=_BODIES, call=st.sampled_from(_CALLS))
def test_t8_any_call_ends_with_a_model_or_an_error_of_ours(
    body: str, call: Callable[[SpotifyHubClient], Coroutine[Any, Any, object]]
) -> None:
    """No error of orjson's, mashumaro's or Python's gets out of a call."""
    client = SpotifyHubClient(cast("Transport", OneAnswer(body)))
    try:
        call(client).send(None)
    except StopIteration, SpotifyApiError:
        return
    pytest.fail("The call waits for something")


@settings(max_examples=300)
@given(st.data())
def test_m8_one_odd_field_costs_that_field_or_that_object(data: st.DataObject) -> None:
    """What stands beside it in a list stays, for every field of every kind."""
    genuine = data.draw(st.sampled_from(_CATALOGUE))
    reader = _READERS[genuine["type"]]
    odd = copy.deepcopy(genuine)
    part = odd
    key = data.draw(st.sampled_from(sorted(part)))
    while isinstance(part[key], dict) and part[key] and data.draw(st.booleans()):
        part = part[key]
        key = data.draw(st.sampled_from(sorted(part)))
    part[key] = data.draw(_VALUES)
    found: Page[object] = parse.page({"items": [genuine, odd, genuine]}, reader)
    assert len(found.items) in {2, 3}
    assert found.items[0] == found.items[-1] == reader(genuine)


@pytest.mark.parametrize("call", _CALLS)
def test_an_empty_answer_is_no_model(
    call: Callable[[SpotifyHubClient], Coroutine[Any, Any, object]],
) -> None:
    """But for the player's state, where Spotify says by it that nothing is active."""
    client = SpotifyHubClient(cast("Transport", OneAnswer("")))
    if call is _CALLS[0]:
        with pytest.raises(StopIteration) as ended:
            call(client).send(None)
        assert ended.value.value is None
        return
    with pytest.raises(InvalidAnswerError):
        call(client).send(None)
