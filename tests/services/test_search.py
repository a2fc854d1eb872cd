"""The action that searches, over the emulated Spotify."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
import voluptuous as vol

from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.pins import Pin
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator
from tests.emulator.data import find
from tests.emulator.faults import Fault

SEARCH = "^/v1/search$"

pytestmark = pytest.mark.usefixtures("anna")


async def search(hass: HomeAssistant, query: str, **how: Any) -> dict[str, Any]:
    """Return what the action answers."""
    answer = await hass.services.async_call(
        DOMAIN, "search", {"query": query, **how}, blocking=True, return_response=True
    )
    assert answer is not None
    return answer


@pytest.mark.parametrize("query", ["", "   "])
async def test_an_empty_query_is_refused(
    hass: HomeAssistant, emulator: Emulator, query: str
) -> None:
    """Before anything is asked."""
    emulator.forget_requests()
    with pytest.raises(ServiceValidationError) as raised:
        await search(hass, query)
    assert raised.value.translation_key == "empty_query"
    assert not emulator.calls()


@pytest.mark.parametrize(
    "how",
    [
        {"media_type": ["song"]},
        {"scope": "everywhere"},
        {"limit": 0},
        {"limit": 1001},
        {"limit": float("inf")},
    ],
)
async def test_what_makes_no_sense_is_refused(
    hass: HomeAssistant, how: dict[str, Any]
) -> None:
    """Before anything is asked."""
    with pytest.raises(vol.Invalid):
        await search(hass, "blue", **how)


async def test_results_by_type_and_the_best_of_all(
    hass: HomeAssistant, emulator: Emulator
) -> None:
    """Of every type without more, ten each, by one request."""
    emulator.forget_requests()
    answer = await search(hass, "so what by miles davis")
    assert set(answer["results"]) == {
        "tracks",
        "albums",
        "artists",
        "playlists",
        "shows",
        "episodes",
        "audiobooks",
    }
    assert answer["best"] == answer["results"]["tracks"][0]
    assert answer["best"]["name"] == "So What"
    assert answer["best"]["by"] == ["Miles Davis"]
    assert answer["best"]["duration"] > 0
    (asked,) = emulator.calls("GET", SEARCH)
    assert asked.query["limit"] == "10"


async def test_only_some_types(hass: HomeAssistant, emulator: Emulator) -> None:
    """One or several, and no more of each than wanted."""
    emulator.forget_requests()
    answer = await search(hass, "blue", media_type=["album", "track"], limit=2)
    assert {kind: len(hits) for kind, hits in answer["results"].items()} == {
        "albums": 2,
        "tracks": 2,
    }
    assert set((await search(hass, "blue", media_type="album"))["results"]) == {
        "albums"
    }
    assert [call.query["type"] for call in emulator.calls("GET", SEARCH)] == [
        "album,track",
        "album",
    ]


async def test_what_is_pinned_and_own_playlists(
    hass: HomeAssistant, anna: AccountEntry, emulator: Emulator
) -> None:
    """In one's own things only, the catalogue is not asked."""
    pin = Pin(uri="spotify:playlist:37i9dQZF1EQncLwOalG3K7", name="Kitchen Radio")
    anna.runtime_data.household.async_set_pins((pin,))
    emulator.forget_requests()
    answer = await search(hass, "kitchen", scope="library", media_type="playlist")
    assert [hit["name"] for hit in answer["results"]["playlists"]] == [
        "Kitchen",
        "Kitchen Radio",
    ]
    assert answer["results"]["playlists"][1] == {
        "type": "playlist",
        "uri": pin.uri,
        "name": "Kitchen Radio",
        "by": [],
        "image": None,
    }
    assert not emulator.calls("GET", SEARCH)
    answer = await search(hass, "kitchen radio", scope="catalogue")
    assert pin.uri not in [hit["uri"] for hit in answer["results"]["playlists"]]


@pytest.mark.parametrize("media_type", [{}, {"media_type": ["album", "playlist"]}])
async def test_own_playlists_that_were_not_granted_are_told(
    hass: HomeAssistant, link: Link, emulator: Emulator, media_type: dict[str, Any]
) -> None:
    """An empty answer would say that there are none."""
    ben = await link("ben", features=[])
    emulator.forget_requests()
    how = {"scope": "library", "config_entry_id": ben.entry_id}
    with pytest.raises(ServiceValidationError) as raised:
        await search(hass, "kitchen", **how, **media_type)
    assert raised.value.translation_key == "playlists_not_granted"
    assert not emulator.calls()
    answer = await search(hass, "kitchen", **how, media_type="album")
    assert answer["results"] == {"albums": []}


async def test_own_playlists_that_cannot_be_read(
    hass: HomeAssistant, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Where they alone are wanted this is an error; else it is logged, once."""
    emulator.faults.add(Fault("^/v1/me/playlists$", times=None, status=403, body={}))
    with pytest.raises(HomeAssistantError) as raised:
        await search(hass, "kitchen", scope="library")
    assert raised.value.translation_key == "forbidden"
    for _ in range(2):
        answer = await search(hass, "kind of blue")
        assert answer["best"]["name"] == "Kind of Blue"
    assert caplog.text.count("Own playlists can't be looked through now") == 1


@pytest.mark.parametrize("app", ["demo-client-id", "legacy-client-id"])
async def test_more_than_a_page_is_answered(
    hass: HomeAssistant, link: Link, emulator: Emulator, app: str
) -> None:
    """Ten at a time, as new apps must, and no further than there is something."""
    ben = await link("ben", app=app)
    model = find(emulator.world, "album", "Kind of Blue")
    for number in range(25):
        ident = f"{number:022}"
        album = {**model, "id": ident, "uri": f"spotify:album:{ident}"}
        emulator.world.catalogue[album["uri"]] = {**album, "name": f"Qwortle {number}"}
    emulator.forget_requests()
    answer = await search(
        hass,
        "qwortle",
        config_entry_id=ben.entry_id,
        media_type=["album", "artist"],
        limit=100,
    )
    assert len({hit["uri"] for hit in answer["results"]["albums"]}) == 25
    assert answer["results"]["artists"] == []
    asked = [call.query for call in emulator.calls("GET", SEARCH)]
    assert [(one["type"], one["offset"], one["limit"]) for one in asked] == [
        ("album,artist", "0", "10"),
        ("album", "10", "10"),
        ("album", "20", "10"),
    ]
    assert all(one.status < 400 for one in emulator.requests)


async def test_nothing_found_is_an_answer(hass: HomeAssistant) -> None:
    """With empty lists, and nothing that is best."""
    answer = await search(hass, "zzyzx qwortle")
    assert not any(answer["results"].values())
    assert answer["best"] is None


async def test_a_failure_is_no_empty_answer(
    hass: HomeAssistant, emulator: Emulator
) -> None:
    """It is told as what it is."""
    emulator.faults.add(Fault(path=SEARCH, times=None, status=403, body={}))
    with pytest.raises(HomeAssistantError) as raised:
        await search(hass, "kind of blue")
    assert raised.value.translation_key == "forbidden"
