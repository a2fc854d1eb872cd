"""What an account's sensors show when all is well, in trouble, and when it is over."""

from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, EntityCategory
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.util import dt as dt_util
import pytest

from custom_components.spotify_hub.api.families import family_of
from custom_components.spotify_hub.api.scopes import Feature
from tests.emulator import Emulator, Fault
from tests.emulator.data import find
from tests.emulator.faults import QUOTA_EXCEEDED

from .conftest import AccountEntry, Later, Link

PLAYER = "media_player.spotify_anna"
SHOWN = {
    "api_health",
    "import_progress",
    "last_played",
    "liked_songs",
    "liked_songs_sync",
    "liked_songs_synced",
    "minutes_today",
    "next_wake_up",
    "plays_archived",
    "plays_today",
    "resumes_at",
    "sign_in_expires",
    "sleep_timer_ends",
    "top_artist_this_month",
    "top_track_this_month",
}
LISTENING = {
    "last_played",
    "liked_songs",
    "minutes_today",
    "next_wake_up",
    "plays_today",
    "sleep_timer_ends",
    "top_artist_this_month",
    "top_track_this_month",
}
HIDDEN = {
    "archive_size",
    "commands_failed_today",
    "commands_today",
    "last_error",
    "request_budget_left",
    "requests_in_the_last_24_hours",
    "token_expires",
}

pytestmark = pytest.mark.usefixtures("freezer")
everything = pytest.mark.usefixtures("freezer", "enabled", "anna")


@pytest.fixture
def enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable every sensor."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


def sensor(hass: HomeAssistant, name: str) -> State:
    """Return the state of Anna's sensor."""
    state = hass.states.get(f"sensor.spotify_anna_{name}")
    assert state is not None
    return state


def value(hass: HomeAssistant, name: str) -> str:
    """Return what Anna's sensor shows."""
    return sensor(hass, name).state


def moment(hass: HomeAssistant, name: str) -> datetime:
    """Return the time that Anna's sensor shows."""
    shown = dt_util.parse_datetime(value(hass, name))
    assert shown is not None
    return shown


def player(hass: HomeAssistant) -> State:
    """Return the state of Anna's player."""
    state = hass.states.get(PLAYER)
    assert state is not None
    return state


async def command(hass: HomeAssistant, action: str, **data: Any) -> None:
    """Command Anna's player."""
    await hass.services.async_call(
        MEDIA_PLAYER, action, {"entity_id": PLAYER, **data}, blocking=True
    )


def start_playing(emulator: Emulator) -> None:
    """Let an album play in the kitchen."""
    album = find(emulator.world, "album", "Kind of Blue")
    emulator.phone("anna").play(album["uri"], "Kitchen")


async def test_only_what_everybody_wants_is_shown(
    hass: HomeAssistant, link: Link
) -> None:
    """The rest can be enabled; all but what people look for is diagnostic."""
    entry = await link()
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    sensors = {
        entity.entity_id.removeprefix("sensor.spotify_anna_"): entity
        for entity in entities
        if entity.domain == "sensor"
    }
    assert sensors.keys() == SHOWN | HIDDEN
    assert {name for name, one in sensors.items() if one.disabled} == HIDDEN
    assert {
        name
        for name, one in sensors.items()
        if one.entity_category is not EntityCategory.DIAGNOSTIC
    } == LISTENING


async def test_an_account_without_history_shows_none(
    hass: HomeAssistant, link: Link
) -> None:
    """It is not asked for."""
    await link(features=[Feature.CONTROL])
    # Music can end, and begin, all the same.
    for name in LISTENING - {"next_wake_up", "sleep_timer_ends"}:
        assert hass.states.get(f"sensor.spotify_anna_{name}") is None


@everything
async def test_all_is_well(
    hass: HomeAssistant, anna: AccountEntry, later: Later
) -> None:
    """Nothing holds the account, and nothing has failed."""
    await later(31)
    assert value(hass, "api_health") == "ok"
    assert value(hass, "resumes_at") == STATE_UNKNOWN
    assert value(hass, "last_error") == STATE_UNKNOWN
    assert value(hass, "request_budget_left") == "100"
    assert value(hass, "commands_today") == value(hass, "commands_failed_today") == "0"
    expires = dt_util.utc_from_timestamp(int(anna.data["token"]["expires_at"]))
    assert moment(hass, "token_expires") == expires


@pytest.mark.parametrize(
    ("authorized", "ends"),
    [
        ("2026-01-20T10:00:00+00:00", "2026-07-20T10:00:00+00:00"),
        ("2026-08-31T10:00:00+00:00", "2027-02-28T10:00:00+00:00"),
        ("2026-12-01T10:00:00+00:00", "2027-06-01T10:00:00+00:00"),
    ],
)
async def test_a_sign_in_lasts_six_months(
    hass: HomeAssistant, link: Link, authorized: str, ends: str
) -> None:
    """Of the calendar, to the last day of a shorter month."""
    await link(authorized_at=datetime.fromisoformat(authorized).timestamp())
    assert value(hass, "sign_in_expires") == ends


@everything
async def test_requests_are_counted_as_spotify_receives_them(
    hass: HomeAssistant, emulator: Emulator, later: Later
) -> None:
    """By family, repeats included; the book shows what is left of the day."""
    start_playing(emulator)
    emulator.faults.add(Fault("/me/player$", status=503))
    for _ in range(40):
        await later(31)
    await later(1)
    received: dict[str, int] = {}
    for call in emulator.calls(path="^/v1/"):
        family = family_of(call.method, call.path).value
        received[family] = received.get(family, 0) + 1
    shown = sensor(hass, "requests_in_the_last_24_hours")
    assert shown.attributes["by_family"] == received
    assert int(shown.state) == len(emulator.calls(path="^/v1/"))
    assert received["player"] > 40
    left = round(100 * (1 - received["player"] / 3000))
    assert int(value(hass, "request_budget_left")) == left
    budget = sensor(hass, "request_budget_left").attributes
    assert budget["lowest_other"] in {99, 100}
    assert budget["lowest_other_family"] != "player"


@pytest.mark.usefixtures("enabled")
@pytest.mark.parametrize(
    ("body", "wait", "health", "problem"),
    [
        (None, 120, "rate_limited", "rate_limited"),
        (QUOTA_EXCEEDED, 7200, "quota", "quota_exceeded"),
    ],
)
async def test_a_refused_command_shows_at_once_and_ends_by_itself(
    hass: HomeAssistant,
    emulator: Emulator,
    link: Link,
    later: Later,
    body: dict[str, object] | None,
    wait: int,
    health: str,
    problem: str,
) -> None:
    """On the player too. Without history: its fetch would wait for the end of the deadline."""
    await link(features=[Feature.CONTROL])
    start_playing(emulator)
    await later(61)
    fault = Fault("/pause$", status=429, body=body, retry_after=wait)
    emulator.faults.add(fault)
    with pytest.raises(HomeAssistantError):
        await command(hass, "media_pause")
    assert player(hass).attributes["problem"] == problem
    until = dt_util.utcnow() + timedelta(seconds=wait)
    await later(1)
    assert value(hass, "api_health") == health
    assert abs(moment(hass, "resumes_at") - until) <= timedelta(seconds=1)
    error = sensor(hass, "last_error")
    assert error.state == problem
    assert error.attributes["method"] == "PUT"
    assert error.attributes["family"] == "commands"
    assert value(hass, "commands_failed_today") == "1"

    await later(wait - 10)
    assert value(hass, "api_health") == health
    await later(10)
    await later(1)
    assert value(hass, "api_health") == "ok"
    assert value(hass, "resumes_at") == STATE_UNKNOWN
    assert player(hass).attributes["problem"] is None
    assert value(hass, "last_error") == problem


@everything
async def test_a_deadline_is_over_without_any_request(
    hass: HomeAssistant, anna: AccountEntry, emulator: Emulator, later: Later
) -> None:
    """Nothing is polled in a long quota; the timer alone sets health right."""
    emulator.faults.add(
        Fault("/me/player$", status=429, body=QUOTA_EXCEEDED, retry_after=7200)
    )
    await later(61)
    await later(1)
    assert value(hass, "api_health") == "quota"
    await anna.runtime_data.playback.async_shutdown()
    await anna.runtime_data.speakers.async_shutdown()
    await later(7200)
    assert value(hass, "api_health") == "ok"


@everything
async def test_an_outage_is_told_while_it_lasts(
    hass: HomeAssistant, emulator: Emulator, later: Later
) -> None:
    """These sensors stay available: they are what explains it."""
    start_playing(emulator)
    emulator.faults.add(Fault("/v1/", status=503, times=None))
    for _ in range(4):
        await later(31)
    assert value(hass, "api_health") == "outage"
    assert moment(hass, "resumes_at") > dt_util.utcnow()
    assert value(hass, "last_error") == "server_fault"
    for _ in range(12):
        await later(31)
    assert player(hass).state == STATE_UNAVAILABLE
    assert value(hass, "api_health") == "outage"

    emulator.faults.clear()
    for _ in range(3):
        await later(31)
    assert value(hass, "api_health") == "ok"
    assert value(hass, "resumes_at") == STATE_UNKNOWN


@everything
async def test_a_dead_sign_in_is_told(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """What comes from the cloud is unavailable at once, what explains it is not."""
    await later(100)
    assert value(hass, "last_played") != STATE_UNKNOWN
    emulator.revoke("anna")
    emulator.expire_access_tokens("anna")
    await later(121)
    assert value(hass, "api_health") == "sign_in"
    assert value(hass, "last_played") == STATE_UNAVAILABLE
    unavailable = {
        state.entity_id
        for state in hass.states.async_all("sensor")
        if state.state == STATE_UNAVAILABLE
    }
    assert unavailable == {"sensor.spotify_anna_last_played"}

    token = emulator.grant("anna", anna.data["token"]["scope"].split())
    token |= {"expires_at": dt_util.utcnow().timestamp() + 3600}
    hass.config_entries.async_update_entry(anna, data={**anna.data, "token": token})
    assert await hass.config_entries.async_reload(anna.entry_id)
    await later(100)
    assert value(hass, "api_health") == "ok"
    assert value(hass, "last_played") != STATE_UNAVAILABLE


@everything
async def test_commands_are_counted_by_kind(
    hass: HomeAssistant,
    emulator: Emulator,
    later: Later,
    freezer: FrozenDateTimeFactory,
) -> None:
    """As many as Spotify receives, each once; at midnight it begins anew."""
    start_playing(emulator)
    await later(61)
    emulator.forget_requests()
    await command(hass, "media_next_track")
    await command(hass, "media_next_track")
    await command(hass, "media_previous_track")
    await command(hass, "volume_set", volume_level=0.3)
    await command(hass, "media_seek", seek_position=10)
    await command(hass, "shuffle_set", shuffle=True)
    await command(hass, "repeat_set", repeat="all")
    await command(hass, "select_source", source="Living Room TV")
    await command(hass, "media_pause")
    await command(hass, "media_play")
    uri = find(emulator.world, "track", "So What", "Miles Davis")["uri"]
    play = {"media_content_type": "music", "media_content_id": uri}
    await command(hass, "play_media", **play)
    await command(hass, "play_media", **play, enqueue="add")
    emulator.faults.add(Fault("/next$", status=403))
    with pytest.raises(HomeAssistantError):
        await command(hass, "media_next_track")
    await later(1)

    tried, failed = (
        sensor(hass, "commands_today"),
        sensor(hass, "commands_failed_today"),
    )
    assert tried.attributes["by_kind"] == {
        "next": 3,
        "previous": 1,
        "volume": 1,
        "seek": 1,
        "shuffle": 1,
        "repeat": 1,
        "transfer": 1,
        "pause": 1,
        "play": 1,
        "start": 1,
        "queue": 1,
    }
    received = [call for call in emulator.calls(path="/v1/") if call.method != "GET"]
    assert int(tried.state) == len(received) == 13
    assert failed.state == "1"
    assert failed.attributes["by_kind"] == {"next": 1}

    await later(24 * 3600)
    await later(31)
    await later(1)
    assert value(hass, "commands_today") == value(hass, "commands_failed_today") == "0"


async def test_the_last_play_is_shown(
    hass: HomeAssistant, emulator: Emulator, link: Link, later: Later
) -> None:
    """When it was, and what; unknown until it is fetched for the first time."""
    await link()
    assert value(hass, "last_played") == STATE_UNKNOWN
    await later(100)
    newest = emulator.world.users["anna"].recent[0]
    shown = sensor(hass, "last_played")
    assert shown.attributes["uri"] == newest.uri
    assert shown.attributes["title"]
    assert shown.attributes["artist"]
    assert moment(hass, "last_played") <= dt_util.utcnow()


async def test_the_last_play_outlives_one_failed_fetch(
    hass: HomeAssistant, emulator: Emulator, link: Link, later: Later
) -> None:
    """Not two; and it comes back with the first that works."""
    entry = await link()
    job = entry.runtime_data.recent.job
    await later(100)
    before = sensor(hass, "last_played")
    emulator.faults.add(Fault("/recently-played$", status=403, times=None))
    job.async_run_in(0)
    await later(1)
    await later(1)
    assert job.last_result == "forbidden"
    assert value(hass, "last_played") == before.state
    await later(3600)
    await later(1)
    assert value(hass, "last_played") == STATE_UNAVAILABLE
    emulator.faults.clear()
    await later(4 * 3600)
    await later(1)
    assert value(hass, "last_played") == before.state
