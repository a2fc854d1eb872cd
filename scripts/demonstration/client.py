"""Talking to a Home Assistant as its frontend does: REST and websocket."""

from typing import Any

import aiohttp

from .failure import DemonstrationError

USERNAME = "demo"
PASSWORD = "demo"


class Client:
    """A signed-in user of one Home Assistant."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        """Talk to the Home Assistant at this address."""
        self.url = url
        self.session = session
        self.token: dict[str, Any] = {}
        self._client_id = f"{url}/"

    async def sign_up(self) -> None:
        """Create the first user, or sign in as them if they are there."""
        steps = await self._onboarding()
        if steps.get("user", True):
            await self.sign_in()
            return
        created = await self.call(
            "POST",
            "/api/onboarding/users",
            {
                "client_id": self._client_id,
                "name": "Demo",
                "username": USERNAME,
                "password": PASSWORD,
                "language": "en",
            },
        )
        await self._exchange(created["auth_code"])

    async def sign_in(self) -> None:
        """Sign in with the password."""
        flow = await self.call(
            "POST",
            "/auth/login_flow",
            {
                "client_id": self._client_id,
                "handler": ["homeassistant", None],
                "redirect_uri": f"{self.url}/?auth_callback=1",
            },
        )
        done = await self.call(
            "POST",
            f"/auth/login_flow/{flow['flow_id']}",
            {
                "client_id": self._client_id,
                "username": USERNAME,
                "password": PASSWORD,
            },
        )
        if done["type"] != "create_entry":
            raise DemonstrationError(f"No sign-in as {USERNAME}: {done['errors']}")
        await self._exchange(done["result"])

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """Make one REST call and return its JSON."""
        # Without this header a flow has no address to send the browser back to.
        headers = {"HA-Frontend-Base": self.url}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token['access_token']}"
        async with self.session.request(
            method, f"{self.url}{path}", json=body, headers=headers
        ) as response:
            if response.status >= 400:
                raise DemonstrationError(
                    f"{method} {path}: {response.status} {await response.text()}"
                )
            return await response.json()

    async def ask(self, command: str, **fields: Any) -> Any:
        """Send one websocket command and return its result."""
        async with self.session.ws_connect(f"{self.url}/api/websocket") as socket:
            await socket.receive_json()
            token = self.token["access_token"]
            await socket.send_json({"type": "auth", "access_token": token})
            await socket.receive_json()
            await socket.send_json({"id": 1, "type": command, **fields})
            answer = await socket.receive_json()
        if not answer["success"]:
            raise DemonstrationError(f"{command}: {answer['error']['message']}")
        return answer["result"]

    async def act(self, action: str, entity_id: str, **data: Any) -> None:
        """Perform an action on an entity."""
        path = f"/api/services/{action.replace('.', '/')}"
        await self.call("POST", path, {"entity_id": entity_id, **data})

    async def answer(self, action: str, entity_id: str, **data: Any) -> dict[str, Any]:
        """Perform an action on an entity and return what it answers."""
        path = f"/api/services/{action.replace('.', '/')}?return_response"
        done = await self.call("POST", path, {"entity_id": entity_id, **data})
        answered: dict[str, Any] = done["service_response"][entity_id]
        return answered

    async def state(self, entity_id: str) -> dict[str, Any]:
        """Return an entity's state and attributes."""
        state: dict[str, Any] = await self.call("GET", f"/api/states/{entity_id}")
        return state

    async def _onboarding(self) -> dict[str, bool]:
        async with self.session.get(f"{self.url}/api/onboarding") as response:
            # The steps are no longer served once all are done.
            steps = await response.json() if response.status == 200 else []
        return {step["step"]: step["done"] for step in steps}

    async def _exchange(self, code: str) -> None:
        async with self.session.post(
            f"{self.url}/auth/token",
            data={
                "grant_type": "authorization_code",
                "client_id": self._client_id,
                "code": code,
            },
        ) as response:
            self.token = await response.json()
