"""What a person may attach to a bug report without a second thought."""

import json
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.spotify_hub.archive.errors import UnavailableError
from custom_components.spotify_hub.archive.store import Archive
from custom_components.spotify_hub.archive.writer import State, Status
from custom_components.spotify_hub.const import DOMAIN
from custom_components.spotify_hub.sign_in import KEPT_FAILURES, async_note_failure
from tests.archive.listening import live
from tests.emulator import Emulator, Fault
from tests.emulator.data import find, playlist_named
from tests.emulator.faults import QUOTA_EXCEEDED

from .conftest import AccountEntry, Later, Link

KITCHEN = {
    "type": "Speaker",
    "has_id": True,
    "is_active": False,
    "is_private_session": False,
    "is_restricted": False,
    "volume_known": True,
    "supports_volume": True,
}


async def diagnostics_of(
    hass: HomeAssistant, client: ClientSessionGenerator, entry: AccountEntry
) -> dict[str, Any]:
    """Download the diagnostics of an account."""
    return dict(await get_diagnostics_for_config_entry(hass, client, entry))


async def test_kinds_and_counts_are_told(
    hass: HomeAssistant,
    emulator: Emulator,
    link: Link,
    hass_client: ClientSessionGenerator,
) -> None:
    """What is needed to see why something does not work."""
    emulator.phone("anna").play(playlist_named(emulator.world, "Dinner Jazz").uri)
    told = await diagnostics_of(hass, hass_client, await link())

    assert told["sign_in"]["scopes"][0] == "playlist-modify-private"
    assert told["sign_in"]["expires_in"] in range(3500, 3601)
    assert told["sign_in"]["has_refresh_token"]
    assert told["sign_in"]["account_id_known"]
    assert told["sign_in"]["days_since_consent"] == 0
    assert told["entry"]["data"]["features"] == [
        "control",
        "history",
        "library",
        "playlists",
    ]
    assert not told["known_to_lack_premium"]
    assert told["playback"]["last_update_success"]
    assert told["playback"]["interval"] <= 30
    assert told["playback"]["trouble"] is None
    shown = told["playback"]["shown"]
    assert shown.pop("disallows")
    assert shown == {
        "is_playing": True,
        "item": "Track",
        "context": "playlist",
        "has_progress": True,
        "shuffle": False,
        "smart_shuffle": False,
        "repeat": "off",
        "device": KITCHEN | {"is_active": True},
    }
    assert [device["type"] for device in told["speakers"]["listed"]] == [
        "Speaker",
        "TV",
        "Smartphone",
        "Speaker",
        "Computer",
    ]
    assert told["speakers"]["listed"][3]["is_restricted"]


async def test_trouble_is_told_by_its_kind(
    hass: HomeAssistant,
    emulator: Emulator,
    anna: AccountEntry,
    hass_client: ClientSessionGenerator,
) -> None:
    """Nothing plays, and Spotify does not answer."""
    emulator.faults.add(Fault("/me/player$", times=None, status=503))
    await anna.runtime_data.playback.async_refresh()
    told = await diagnostics_of(hass, hass_client, anna)
    assert told["playback"]["shown"] is None
    assert not told["playback"]["last_update_success"]
    assert told["playback"]["trouble"] == {
        "error": "ServerFaultError",
        "since_seconds": 0,
    }


async def test_limits_and_outcomes_are_told(
    hass: HomeAssistant,
    emulator: Emulator,
    freezer: FrozenDateTimeFactory,
    anna: AccountEntry,
    later: Later,
    hass_client: ClientSessionGenerator,
) -> None:
    """A quota is used up, and the background work has run."""
    await later(100)
    fault = Fault("/volume$", status=429, body=QUOTA_EXCEEDED, retry_after=7200)
    emulator.faults.add(fault)
    with pytest.raises(HomeAssistantError):
        await anna.runtime_data.player.set_volume(0.5)
    told = await diagnostics_of(hass, hass_client, anna)

    api = told["api"]
    assert api["health"] == "quota"
    assert api["resumes_at"]
    assert api["requests_in_30_seconds_at_most"] == 45
    assert api["deadlines"] == [
        {"family": "commands", "seconds_left": 7200, "quota": True}
    ]
    assert api["families"]["commands"] == {
        "this_account": 1,
        "all_accounts": 1,
        "budget": 50,
    }
    outcomes = told["outcomes"]
    assert len(outcomes) == len(emulator.calls(path="/v1/"))
    assert outcomes[-1] == api["last_error"]
    assert outcomes[-1].pop("at")
    assert outcomes[-1] == {
        "method": "PUT",
        "family": "commands",
        "lane": "command",
        "result": "quota_exceeded",
    }
    assert told["breaker"] == {"closed": True, "lets_through_in": None}
    assert told["commands_today"] == {"tried": {"volume": 1}, "failed": {"volume": 1}}
    assert not told["background"]["paused"]
    job, *_, copies = told["background"]["jobs"]
    assert copies["name"] == "Liked Songs"
    assert copies["last_run"] is None
    assert job["name"] == "recent plays"
    assert job["last_run"]
    assert job["last_result"] == "ok"
    assert job["last_duration"] == 0


@pytest.mark.usefixtures("current_request_with_host")
async def test_the_step_at_which_sign_ins_failed_is_told(
    hass: HomeAssistant, anna: AccountEntry, hass_client: ClientSessionGenerator
) -> None:
    """The latest ten, of whatever account."""
    flows = hass.config_entries.flow
    for _ in range(KEPT_FAILURES + 1):
        flow = await flows.async_init(DOMAIN, context={"source": SOURCE_USER})
        flow = await flows.async_configure(
            flow["flow_id"], {"history": False, "library": False, "playlists": False}
        )
        assert flow["type"] is FlowResultType.EXTERNAL_STEP
        refusal = {"error": "access_denied", "state": {}}
        await flows.async_configure(flow["flow_id"], refusal)
        flow = await flows.async_configure(flow["flow_id"])
        assert flow["type"] is FlowResultType.ABORT
    failed = (await diagnostics_of(hass, hass_client, anna))["failed_sign_ins"]
    assert len(failed) == KEPT_FAILURES
    assert failed[-1].pop("at")
    assert failed[-1] == {
        "source": "user",
        "step": "authorize_rejected",
        "reason": "user_rejected_authorize",
    }


async def test_nothing_personal_is_told(
    hass: HomeAssistant,
    emulator: Emulator,
    freezer: FrozenDateTimeFactory,
    link: Link,
    later: Later,
    hass_client: ClientSessionGenerator,
) -> None:
    """No name, title, id, address or token of any kind, whatever has happened."""
    track = find(emulator.world, "track", "So What", "Miles Davis")
    emulator.phone("anna").play(track["uri"], "Kitchen")
    anna = await link()
    user = emulator.world.users["anna"]
    assert user.player.devices[0].id
    await later(100)
    emulator.faults.add(Fault("/volume$", status=404, body="Anna's Kitchen"))
    with pytest.raises(HomeAssistantError):
        await anna.runtime_data.player.set_volume(0.5)
    async_note_failure(hass, SOURCE_USER, "creation", "wrong_account")

    text = json.dumps(await diagnostics_of(hass, hass_client, anna))
    for secret in (
        anna.data["token"]["access_token"],
        anna.data["token"]["refresh_token"],
        "demo-client-id",
        "demo-client-secret",
        user.account_id,
        user.email,
        "anna",
        "Anna",
        "So What",
        "Miles Davis",
        track["id"],
        "Kitchen",
        user.player.devices[0].id,
    ):
        assert secret not in text


async def test_the_history_is_told_by_counts(
    hass: HomeAssistant,
    anna: AccountEntry,
    later: Later,
    hass_client: ClientSessionGenerator,
    freezer: FrozenDateTimeFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Open or not, how it stands and how much it holds; never where it is."""
    await later(100)
    told = (await diagnostics_of(hass, hass_client, anna))["history"]
    assert told["size"].pop("bytes") > 0
    assert told["size"].pop("items") > 0
    well = {"state": "ok", "waiting": 0, "lost": 0, "reason": None}
    there = {"is_open": True, "is_remote": False, "is_held": False, "waiting": 0}
    assert told == there | {
        "trouble": None,
        "writing": well,
        "size": {"plays": 50, "sightings": 50},
        "gaps": 0,
        "last_error": None,
    }
    history = anna.runtime_data.household.history

    async def refuse(_archive: Archive) -> None:
        raise UnavailableError("locked")

    unknown = {"size": None, "gaps": None, "last_error": None}
    with monkeypatch.context() as patch:
        patch.setattr(Archive, "size", refuse)
        told = (await diagnostics_of(hass, hass_client, anna))["history"]
    assert told == there | unknown | {"trouble": "archive_unavailable", "writing": well}
    archive, history.archive = history.archive, None
    history.inbox.async_add_live(live(0))
    told = (await diagnostics_of(hass, hass_client, anna))["history"]
    history.archive = archive
    assert told == there | unknown | {
        "is_open": False,
        "trouble": "archive_closed",
        "waiting": 1,
        "writing": None,
    }


async def test_what_went_wrong_with_the_history_is_told(
    hass: HomeAssistant,
    anna: AccountEntry,
    later: Later,
    hass_client: ClientSessionGenerator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Though it is over."""
    await later(1)
    issues = anna.runtime_data.household.history._issues
    issues.async_status(Status(State.DELAYED, 1, 0, "database is locked"))
    issues.async_status(Status())
    told = (await diagnostics_of(hass, hass_client, anna))["history"]
    last = told["last_error"]
    assert last.pop("at")
    assert last == {"key": "archive_delayed", "reason": "database is locked"}
