"""Repairing an issue from Home Assistant's list."""

from http import HTTPStatus
from typing import Any

from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.spotify_hub.api.scopes import Feature
from custom_components.spotify_hub.const import DOMAIN
from tests.emulator import Emulator, Fault

from .conftest import AccountEntry, Link
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
