"""Linking an account as a person does: credentials, flow, and consent at Spotify."""

from typing import Any

import aiohttp

from .client import Client
from .emulator import CLIENT_ID, CLIENT_SECRET
from .failure import DemonstrationError

_DOMAIN = "spotify_hub"
_MOST_STEPS = 8
_FLOWS = "/api/config/config_entries/flow"


async def enter_credentials(client: Client) -> None:
    """Enter the app's id and secret, as the dialog of that name does, if not yet."""
    known = await client.ask("application_credentials/list")
    if any(entered["client_id"] == CLIENT_ID for entered in known):
        return
    await client.ask(
        "application_credentials/create",
        domain=_DOMAIN,
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        name="Demo app",
    )


async def unlink_all(client: Client) -> None:
    """Remove the accounts of an earlier demo; a new emulator doesn't know them."""
    entries = await client.ask("config_entries/get", domain=_DOMAIN)
    for entry in entries:
        path = f"/api/config/config_entries/entry/{entry['entry_id']}"
        await client.call("DELETE", path)


async def link(client: Client, user: str) -> str:
    """Walk one user through the flow and return the id of their config entry."""
    step = await client.call("POST", _FLOWS, {"handler": _DOMAIN})
    for _ in range(_MOST_STEPS):
        if step["type"] == "create_entry":
            entry_id: str = step["result"]["entry_id"]
            return entry_id
        if step["type"] == "abort":
            raise DemonstrationError(f"Linking {user} ended with: {step['reason']}")
        path = f"{_FLOWS}/{step['flow_id']}"
        if step["type"] == "external":
            await _consent(client.session, step["url"], user)
            step = await client.call("GET", path)
        else:
            step = await client.call("POST", path, _filled_in(step))
    raise DemonstrationError(f"Linking {user} came to no end; it stands at {step}")


def _filled_in(step: dict[str, Any]) -> dict[str, Any]:
    """Take the only choice where there must be one, else what is offered."""
    if step.get("errors"):
        raise DemonstrationError(f"The form {step['step_id']} says {step['errors']}")
    if step.get("step_id") == "pick_implementation":
        (field,) = step["data_schema"]
        return {field["name"]: field["options"][0][0]}
    return {}


async def _consent(session: aiohttp.ClientSession, url: str, user: str) -> None:
    """Open the consent page, agree, and follow it back to Home Assistant."""
    async with session.get(url) as page:
        await _expect(page, 200)
    async with session.post(url, data={"user": user}, allow_redirects=False) as agreed:
        await _expect(agreed, 302)
        back = agreed.headers["Location"]
    async with session.get(back) as done:
        await _expect(done, 200)


async def _expect(response: aiohttp.ClientResponse, status: int) -> None:
    if response.status != status:
        raise DemonstrationError(
            f"{response.url.path}: {response.status} {await response.text()}"
        )


async def account_player(client: Client, entry_id: str) -> str:
    """Return the entity id of an account's own player."""
    for entity in await client.ask("config/entity_registry/list"):
        if (
            entity["config_entry_id"] == entry_id
            and entity["translation_key"] == "account"
            and entity["entity_id"].startswith("media_player.")
        ):
            entity_id: str = entity["entity_id"]
            return entity_id
    raise DemonstrationError("The linked account has no media player.")
