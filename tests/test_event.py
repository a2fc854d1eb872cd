"""The event entity: what happens on an account, as it happens."""

from collections.abc import Callable
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import (
    Context,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    async_capture_events,
    mock_restore_cache_with_extra_data,
)

from custom_components.spotify_hub.account.changes import Caller, Door
from custom_components.spotify_hub.account.happenings import What
from custom_components.spotify_hub.api.scopes import Feature
from tests.conftest import AccountEntry, EntryFor, Later, Link, enter_credentials
from tests.emulator import Emulator
from tests.emulator.data import find
from tests.emulator.faults import Fault
from tests.emulator.phone import Phone

EVENTS = "event.spotify_anna_playback"
PLAYER = "media_player.spotify_anna"


@pytest.fixture(autouse=True)
def _still(freezer: FrozenDateTimeFactory) -> None:
    """Let time pass only by hand."""


type Told = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def phone(emulator: Emulator) -> Phone:
    """Anna's phone."""
    return emulator.phone("anna")


@pytest.fixture
def album(emulator: Emulator) -> str:
    """An album."""
    return str(find(emulator.world, "album", "Kind of Blue")["uri"])


@pytest.fixture
def told(hass: HomeAssistant) -> Told:
    """Return what the entity has told since it was last asked."""
    states: list[Event[EventStateChangedData]] = async_capture_events(
        hass, "state_changed"
    )

    def tell() -> list[dict[str, Any]]:
        news = [
            dict(new.attributes)
            for event in states
            if event.data["entity_id"] == EVENTS
            and (new := event.data["new_state"]) is not None
            and (old := event.data["old_state"]) is not None
            and new.state not in {old.state, "unavailable", "unknown"}
        ]
        states.clear()
        return news

    return tell


@pytest.fixture
async def listening(
    freezer: FrozenDateTimeFactory,
    hass: HomeAssistant,
    phone: Phone,
    album: str,
    link: Link,
    told: Told,
) -> AccountEntry:
    """Link Anna while she listens to an album in the kitchen, time standing still."""
    phone.play(album, "Kitchen")
    phone.seek(10_000)
    entry = await link()
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry


def kinds(news: list[dict[str, Any]]) -> list[str]:
    """Return the kinds of what was told."""
    return [str(one["event_type"]) for one in news]


async def test_every_account_has_one(hass: HomeAssistant, anna: AccountEntry) -> None:
    """With all kinds of events, named after the account; nothing has happened yet."""
    state = hass.states.get(EVENTS)
    assert state is not None
    assert state.state == "unknown"
    assert state.attributes["event_types"] == [what.value for what in What]
    entry = er.async_get(hass).async_get(EVENTS)
    assert entry is not None
    assert entry.unique_id == f"{anna.entry_id}_playback_events"


async def test_what_already_plays_is_no_event(
    hass: HomeAssistant, listening: AccountEntry, told: Told
) -> None:
    """Neither at the start nor after a reload."""
    assert told() == []
    await hass.config_entries.async_reload(listening.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert told() == []


@pytest.mark.usefixtures("listening")
async def test_the_phone_skips(phone: Phone, later: Later, told: Told) -> None:
    """Each of several events at once is a state of its own."""
    await later(5)
    phone.next()
    await later(29)
    skipped, changed = told()
    assert skipped["event_type"] == "skipped"
    assert skipped["name"] == "So What"
    assert skipped["position"] == pytest.approx(15, abs=2)
    assert changed["event_type"] == "track_changed"
    assert changed["name"] == skipped["next_name"] == "Freddie Freeloader"
    assert changed["previous_name"] == "So What"
    assert changed["artists"] == ["Miles Davis"]
    assert changed["context"] == "Kind of Blue"
    assert changed["speaker"] == "Kitchen"


@pytest.mark.usefixtures("listening")
async def test_a_track_that_ends_by_itself_is_not_skipped(
    later: Later, told: Told
) -> None:
    """Whenever the polls come."""
    for _ in range(45):
        await later(29)
    news = kinds(told())
    assert len(news) > 1
    assert set(news) == {"track_changed"}


@pytest.mark.usefixtures("listening")
async def test_an_own_jump_to_the_end_is_no_skip(
    hass: HomeAssistant, later: Later, told: Told, emulator: Emulator
) -> None:
    """What was left is reckoned from where the jump led."""
    state = hass.states.get(PLAYER)
    assert state is not None
    end = state.attributes["media_duration"]
    await hass.services.async_call(
        "media_player",
        "media_seek",
        {"entity_id": PLAYER, "seek_position": end - 40},
        blocking=True,
    )
    await later(1)
    await later(2)
    for _ in range(3):
        await later(29)
    assert kinds(told()) == ["track_changed"]


@pytest.mark.usefixtures("listening")
async def test_the_phone_pauses_and_resumes(
    phone: Phone, later: Later, told: Told
) -> None:
    """End and start, with what plays."""
    phone.pause()
    await later(29)
    (ended,) = told()
    assert ended["event_type"] == "playback_ended"
    assert ended["name"] == "So What"
    phone.resume()
    await later(61)
    assert kinds(told()) == ["playback_started"]


@pytest.mark.usefixtures("listening")
async def test_an_own_pause_is_told_once_spotify_agrees(
    hass: HomeAssistant, later: Later, told: Told
) -> None:
    """The player shows it at once; the event waits for the confirmation."""
    await hass.services.async_call(
        "media_player", "media_pause", {"entity_id": PLAYER}, blocking=True
    )
    state = hass.states.get(PLAYER)
    assert state is not None
    assert state.state == "paused"
    assert kinds(told()) == []
    await later(1)
    await later(1)
    assert kinds(told()) == ["playback_ended"]
    await later(30)
    assert told() == []


@pytest.mark.usefixtures("listening")
async def test_a_refused_pause_tells_nothing(
    hass: HomeAssistant, emulator: Emulator, later: Later, told: Told
) -> None:
    """What was shown for a moment never was."""
    emulator.faults.add(Fault("/me/player/pause", status=403, times=None))
    with pytest.raises(HomeAssistantError):
        await hass.services.async_call(
            "media_player", "media_pause", {"entity_id": PLAYER}, blocking=True
        )
    for _ in range(4):
        await later(2)
    assert told() == []


async def test_an_own_move_is_told_once_spotify_agrees(
    hass: HomeAssistant,
    phone: Phone,
    album: str,
    link: Link,
    later: Later,
    told: Told,
) -> None:
    """Even when nothing changes with that but what was shown already."""
    phone.play(album, "Kitchen")
    await link(features=[Feature.CONTROL])
    other = next(
        device.name
        for device in phone.player.devices
        if device.name != "Kitchen" and not device.is_restricted
    )
    await hass.services.async_call(
        "media_player",
        "select_source",
        {"entity_id": PLAYER, "source": other},
        blocking=True,
    )
    for _ in range(3):
        await later(1)
    (moved,) = told()
    assert moved["event_type"] == "speaker_changed"
    assert moved["speaker"] == other
    assert moved["previous_speaker"] == "Kitchen"


@pytest.mark.usefixtures("listening")
async def test_another_context_is_no_skip(
    phone: Phone, emulator: Emulator, later: Later, told: Told
) -> None:
    """Something else was started."""
    artist = find(emulator.world, "artist", "Miles Davis")["uri"]
    phone.play(artist)
    await later(29)
    news = told()
    assert "skipped" not in kinds(news)
    (changed,) = (one for one in news if one["event_type"] == "context_changed")
    assert changed["context_uri"] == artist
    assert changed["context"] == "Miles Davis"
    assert changed["previous_context"] == "Kind of Blue"


async def test_liking_what_plays_is_told_but_not_learning_it(
    hass: HomeAssistant, listening: AccountEntry, told: Told, later: Later
) -> None:
    """The first answer about a track is no change of its mark."""
    account = listening.runtime_data
    uri = account.playback.data.item_uri
    assert uri is not None
    liked = account.likes.is_liked(uri)
    assert liked is not None
    assert told() == []
    caller = Caller(Context(), Door.ACTION)
    if liked:
        await account.library.remove(caller, (uri,))
        told()
    await account.library.save(caller, (uri,))
    (news,) = told()
    assert news["event_type"] == "liked"
    assert news["uri"] == uri
    await account.library.remove(caller, (uri,))
    assert kinds(told()) == ["unliked"]


@pytest.mark.usefixtures("listening")
async def test_liking_something_else_is_no_event_of_playback(
    listening: AccountEntry, emulator: Emulator, told: Told
) -> None:
    """Only what plays is told of."""
    other = find(emulator.world, "track", "Blue in Green")["uri"]
    account = listening.runtime_data
    await account.library.save(Caller(Context(), Door.ACTION), (other,))
    await account.library.remove(Caller(Context(), Door.ACTION), (other,))
    assert told() == []


@pytest.mark.usefixtures("listening")
async def test_a_private_session_names_nothing(
    phone: Phone, later: Later, told: Told
) -> None:
    """Events are stored; what is heard in private is not."""
    phone.private(on=True)
    await later(29)
    phone.next()
    await later(29)
    news = told()
    assert "track_changed" in kinds(news)
    assert all(one["private_session"] for one in news)
    assert all(one["uri"] is one["name"] is one["image"] is None for one in news)


@pytest.mark.usefixtures("listening")
async def test_an_advert_is_no_event(phone: Phone, later: Later, told: Told) -> None:
    """Nor is what has no name."""
    phone.play_ad()
    await later(29)
    assert kinds(told()) == []


async def test_the_latest_event_is_restored(
    hass: HomeAssistant, entry_for: EntryFor, emulator: Emulator
) -> None:
    """After a restart of Home Assistant it stands where it stood."""
    await enter_credentials(hass)
    then = "2026-11-19T20:00:00.000+00:00"
    mock_restore_cache_with_extra_data(
        hass,
        [
            (
                State(EVENTS, then),
                {
                    "last_event_type": "skipped",
                    "last_event_attributes": {"name": "So What"},
                },
            )
        ],
    )
    entry = entry_for()
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    state = hass.states.get(EVENTS)
    assert state is not None
    assert state.state == then
    assert state.attributes["event_type"] == "skipped"
    assert state.attributes["name"] == "So What"
