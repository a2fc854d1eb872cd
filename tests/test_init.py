"""Accounts come, go and come again."""

import asyncio

from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest

from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.const import DOMAIN
from tests.emulator import Emulator, Fault

from .conftest import AccountEntry, EntryFor, Later, Link

PLAYER = "media_player.spotify_anna"


def has_to_sign_in(hass: HomeAssistant) -> bool:
    """Tell whether somebody is asked to sign in again."""
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return any(flow["context"]["source"] == SOURCE_REAUTH for flow in flows)


def state_of(entry: AccountEntry) -> ConfigEntryState:
    """Return the entry's state, which changes behind the type checker's back."""
    return entry.state


async def test_an_account_starts_with_two_requests_and_ends_with_none(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """Few requests. Unloaded, it asks nothing any more, shows nothing and leaves no task behind."""
    assert [call.path for call in emulator.requests] == [
        "/v1/me/player",
        "/v1/me/player/devices",
    ]
    assert await hass.config_entries.async_unload(anna.entry_id)
    assert anna.state is ConfigEntryState.NOT_LOADED
    emulator.forget_requests()
    await later(24 * 3600)
    assert not emulator.requests
    state = hass.states.get(PLAYER)
    assert state is not None
    assert state.state == STATE_UNAVAILABLE
    ours = [task for task in asyncio.all_tasks() if "spotify" in repr(task.get_coro())]
    assert not ours


async def test_reloading_changes_nothing(
    hass: HomeAssistant, emulator: Emulator, anna: AccountEntry, later: Later
) -> None:
    """Entities and devices stay the same, and polls do not multiply."""
    entities, devices = er.async_get(hass), dr.async_get(hass)
    before = er.async_entries_for_config_entry(entities, anna.entry_id)
    there = dr.async_entries_for_config_entry(devices, anna.entry_id)
    for _ in range(3):
        assert await hass.config_entries.async_reload(anna.entry_id)
    assert er.async_entries_for_config_entry(entities, anna.entry_id) == before
    assert dr.async_entries_for_config_entry(devices, anna.entry_id) == there
    emulator.forget_requests()
    await later(61)
    assert len(emulator.calls(path="/me/player$")) == 1


async def test_a_removed_account_leaves_nothing_behind(
    hass: HomeAssistant, anna: AccountEntry
) -> None:
    """Its entities and its device go with it."""
    await hass.config_entries.async_remove(anna.entry_id)
    await hass.async_block_till_done()
    assert hass.states.get(PLAYER) is None
    assert not er.async_get(hass).entities
    assert not dr.async_get(hass).devices


async def test_an_account_without_control_has_to_sign_in(
    hass: HomeAssistant, link: Link
) -> None:
    """A token that lacks what every account needs is as good as none."""
    token = {"access_token": "x", "expires_at": 2**33, "scope": "user-library-read"}
    entry = await link(token=token)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "scope_missing"
    assert has_to_sign_in(hass)


async def test_an_account_whose_app_was_removed_has_to_sign_in(
    hass: HomeAssistant, entry_for: EntryFor, setup_credentials: None
) -> None:
    """Signing in again lets another app be chosen."""
    entry = entry_for(app="second-client-id")
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert has_to_sign_in(hass)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("/me/player$", times=None, status=503), "server_fault"),
        (Fault("/me/player$", times=None, reset=True), "unreachable"),
        (Fault("/api/token", times=None, status=503), "server_fault"),
    ],
)
async def test_an_account_starts_when_spotify_is_back(
    hass: HomeAssistant,
    emulator: Emulator,
    link: Link,
    later: Later,
    fault: Fault,
    reason: str,
) -> None:
    """Until then Home Assistant shows why, and nobody is asked to sign in."""
    emulator.faults.add(fault)
    entry = await link(lifetime=0)
    assert state_of(entry) is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == reason
    assert not has_to_sign_in(hass)

    emulator.faults.clear()
    await later(60)
    assert state_of(entry) is ConfigEntryState.LOADED


async def test_an_account_starts_without_its_speakers(
    hass: HomeAssistant, emulator: Emulator, link: Link
) -> None:
    """They are only a convenience."""
    emulator.faults.add(Fault("/devices$", times=None, status=503))
    entry = await link()
    assert entry.state is ConfigEntryState.LOADED


async def test_the_immutable_id_is_learnt_at_start(
    hass: HomeAssistant, emulator: Emulator, link: Link
) -> None:
    """The entry, its entities and its device stay what they are."""
    entry = await link(account_id=None)
    assert entry.state is ConfigEntryState.LOADED
    account_id = emulator.world.users["anna"].account_id
    assert entry.unique_id == entry.data["account_id"] == account_id
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1
    assert not has_to_sign_in(hass)

    before = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    emulator.forget_requests()
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert not emulator.calls(path="/me$")
    entities = er.async_get(hass)
    assert er.async_entries_for_config_entry(entities, entry.entry_id) == before


async def test_an_account_whose_immutable_id_is_not_told_works_without(
    hass: HomeAssistant, emulator: Emulator, link: Link
) -> None:
    """Because Spotify does not tell it, or can't now; it is learnt another time."""
    emulator.world.apps["demo-client-id"].serves_account_id = False
    entry = await link(account_id=None)
    assert entry.state is ConfigEntryState.LOADED
    assert entry.unique_id == "anna"

    emulator.world.apps["demo-client-id"].serves_account_id = True
    emulator.faults.add(Fault("/me$", times=None, status=503))
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert entry.unique_id == "anna"

    emulator.faults.clear()
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert entry.unique_id == emulator.world.users["anna"].account_id


async def test_a_sign_in_refused_while_learning_the_id_is_no_silent_failure(
    hass: HomeAssistant, emulator: Emulator, link: Link
) -> None:
    """It is like any other refusal at start."""
    emulator.faults.add(Fault("/me$", times=2, status=401))
    entry = await link(account_id=None)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "sign_in"
    assert has_to_sign_in(hass)


async def test_features_are_what_the_account_was_linked_for(link: Link) -> None:
    """Whoever offers something asks here whether it was granted."""
    entry = await link(features=[Feature.CONTROL, Feature.LIBRARY])
    assert entry.runtime_data.features == {Feature.CONTROL, Feature.LIBRARY}


async def test_c_the_tokens_of_two_accounts_are_renewed_side_by_side(
    hass: HomeAssistant, emulator: Emulator, link: Link
) -> None:
    """A slow renewal of one account's does not hold up the other's."""
    anna, ben = await link("anna"), await link("ben")
    emulator.faults.add(Fault("/api/token", user="anna", status=503, delay=60))
    emulator.expire_access_tokens("anna")
    emulator.expire_access_tokens("ben")
    waiting = hass.async_create_task(anna.runtime_data.playback.async_refresh())
    async with asyncio.timeout(5):
        await ben.runtime_data.playback.async_refresh()
    assert ben.runtime_data.playback.last_update_success
    assert not waiting.done()
    await emulator.stop()
    await waiting
