"""Lists that need more requests than the ledger lets through at once."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.spotify_hub.account import patience, queue
from custom_components.spotify_hub.account.search import SearchOperations
from custom_components.spotify_hub.api.errors import HeldBackError
from custom_components.spotify_hub.api.uri import UriType
from tests.conftest import AccountEntry, Link
from tests.emulator import Emulator
from tests.emulator.data import find
from tests.emulator.phone import Phone

from .conftest import Call, Uri, refused


@pytest.fixture
def waits(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let waiting for room pass at once, for the ledger's clock too."""
    waited: list[float] = []
    real = hass.loop.time

    async def pause(seconds: float) -> None:
        waited.append(seconds)
        assert len(waited) < 20

    monkeypatch.setattr(patience, "pause", pause)
    monkeypatch.setattr(queue, "PACE", 0)
    monkeypatch.setattr(hass.loop, "time", lambda: real() + sum(waited))
    return waited


@pytest.fixture(params=["demo-client-id", "legacy-client-id"])
async def anna(
    request: pytest.FixtureRequest,
    hass: HomeAssistant,
    waits: list[float],
    link: Link,
    phone: Phone,
    uri: Uri,
    emulator: Emulator,
) -> AccountEntry:
    """Link Anna, by an app of either regime; a song plays in her kitchen."""
    entry = await link(app=request.param)
    phone.play(uri("track", "Get Lucky"), "Kitchen")
    await entry.runtime_data.playback.async_refresh()
    await hass.async_block_till_done(wait_background_tasks=True)
    emulator.forget_requests()
    return entry


@pytest.fixture
def albums(emulator: Emulator) -> list[str]:
    """Let Spotify know forty albums of one track each."""
    model = find(emulator.world, "album", "Kind of Blue")
    (track, *_) = model["tracks"]["items"]
    tracks = {**model["tracks"], "items": [track], "total": 1}
    uris = []
    for number in range(40):
        ident = f"{number:022}"
        album = {
            **model,
            "id": ident,
            "uri": f"spotify:album:{ident}",
            "name": f"Qwortle {number:02}",
            "tracks": tracks,
            "total_tracks": 1,
        }
        emulator.world.catalogue[album["uri"]] = album
        uris.append(album["uri"])
    return uris


@pytest.mark.usefixtures("anna")
async def test_forty_albums_are_queued(
    phone: Phone,
    call: Call,
    uri: Uri,
    emulator: Emulator,
    albums: list[str],
    waits: list[float],
) -> None:
    """Reading and adding wait for room by turns."""
    track = uri("track", "So What")
    answer = await call("add_to_queue", items=albums)
    assert answer == {"queued": [track] * 40, "skipped": []}
    assert len(phone.player.queue) == 40
    assert waits
    assert not refused(emulator)


async def test_forty_names_are_looked_up(
    anna: AccountEntry, emulator: Emulator, albums: list[str], waits: list[float]
) -> None:
    """Each once, however often it is named; repetitions are kept if wanted."""
    names = [f"Qwortle {number:02}" for number in range(40)]
    items = anna.runtime_data.items
    found = await items.uris([*names, *names], {UriType.ALBUM})
    assert [str(one) for one in found] == albums
    assert waits
    assert len(emulator.calls("GET", "/search$")) == 40
    found = await items.uris([names[0], albums[1], names[0]], {UriType.ALBUM})
    assert [str(one) for one in found] == albums[:2]
    found = await items.uris(
        [names[0], albums[1], names[0]], {UriType.ALBUM}, repeats=True
    )
    assert [str(one) for one in found] == [albums[0], albums[1], albums[0]]
    assert not refused(emulator)


async def use_up(search: SearchOperations) -> None:
    """Search until there is no room for more."""
    for number in range(100):
        await search.search(f"zzyzx {number}", kinds=[UriType.ALBUM])


@pytest.mark.parametrize("one", ["Qwortle 07", "spotify:album:" + "7".zfill(22)])
async def test_one_thing_is_not_waited_for(
    anna: AccountEntry,
    call: Call,
    emulator: Emulator,
    albums: list[str],
    waits: list[float],
    one: str,
) -> None:
    """Whoever asks for little hears at once that there is no room."""
    with pytest.raises(HeldBackError):
        await use_up(anna.runtime_data.search)
    with pytest.raises(HomeAssistantError) as raised:
        await call("add_to_queue", items=one)
    assert raised.value.translation_key == "held_back"
    assert not waits
