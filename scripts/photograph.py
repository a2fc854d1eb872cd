"""Photograph a page of a running demo with a headless Chromium, signed in."""

import argparse
import asyncio
from asyncio.subprocess import DEVNULL
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
import json
from pathlib import Path
import shutil
import sys
import tempfile
import time
from typing import Any

import aiohttp

from .demonstration.client import Client
from .demonstration.failure import DemonstrationError

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_SECONDS_TO_START = 60
_IS_UP = (
    "document.querySelector('home-assistant') !== null"
    " && document.getElementById('ha-launch-screen') === null"
)
# Below this width a page is shown as on a phone.
_WIDEST_PHONE = 600


class Page:
    """One page of a browser, over its DevTools protocol."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Talk over an open connection."""
        self._socket = socket
        self._last_id = 0

    async def do(self, method: str, **params: Any) -> dict[str, Any]:
        """Give one command and return its result."""
        self._last_id += 1
        await self._socket.send_json(
            {"id": self._last_id, "method": method, "params": params}
        )
        while True:
            answer = await self._socket.receive_json()
            if answer.get("id") == self._last_id:
                break
        if "error" in answer:
            raise DemonstrationError(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    async def evaluate(self, expression: str) -> Any:
        """Evaluate an expression in the page, waiting for it if it is a promise."""
        done = await self.do(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in done:
            raise DemonstrationError(done["result"].get("description", expression))
        return done["result"].get("value")

    async def loaded(self) -> None:
        """Wait until the frontend has taken its launch screen away."""
        for _ in range(_SECONDS_TO_START * 5):
            if await self.evaluate(_IS_UP):
                return
            await asyncio.sleep(0.2)
        raise DemonstrationError("The frontend did not load.")


@asynccontextmanager
async def _browser() -> AsyncIterator[int]:
    """Run a browser of our own and give the port of its DevTools."""
    program = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if program is None:
        raise DemonstrationError(
            "No Chromium is installed. On Debian type:\n  sudo apt-get install chromium"
        )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            program,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--hide-scrollbars",
            "--no-first-run",
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
            "about:blank",
            stdout=DEVNULL,
            stderr=DEVNULL,
        )
        try:
            yield await _devtools_port(Path(profile) / "DevToolsActivePort")
        finally:
            process.terminate()
            await process.wait()


async def _devtools_port(announcement: Path) -> int:
    for _ in range(_SECONDS_TO_START * 10):
        if port := _announced(announcement):
            return port
        await asyncio.sleep(0.1)
    raise DemonstrationError("The browser did not start.")


def _announced(announcement: Path) -> int | None:
    """Return the port once the browser has written it down."""
    lines = announcement.read_text().splitlines() if announcement.exists() else []
    return int(lines[0]) if len(lines) > 1 else None


@asynccontextmanager
async def _open_page(session: aiohttp.ClientSession) -> AsyncIterator[Page]:
    async with _browser() as port:
        async with session.get(f"http://127.0.0.1:{port}/json") as response:
            targets = await response.json()
        address = next(
            target["webSocketDebuggerUrl"]
            for target in targets
            if target["type"] == "page"
        )
        async with session.ws_connect(address, max_msg_size=0) as socket:
            yield Page(socket)


def _remembered(client: Client) -> str:
    """Return what the frontend keeps in the browser of someone signed in."""
    token = client.token
    return json.dumps(
        {
            **token,
            "hassUrl": client.url,
            "clientId": f"{client.url}/",
            "expires": int((time.time() + token["expires_in"]) * 1000),
        }
    )


async def _photograph(options: argparse.Namespace) -> bytes:
    width, height = (int(part) for part in options.size.split("x"))
    async with aiohttp.ClientSession() as session:
        client = Client(session, options.url.rstrip("/"))
        await client.sign_in()
        remember = f"localStorage.hassTokens = {json.dumps(_remembered(client))}"
        async with _open_page(session) as page:
            await page.do("Page.enable")
            await page.do(
                "Emulation.setDeviceMetricsOverride",
                width=width,
                height=height,
                deviceScaleFactor=options.scale,
                mobile=width < _WIDEST_PHONE,
            )
            scheme = {"name": "prefers-color-scheme", "value": options.scheme}
            await page.do("Emulation.setEmulatedMedia", features=[scheme])
            await page.do("Page.addScriptToEvaluateOnNewDocument", source=remember)
            await page.do("Page.navigate", url=client.url + options.path)
            await page.loaded()
            await asyncio.sleep(options.wait)
            if options.js:
                print(json.dumps(await page.evaluate(options.js)))
                await asyncio.sleep(options.wait_after_js)
            picture = await page.do("Page.captureScreenshot", format="png")
    return base64.b64decode(picture["data"])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/screenshot",
        description=__doc__,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("path", help="the page, such as /config/integrations")
    parser.add_argument("out", type=Path, help="the PNG file to write")
    parser.add_argument("--url", default="http://127.0.0.1:8123", help="the demo")
    parser.add_argument("--size", default="1280x900", help="below 600 wide: a phone")
    parser.add_argument("--scale", type=float, default=1.0, help="pixels per dot")
    parser.add_argument("--scheme", choices=("light", "dark"), default="light")
    parser.add_argument("--wait", type=float, default=4.0, help="seconds once loaded")
    parser.add_argument("--js", help="an expression to evaluate before the picture")
    parser.add_argument("--wait-after-js", type=float, default=2.0, help="seconds")
    return parser.parse_args()


def main() -> int:
    """Run from the command line."""
    options = _options()
    try:
        picture = asyncio.run(_photograph(options))
    except (DemonstrationError, aiohttp.ClientConnectionError) as err:
        print(f"{err}\nIs scripts/demo running?", file=sys.stderr)
        return 1
    options.out.write_bytes(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
