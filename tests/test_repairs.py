"""Repairing an issue from Home Assistant's list."""

from http import HTTPStatus
from time import sleep
from typing import Any

from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.const import DOMAIN
from tests.emulator import Emulator, Fault
from tests.emulator.data import find

from .conftest import AccountEntry, Later, Link
from .test_issues import open_issues

INSUFFICIENT = {"error": {"status": 403, "message": "Insufficient client scope"}}


class Repairer:
    """Whoever presses the buttons of an issue."""

    def __init__(self, hass: HomeAssistant, client: Any) -> None:
        """Press them over HTTP."""
        self._hass = hass
        self._client = client

    async def begin(self, key: str, entry: AccountEntry) -> dict[str, Any]:
        """Select an issue of an account."""
        return await self.open(f"{key}_{entry.entry_id}")

    async def open(self, issue_id: str) -> dict[str, Any]:
        """Select an issue."""
        return await self._post("", handler=DOMAIN, issue_id=issue_id)

    async def submit(self, flow: dict[str, Any], **chosen: str) -> dict[str, Any]:
        """Confirm, or choose."""
        return await self._post(f"/{flow['flow_id']}", **chosen)

    def signing_in(self) -> list[tuple[str, str]]:
        """Return id and source of the flows in which accounts are signed in to."""
        flows = self._hass.config_entries.flow.async_progress_by_handler(DOMAIN)
        return [(flow["flow_id"], flow["context"]["source"]) for flow in flows]

    async def _post(self, path: str, **data: str) -> dict[str, Any]:
        answer = await self._client.post(f"/api/repairs/issues/fix{path}", json=data)
        assert answer.status == HTTPStatus.OK
        content: dict[str, Any] = await answer.json()
        return content


@pytest.fixture
async def repairer(
    hass: HomeAssistant, hass_client: ClientSessionGenerator, setup_credentials: None
) -> Repairer:
    """Somebody at the list of repairs."""
    assert await async_setup_component(hass, REPAIRS, {})
    return Repairer(hass, await hass_client())


async def lack_scope(emulator: Emulator, entry: AccountEntry) -> None:
    """Let Spotify say that the account has not granted what a command needs."""
    emulator.faults.add(Fault("/volume$", status=403, body=INSUFFICIENT))
    with pytest.raises(HomeAssistantError):
        await entry.runtime_data.player.set_volume(0.5)


async def test_a_sign_in_that_ends_is_renewed(
    hass: HomeAssistant, link: Link, repairer: Repairer
) -> None:
    """The fix leads to signing in again."""
    entry = await link(authorized_at=0)
    flow = await repairer.begin("sign_in_ending", entry)
    assert flow["step_id"] == "confirm"
    assert flow["description_placeholders"]["account"] == "Anna"
    assert not repairer.signing_in()
    result = await repairer.submit(flow)
    assert result["type"] == "create_entry"
    ((flow_id, source),) = repairer.signing_in()
    assert source == "reauth"
    assert result["next_flow"] == ["config_flow", flow_id]
    assert not open_issues(hass)


async def test_a_sign_in_under_way_is_gone_on_with(
    hass: HomeAssistant, link: Link, repairer: Repairer
) -> None:
    """Nobody has to sign in twice."""
    entry = await link(authorized_at=0)
    entry.async_start_reauth(hass)
    await hass.async_block_till_done()
    result = await repairer.submit(await repairer.begin("sign_in_ending", entry))
    ((flow_id, _),) = repairer.signing_in()
    assert result["next_flow"] == ["config_flow", flow_id]


@pytest.mark.parametrize(
    ("features", "leads_to"),
    [([Feature.CONTROL], "reconfigure"), (list(Feature), "reauth")],
)
async def test_a_missing_scope_is_granted(
    hass: HomeAssistant,
    emulator: Emulator,
    link: Link,
    repairer: Repairer,
    features: list[Feature],
    leads_to: str,
) -> None:
    """By choosing another feature; if all are chosen, by agreeing to them again."""
    entry = await link(features=features)
    await lack_scope(emulator, entry)
    result = await repairer.submit(await repairer.begin("scope_missing", entry))
    ((flow_id, source),) = repairer.signing_in()
    assert source == leads_to
    assert result["next_flow"] == ["config_flow", flow_id]


def liked(emulator: Emulator) -> list[str]:
    """Return what Anna likes at Spotify."""
    return list(emulator.world.users["anna"].saved["track"])


async def copy_now(entry: AccountEntry, later: Later) -> None:
    """Copy Liked Songs."""
    entry.runtime_data.favorites.async_request(force=True)
    await later(1)


async def lose(
    emulator: Emulator, entry: AccountEntry, later: Later, count: int
) -> None:
    """Let so many of Anna's songs vanish between two copies."""
    await copy_now(entry, later)
    for uri in liked(emulator)[:count]:
        emulator.phone("anna").unlike(uri)
    await copy_now(entry, later)


@pytest.mark.usefixtures("freezer")
async def test_songs_that_vanished_are_put_back(
    hass: HomeAssistant,
    emulator: Emulator,
    link: Link,
    repairer: Repairer,
    later: Later,
) -> None:
    """More than a fifth at once; a restart and other copies do not end the offer."""
    entry = await link()
    before = liked(emulator)
    await lose(emulator, entry, later, 40)
    (issue,) = [
        one
        for one in ir.async_get(hass).issues.values()
        if one.translation_key == "favorites_vanished"
    ]
    placeholders = issue.translation_placeholders
    assert placeholders is not None
    assert placeholders["count"] == "40"
    assert placeholders["total"] == "120"
    emulator.phone("anna").like(find(emulator.world, "track", "So What")["uri"])
    await copy_now(entry, later)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert len(open_issues(hass)) == 1
    flow = await repairer.begin("favorites_vanished", entry)
    assert flow["description_placeholders"]["snapshot"] == placeholders["snapshot"]
    assert len(liked(emulator)) == 81
    result = await repairer.submit(flow)
    assert result["type"] == "create_entry"
    await later(1)
    assert set(before) <= set(liked(emulator))
    assert not open_issues(hass)
    await copy_now(entry, later)
    assert entry.runtime_data.favorites.record.vanished is None


@pytest.mark.usefixtures("freezer")
async def test_a_fifth_is_not_much(
    hass: HomeAssistant, emulator: Emulator, link: Link, later: Later
) -> None:
    """People tidy up."""
    await lose(emulator, await link(), later, 24)
    assert not open_issues(hass)


@pytest.mark.usefixtures("freezer")
async def test_what_could_not_be_put_back_is_offered_again(
    hass: HomeAssistant,
    emulator: Emulator,
    link: Link,
    repairer: Repairer,
    later: Later,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The reason is in the log."""
    entry = await link()
    await lose(emulator, entry, later, 40)
    emulator.faults.add(Fault("/me/library$", status=503, method="PUT", times=None))
    flow = await repairer.begin("favorites_vanished", entry)
    await repairer.submit(flow)
    await later(1)
    assert len(open_issues(hass)) == 1
    assert "could not be put back" in caplog.text
    emulator.faults.clear()
    emulator.faults.add(Fault("/me/tracks$", status=503, times=None))
    flow = await repairer.begin("favorites_vanished", entry)
    await repairer.submit(flow)
    await later(1)
    assert len(open_issues(hass)) == 1


@pytest.mark.usefixtures("freezer")
async def test_a_restart_in_the_middle_leaves_the_rest_on_offer(
    hass: HomeAssistant,
    emulator: Emulator,
    link: Link,
    repairer: Repairer,
    later: Later,
) -> None:
    """Whoever selects it again puts back what is missing still, and nothing twice."""
    entry = await link()
    before = liked(emulator)
    await lose(emulator, entry, later, 120)
    part = Fault("/me/library$", status=None, method="PUT")
    emulator.faults.add(part)
    emulator.faults.add(
        Fault("/me/library$", status=None, method="PUT", delay=30, times=None)
    )
    await repairer.submit(await repairer.begin("favorites_vanished", entry))
    while len(emulator.calls("PUT")) < 2:
        # The clocks stand still.
        await hass.async_add_executor_job(sleep, 0.005)
    assert not open_issues(hass)
    emulator.faults.clear()
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert len(open_issues(hass)) == 1
    there = len(liked(emulator))
    assert 0 < there < 120
    emulator.forget_requests()
    await repairer.submit(await repairer.begin("favorites_vanished", entry))
    await later(1)
    assert set(liked(emulator)) == set(before)
    assert len(emulator.calls("PUT")) == (120 - there) / 40
    assert not open_issues(hass)


@pytest.mark.usefixtures("freezer")
async def test_nothing_is_put_back_into_an_account_that_is_not_there(
    hass: HomeAssistant,
    emulator: Emulator,
    link: Link,
    repairer: Repairer,
    later: Later,
) -> None:
    """Whoever tries is told."""
    entry = await link()
    await lose(emulator, entry, later, 40)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert len(open_issues(hass)) == 1
    result = await repairer.submit(await repairer.begin("favorites_vanished", entry))
    assert result["reason"] == "account_not_loaded"
    assert len(open_issues(hass)) == 1
    assert await hass.config_entries.async_remove(entry.entry_id)
    assert not open_issues(hass)


@pytest.mark.usefixtures("freezer")
async def test_what_came_back_by_itself_is_offered_no_more(
    hass: HomeAssistant, emulator: Emulator, link: Link, later: Later
) -> None:
    """And what vanishes weeks later is another thing."""
    entry = await link()
    before = dict(emulator.world.users["anna"].saved["track"])
    await lose(emulator, entry, later, 40)
    emulator.world.users["anna"].saved["track"] = before
    await later(86_400)
    await copy_now(entry, later)
    assert not open_issues(hass)
    await lose(emulator, entry, later, 50)
    first = entry.runtime_data.favorites.record.vanished
    await later(8 * 86_400)
    await lose(emulator, entry, later, 30)
    second = entry.runtime_data.favorites.record.vanished
    assert first != second
    assert second is not None
    assert (second.count, second.of) == (30, 70)
    assert len(open_issues(hass)) == 1
