"""Names of the playlists that play."""

from collections.abc import Awaitable, Callable

from homeassistant.core import HomeAssistant
import pytest

from custom_components.spotify_hub.account import contexts
from custom_components.spotify_hub.account.happenings import Happening
from custom_components.spotify_hub.api.uri import parse_uri
from tests.conftest import AccountEntry
from tests.emulator import Emulator, Fault
from tests.emulator.data import find, playlist_named
from tests.emulator.records.mixtapes import MADE_BY_SPOTIFY

type Learn = Callable[[str], Awaitable[str | None]]


@pytest.fixture
def learn(hass: HomeAssistant, anna: AccountEntry) -> Learn:
    """Ask for a name, and return it when the answer is there."""
    names = anna.runtime_data.contexts

    async def run(uri: str) -> str | None:
        names.async_learn(uri)
        await hass.async_block_till_done(wait_background_tasks=True)
        return names.name(uri)

    return run


@pytest.mark.parametrize(
    "uri", ["spotify:station:whatever", "spotify:album:" + "1" * 22, ""]
)
async def test_only_playlists_are_asked_for(
    emulator: Emulator, learn: Learn, uri: str
) -> None:
    """An album is named by its tracks; of kinds unknown nothing is known."""
    emulator.forget_requests()
    assert await learn(uri) is None
    assert not emulator.requests


async def test_a_name_that_could_not_be_had_is_asked_for_again(
    emulator: Emulator, learn: Learn
) -> None:
    """A fault of the moment is not the answer; 404 is."""
    workout = playlist_named(emulator.world, "Workout 2026")
    emulator.faults.add(Fault("/v1/playlists/", status=429, retry_after=1))
    assert await learn(workout.uri) is None
    assert await learn(workout.uri) == "Workout 2026"


async def test_names_do_not_pile_up(
    emulator: Emulator,
    anna: AccountEntry,
    learn: Learn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A year of playlists is not kept in memory."""
    monkeypatch.setattr(contexts, "_MOST", 1)
    workout = playlist_named(emulator.world, "Workout 2026")
    jazz = playlist_named(emulator.world, "Dinner Jazz")
    assert await learn(workout.uri) == "Workout 2026"
    assert await learn(jazz.uri) == "Dinner Jazz"
    assert anna.runtime_data.contexts.name(workout.uri) is None


@pytest.mark.parametrize("household", [True, False])
async def test_what_is_pinned_has_the_name_of_its_pin(
    emulator: Emulator, anna: AccountEntry, learn: Learn, household: bool
) -> None:
    """Nothing is ever asked of Spotify for a pin; without it the name is looked up."""
    account = anna.runtime_data
    workout = playlist_named(emulator.world, "Workout 2026")
    account.pins.pin(parse_uri(workout.uri), name="Sweat", household=household)
    emulator.forget_requests()
    assert await learn(workout.uri) == "Sweat"
    assert not emulator.requests
    account.pins.unpin("Sweat", household=household)
    assert await learn(workout.uri) == "Workout 2026"
    account.pins.pin(parse_uri(workout.uri), name="Sweat", household=household)
    assert account.contexts.name(workout.uri) == "Sweat"


async def test_what_spotify_hides_is_not_asked_for(
    emulator: Emulator, learn: Learn
) -> None:
    """The answer would be 404."""
    emulator.forget_requests()
    assert await learn(f"spotify:playlist:{next(iter(MADE_BY_SPOTIFY))}") is None
    assert not emulator.requests


async def test_a_pin_is_not_fetched_when_it_plays(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry
) -> None:
    """It is named after the pin wherever it plays from, albums included."""
    account, phone = anna.runtime_data, emulator.phone("anna")
    workout = playlist_named(emulator.world, "Workout 2026").uri
    album = str(find(emulator.world, "album", "Kind of Blue")["uri"])
    account.pins.pin(parse_uri(workout), name="Sweat")
    account.pins.pin(parse_uri(album), name="Sunday jazz")
    for uri, name in ((workout, "Sweat"), (album, "Sunday jazz")):
        told: list[Happening] = []
        stop = account.happenings.async_add_listener(told.append)
        phone.play(uri, "Kitchen")
        await account.playback.async_refresh()
        await hass.async_block_till_done(wait_background_tasks=True)
        stop()
        assert {one.data["context"] for one in told} == {name}
    assert not emulator.calls("GET", "/v1/playlists/")
