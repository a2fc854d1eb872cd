"""How changes and gaps read in the logbook."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.components.recorder import Recorder
from homeassistant.core import Context, HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.spotify_hub.account.changes import (
    Caller,
    Change,
    ChangeLog,
    Door,
)
from custom_components.spotify_hub.favorites.status import Reason
from custom_components.spotify_hub.logbook import (
    failed_message_of,
    gap_message_of,
    message_of,
    synced_message_of,
)
from tests.conftest import Later, Link
from tests.emulator import Emulator, Fault

SONG = "spotify:track:4uLU6hMCjMI75M1A2tKUQC"
ROAD_TRIP = {"playlist_uri": "spotify:playlist:1", "playlist": "Road trip"}


@pytest.fixture(autouse=True)
def _custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant find this integration; its recorder has to come before it."""
    if "recorder_mock" in request.fixturenames:
        request.getfixturevalue("recorder_mock")
        request.getfixturevalue("enable_custom_integrations")


@pytest.mark.parametrize(
    ("what", "one", "several"),
    [
        (
            "saved",
            "1 item saved to the library by an action",
            "3 items saved to the library by an action",
        ),
        (
            "removed",
            "1 item removed from the library by an action",
            "3 items removed from the library by an action",
        ),
        ("followed", "1 item followed by an action", "3 items followed by an action"),
        (
            "unfollowed",
            "1 item unfollowed by an action",
            "3 items unfollowed by an action",
        ),
        (
            "items_added",
            "1 item added to Road trip by an action",
            "3 items added to Road trip by an action",
        ),
        (
            "items_removed",
            "1 item removed from Road trip by an action",
            "3 items removed from Road trip by an action",
        ),
        (
            "items_reordered",
            "1 item moved within Road trip by an action",
            "3 items moved within Road trip by an action",
        ),
        (
            "cleared",
            "1 item cleared from Road trip by an action",
            "3 items cleared from Road trip by an action",
        ),
        (
            "deduplicated",
            "1 item removed from Road trip as duplicates by an action",
            "3 items removed from Road trip as duplicates by an action",
        ),
    ],
)
def test_items_are_counted(what: str, one: str, several: str) -> None:
    """One item, or more of them."""
    for count, line in ((1, one), (3, several)):
        assert (
            message_of({"change": what, "door": "action", "count": count, **ROAD_TRIP})
            == line
        )


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("playlist_created", "Road trip created"),
        ("playlist_updated", "Road trip updated"),
        ("playlist_deleted", "Road trip deleted"),
        ("playlist_restored", "Road trip restored"),
        ("items_replaced", "contents of Road trip replaced"),
        ("cover_set", "cover of Road trip changed"),
        ("items_reordered", "items moved within Road trip"),
        ("something_new", "something new"),
    ],
)
def test_playlists_are_named(what: str, line: str) -> None:
    """Where no items are told, none are counted."""
    assert message_of({"change": what, **ROAD_TRIP}) == line


@pytest.mark.parametrize(
    ("door", "words"),
    [
        (Door.ACTION, "by an action"),
        (Door.ASSISTANT, "by an assistant"),
        (Door.ENTITY, "by an entity"),
        (Door.PANEL, "in the panel"),
        (Door.VOICE, "by voice"),
    ],
)
def test_every_door_has_words(door: Door, words: str) -> None:
    """How the change was asked for."""
    line = message_of({"change": "saved", "count": 1, "door": door.value})
    assert line == f"1 item saved to the library {words}"


def test_no_door_is_forgotten() -> None:
    """A new one gets its words."""
    for door in Door:
        line = message_of({"change": "cover_set", "door": door.value})
        assert line != "cover of a playlist changed"


def test_what_little_is_known_is_told() -> None:
    """A line of an older version, or of somebody else's event."""
    assert message_of({}) == "changed"
    assert message_of({"change": "items_added"}) == "items added to a playlist"


async def test_a_change_stands_in_the_logbook(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
    link: Link,
) -> None:
    """With the account, what was done, and the person who did it."""
    assert await async_setup_component(hass, "logbook", {})
    entry = await link()
    begin = dt_util.utcnow()
    context = Context(user_id=hass_admin_user.id)
    history = entry.runtime_data.household.history
    ChangeLog(hass, entry, history).record(
        Caller(context, Door.ACTION),
        Change(what="items_added", uris=[SONG] * 3, **ROAD_TRIP),
    )
    (line,) = await lines(hass, hass_ws_client, begin)
    assert line["name"] == "Anna:"
    assert line["message"] == "3 items added to Road trip by an action"
    assert line["context_user_id"] == hass_admin_user.id


async def test_a_gap_stands_in_the_logbook(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    emulator: Emulator,
    link: Link,
    later: Later,
) -> None:
    """When plays may be missing, by the clock on the wall."""
    assert await async_setup_component(hass, "logbook", {})
    await hass.config.async_set_time_zone("Europe/Berlin")
    entry = await link()
    begin = dt_util.utcnow()
    await later(100)
    last = entry.runtime_data.recent.plays[0].played_at
    await later(600)
    oldest = play_more_than_is_listed(emulator)
    entry.runtime_data.recent.job.async_run_in(0)
    for _ in range(2):
        await later(1)
    (line,) = await lines(hass, hass_ws_client, begin)
    assert line["name"] == "Anna:"
    assert line["message"] == (
        f"plays may be missing from {on_the_wall(last)} to {on_the_wall(oldest)}"
    )


@pytest.mark.parametrize("data", [{}, {"since": 5, "until": "yesterday"}])
def test_a_gap_without_bounds_is_told(data: dict[str, Any]) -> None:
    """An event that somebody else fired breaks no logbook."""
    assert gap_message_of(data) == "plays may be missing"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (
            {"changed": True, "added": 3, "removed": 1, "total": 120},
            "Liked Songs copied, 3 added and 1 removed",
        ),
        ({"changed": True, "added": 0, "removed": 0}, "Liked Songs copied"),
        (
            {"changed": False, "added": 0, "removed": 0},
            "Liked Songs looked at, nothing has changed",
        ),
        ({}, "Liked Songs looked at, nothing has changed"),
    ],
)
def test_a_copy_tells_what_it_found(data: dict[str, object], line: str) -> None:
    """The first copy has nothing to be compared with."""
    assert synced_message_of(data) == line


def test_why_nothing_was_copied_is_told_in_words() -> None:
    """Each reason by words of its own; what is not known breaks no logbook."""
    lines = {failed_message_of({"reason": reason.value}) for reason in Reason}
    assert len(lines) == len(Reason)
    assert "Liked Songs not copied: the disk is full" in lines
    assert failed_message_of({}) in lines


async def test_copies_of_liked_songs_stand_in_the_logbook(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    emulator: Emulator,
    link: Link,
    later: Later,
) -> None:
    """Both how they went and that they failed, of the account whose they are."""
    assert await async_setup_component(hass, "logbook", {})
    begin = dt_util.utcnow()
    favorites = (await link()).runtime_data.favorites
    favorites.async_request(force=True)
    await later(1)
    emulator.faults.add(Fault("/me/tracks$", status=403, times=None))
    favorites.async_request(force=True)
    for _ in range(2):
        await later(1)
    await async_wait_recording_done(hass)
    client = await hass_ws_client()
    await client.send_json_auto_id(
        {"type": "logbook/get_events", "start_time": begin.isoformat()}
    )
    told = [
        (one["name"], one["message"])
        for one in (await client.receive_json())["result"]
        if one.get("domain") == "spotify_hub"
    ]
    assert told == [
        ("Anna:", "Liked Songs copied"),
        ("Anna:", "Liked Songs not copied: Spotify does not serve this account"),
    ]


def play_more_than_is_listed(emulator: Emulator) -> datetime:
    """Let Anna have played so much that the list overlaps nothing; return its oldest."""
    user = emulator.world.users["anna"]
    now = emulator.clock.now_ms()
    user.recent[:] = [
        type(play)(play.uri, now - 1000 * number, None)
        for number, play in enumerate(user.recent)
    ]
    return dt_util.utc_from_timestamp((now - 1000 * 49) / 1000)


def on_the_wall(moment: datetime) -> str:
    """Return a moment as clocks in Berlin show it."""
    return f"{moment.astimezone(ZoneInfo('Europe/Berlin')):%Y-%m-%d %H:%M}"


async def lines(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, begin: datetime
) -> list[dict[str, Any]]:
    """Return what the logbook says of this integration since `begin`."""
    await async_wait_recording_done(hass)
    client = await hass_ws_client()
    await client.send_json_auto_id(
        {"type": "logbook/get_events", "start_time": begin.isoformat()}
    )
    response = await client.receive_json()
    assert response["success"]
    return [one for one in response["result"] if one.get("domain") == "spotify_hub"]
