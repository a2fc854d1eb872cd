"""A real Home Assistant as a process of its own."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
import re
import socket

import aiohttp

from .client import Client
from .configuration import prepare
from .failure import DemonstrationError
from .process import end_of, running

_STAND_INS = Path(__file__).resolve().parent / "stand_ins"
_SECONDS_TO_START = 180
_RECORD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ ([A-Z]+) ", re.MULTILINE)


@dataclass(frozen=True)
class HomeAssistant:
    """A running Home Assistant."""

    client: Client
    log: Path
    ended: asyncio.Task[int]


@asynccontextmanager
async def run_home_assistant(
    session: aiohttp.ClientSession, folder: Path, port: int, env: Mapping[str, str]
) -> AsyncIterator[HomeAssistant]:
    """Run Home Assistant on a port, and sign the demo's user up."""
    config = folder / "config"
    log = folder / "home-assistant.log"
    prepare(config, port)
    arguments = ("--config", config, "--skip-pip", "--log-no-color")
    env = {"PYTHONPATH": str(_STAND_INS), **env}
    async with running(
        "homeassistant", *arguments, log=log, cwd=config, env=env
    ) as process:
        ended = asyncio.create_task(process.wait())
        client = Client(session, f"http://127.0.0.1:{port}")
        try:
            await _started(client, ended, log)
            yield HomeAssistant(client, log, ended)
        finally:
            ended.cancel()


async def _started(client: Client, ended: asyncio.Task[int], log: Path) -> None:
    """Wait until Home Assistant is up and has set everything up."""
    for _ in range(_SECONDS_TO_START * 5):
        if ended.done():
            break
        with suppress(aiohttp.ClientError):
            if client.token:
                if (await client.ask("get_config"))["state"] == "RUNNING":
                    return
            elif await _serves_frontend(client):
                await client.sign_up()
        await asyncio.sleep(0.2)
    raise DemonstrationError(f"Home Assistant did not start.\n{end_of(log)}")


async def _serves_frontend(client: Client) -> bool:
    async with client.session.get(f"{client.url}/manifest.json") as response:
        return response.status == 200


def last_words(log: Path, most: int = 25) -> str:
    """Return the log's last records that concern the integration."""
    return "\n".join(_own_records(log)[-most:]) or end_of(log)


def complaints(log: Path) -> list[str]:
    """Return the log's records that tell of a mistake in the integration."""
    return [record for record in _own_records(log) if _is_complaint(record)]


def _own_records(log: Path) -> list[str]:
    """Cut the log into records, and leave out what others write."""
    text = log.read_text(errors="replace")
    starts = [found.start() for found in _RECORD.finditer(text)]
    records = (
        text[start:end].strip()
        for start, end in zip(starts, [*starts[1:], None], strict=True)
    )
    return [record for record in records if "spotify_hub" in record]


def _is_complaint(record: str) -> bool:
    level = _RECORD.match(record)
    return (
        (level is not None and level[1] in {"ERROR", "CRITICAL"})
        or "Traceback" in record
        # Home Assistant reports misuse of its interfaces so.
        or "Detected that custom integration" in record
    )


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Tell whether nothing listens on a port."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
