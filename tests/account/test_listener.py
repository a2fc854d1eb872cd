"""What is listened to on Spotify arrives in the household's archive."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.archive.records import Kind, Play, Source
from tests.conftest import AccountEntry, Later, Link
from tests.emulator import Emulator
from tests.emulator.data import find
from tests.emulator.faults import Fault
from tests.emulator.phone import Phone
from tests.histories import history_of, kept

PLAYER = "media_player.spotify_anna"


@pytest.fixture(autouse=True)
def _still(freezer: FrozenDateTimeFactory) -> None:
    """Let time pass only by hand."""


@pytest.fixture
def phone(emulator: Emulator) -> Phone:
    """Anna's phone."""
    return emulator.phone("anna")


@pytest.fixture
def album(emulator: Emulator) -> str:
    """An album with long tracks."""
    return str(find(emulator.world, "album", "Kind of Blue")["uri"])


@pytest.fixture
async def listening(phone: Phone, album: str, link: Link, later: Later) -> AccountEntry:
    """Link Anna, who then begins an album in the kitchen."""
    entry = await link()
    # Only what is watched counts here, not what was listed before.
    entry.runtime_data.recent.job.async_pause(paused=True)
    await later(1)
    phone.play(album, "Kitchen")
    await later(61)
    return entry


async def listen(later: Later, seconds: int) -> None:
    """Let time pass, with all polls."""
    for _ in range(seconds // 29):
        await later(29)
    await later(seconds % 29 or 1)


async def watched(entry: AccountEntry) -> list[Play]:
    """Return the plays that were watched."""
    return [play for play in await kept(entry) if Source.LIVE in play.sources]


async def command(hass: HomeAssistant, action: str, **data: Any) -> None:
    """Command Anna's player."""
    await hass.services.async_call(
        "media_player", action, {"entity_id": PLAYER, **data}, blocking=True
    )


async def test_a_track_that_was_heard(
    listening: AccountEntry, later: Later, emulator: Emulator
) -> None:
    """Once, with what only watching can tell."""
    await listen(later, 600)
    (play,) = await kept(listening)
    track = find(emulator.world, "track", "So What")
    assert play.item.uri == track["uri"]
    assert play.account == emulator.world.users["anna"].account_id
    assert play.sources == {Source.LIVE}
    assert play.listened_ms == pytest.approx(track["duration_ms"], abs=3000)
    assert play.skipped is False
    assert play.speaker is not None
    speakers = listening.runtime_data.household.speakers
    assert (
        speakers.book.speakers[play.speaker.key].name == play.speaker.name == "Kitchen"
    )
    assert play.context is not None
    assert play.context.name == "Kind of Blue"


async def test_what_is_watched_and_listed_is_one_play(
    listening: AccountEntry, later: Later
) -> None:
    """Whatever the list's stamp means."""
    for _ in range(3):
        await listen(later, 600)
    recent = listening.runtime_data.recent
    recent.job.async_pause(paused=False)
    recent.job.async_run_in(0)
    await later(1)
    plays = await kept(listening)
    seen = await watched(listening)
    assert len(seen) >= 3
    assert all(play.sources == {Source.LIVE, Source.RECENT} for play in seen)
    # Nothing else was played since the list was filled.
    assert len(plays) == 50


async def test_an_own_command_that_spotify_refuses_changes_nothing(
    hass: HomeAssistant, emulator: Emulator, listening: AccountEntry, later: Later
) -> None:
    """A pause that was only expected is none."""
    emulator.faults.add(Fault("/me/player/pause", status=403, times=None))
    with pytest.raises(HomeAssistantError):
        await command(hass, "media_pause")
    await listen(later, 600)
    (play,) = await kept(listening)
    assert play.paused_ms < 3000


async def test_pause_and_resume_is_one_play(
    phone: Phone, listening: AccountEntry, later: Later
) -> None:
    """The pause is known."""
    phone.pause()
    await listen(later, 300)
    phone.resume()
    await listen(later, 800)
    (play,) = await kept(listening)
    assert play.paused_ms == pytest.approx(300_000, abs=125_000)


async def test_a_skip(phone: Phone, listening: AccountEntry, later: Later) -> None:
    """Kept as one."""
    phone.next()
    await later(29)
    (play,) = await kept(listening)
    assert play.skipped is True
    assert play.listened_ms == pytest.approx(60_000, abs=3000)


async def test_a_private_session_leaves_no_trace(
    phone: Phone, listening: AccountEntry, later: Later, album: str
) -> None:
    """Pitfall 6: neither where it begins nor where it ends."""
    phone.next()
    phone.private(on=True)
    await listen(later, 1200)
    assert [play.item.name for play in await kept(listening)] == ["So What"]
    phone.play(album, "Kitchen")
    await listen(later, 120)
    phone.private(on=False)
    await later(29)
    phone.next()
    await later(29)
    names = [play.item.name for play in await kept(listening)]
    assert names in (["So What"], ["So What", "So What"])


async def test_podcasts_are_kept_too(
    emulator: Emulator, phone: Phone, listening: AccountEntry, later: Later, album: str
) -> None:
    """Spotify's own list lacks them."""
    episode = next(
        item for item in emulator.world.catalogue.values() if item["type"] == "episode"
    )
    phone.play(episode["uri"], "Kitchen")
    await listen(later, 120)
    phone.play(album, "Kitchen")
    await later(29)
    play = (await kept(listening))[-1]
    assert play.item.kind is Kind.EPISODE
    assert play.item.uri == episode["uri"]


async def test_reloading_midway_makes_no_second_play(
    hass: HomeAssistant, listening: AccountEntry, later: Later
) -> None:
    """What was heard so far is kept at once, and added to later."""
    await hass.config_entries.async_reload(listening.entry_id)
    await later(1)
    (so_far,) = await watched(listening)
    assert so_far.listened_ms == pytest.approx(60_000, abs=3000)
    await listen(later, 600)
    first, *_ = plays = await watched(listening)
    assert [play.item.name for play in plays].count("So What") == 1
    assert first.listened_ms > 500_000


async def test_what_was_heard_is_kept_when_home_assistant_stops(
    hass: HomeAssistant, listening: AccountEntry, later: Later
) -> None:
    """Accounts are not unloaded then."""
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await later(0)
    (play,) = await kept(listening)
    assert play.listened_ms == pytest.approx(60_000, abs=3000)


async def test_what_was_under_way_may_be_unreadable(
    hass: HomeAssistant, listening: AccountEntry, later: Later
) -> None:
    """Then watching begins anew."""
    history = history_of(listening)
    assert await hass.config_entries.async_unload(listening.entry_id)
    history.memory.unfinished[listening.entry_id] = {"at": "long ago"}
    await history.memory.async_save()
    assert await hass.config_entries.async_setup(listening.entry_id)
    await later(1)
    assert len(await watched(listening)) == 1


async def test_nothing_is_kept_of_who_granted_no_history(
    phone: Phone, album: str, link: Link, later: Later
) -> None:
    """Nor watched."""
    entry = await link(features=[Feature.CONTROL])
    phone.play(album, "Kitchen")
    await listen(later, 700)
    assert await kept(entry) == []
