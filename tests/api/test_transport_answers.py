"""Answers that stall, break off, lead elsewhere or are no answers at all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
import gzip

import aiohttp
import pytest

from custom_components.spotify_hub.api import transport
from custom_components.spotify_hub.api.catalogue import SearchType
from custom_components.spotify_hub.api.client import SpotifyHubClient
from custom_components.spotify_hub.api.errors import (
    ConnectionFailedError,
    DeadlineExceededError,
    InvalidAnswerError,
    SpotifyApiError,
)
from custom_components.spotify_hub.api.request import Lane, Request
from custom_components.spotify_hub.api.transport import Transport
from tests.emulator import Emulator, Fault

from .conftest import FreshTokens

POST = Request(method="POST", path="/v1/me/player/next", lane=Lane.COMMAND)

type Wire = Callable[[bytes], Awaitable[str]]


@pytest.fixture
def wire(emulator: Emulator, session: aiohttp.ClientSession) -> Wire:
    """Send a request that is answered by these bytes and nothing more."""

    @asynccontextmanager
    async def serving(answer: bytes) -> AsyncIterator[int]:
        async def serve(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            yield server.sockets[0].getsockname()[1]

    async def send(answer: bytes) -> str:
        async with serving(answer) as port:
            sender = Transport(
                session, f"http://127.0.0.1:{port}", FreshTokens(emulator)
            )
            return await sender.send(POST)

    return send


@pytest.mark.parametrize(
    "fault",
    [
        Fault("/v1/", times=None, stall=True),
        Fault("/v1/", times=None, stall=True, status=200, body="{}" * 500),
        Fault("/v1/", times=None, status=None, delay=5),
    ],
    ids=["body of an error", "body of a success", "headers"],
)
async def test_t7_a_stalled_answer_ends_with_the_time_of_the_call(
    emulator: Emulator,
    anna: SpotifyHubClient,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
) -> None:
    """Upstream reads the body outside its time-out."""
    monkeypatch.setattr(transport, "DEADLINES", dict.fromkeys(Lane, 0.2))
    emulator.faults.add(fault)
    started = asyncio.get_running_loop().time()
    with pytest.raises(DeadlineExceededError, match="GET"):
        await anna.library.me()
    assert asyncio.get_running_loop().time() - started < 5


async def test_a_cancelled_call_is_cancelled(
    emulator: Emulator, anna: SpotifyHubClient
) -> None:
    """It is no failure of Spotify's."""
    emulator.faults.add(Fault("/v1/", stall=True))
    call = asyncio.create_task(anna.library.me())
    while not emulator.requests:
        await asyncio.sleep(0)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


@pytest.mark.parametrize(
    "fault",
    [
        Fault("/v1/", truncate=True),
        Fault("/v1/", status=200, body=""),
        Fault("/v1/", status=200, body="OK"),
        Fault("/v1/", status=200, body="<html>Welcome to this hotel's WLAN</html>"),
        Fault("/v1/", status=200, body="[1, 2]"),
        Fault("/v1/", status=200, body={}),
    ],
    ids=["cut", "empty", "text", "HTML", "list", "no fields"],
)
async def test_t8_a_success_that_can_not_be_read_is_an_error(
    emulator: Emulator, anna: SpotifyHubClient, pauses: list[float], fault: Fault
) -> None:
    """Upstream lets orjson's and mashumaro's errors out."""
    emulator.faults.add(fault)
    with pytest.raises(InvalidAnswerError):
        await anna.library.me()
    assert pauses == []


async def test_an_empty_200_does_not_say_that_nothing_plays(
    emulator: Emulator, anna: SpotifyHubClient
) -> None:
    """Only 204 does."""
    emulator.faults.add(Fault("/v1/", status=200, body=""))
    with pytest.raises(InvalidAnswerError):
        await anna.player.playback()
    assert await anna.player.playback() is None


async def test_a_body_that_breaks_off_is_a_failed_connection(
    emulator: Emulator, anna: SpotifyHubClient, pauses: list[float]
) -> None:
    """The status was 200, but what was promised did not come."""
    emulator.faults.add(Fault("/v1/", reset=True, truncate=True))
    assert (await anna.library.me()).id == "anna"
    assert pauses == [1]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_an_error_and_the_token_is_not_sent_on(
    emulator: Emulator, anna: SpotifyHubClient, status: int
) -> None:
    """Where it leads may not be Spotify."""
    elsewhere = {"Location": f"{emulator.url}/v1/elsewhere"}
    emulator.faults.add(Fault("/v1/me", status=status, headers=elsewhere))
    with pytest.raises(InvalidAnswerError):
        await anna.library.me()
    assert len(emulator.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_10.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnope\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 20_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nRetry-After\xff\r\n\r\n",
    ],
    ids=[
        "nothing",
        "not HTTP",
        "odd length",
        "too short",
        "odd chunk",
        "cut chunk",
        "not gzip",
        "huge header",
        "odd header",
    ],
)
async def test_t6_what_is_no_http_is_a_failed_connection(
    wire: Wire, answer: bytes
) -> None:
    """No error of aiohttp's gets out, however broken the answer."""
    with pytest.raises(ConnectionFailedError) as raised:
        await wire(answer)
    assert raised.value.arrived
    assert str(raised.value)


async def test_bytes_that_are_no_text_are_replaced(wire: Wire) -> None:
    """One bad letter in a title costs that letter."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=nonsense\r\n"
    assert await wire(head + b"Connection: close\r\n\r\n{\xff}") == "{\ufffd}"


async def test_a_compressed_answer_is_read(wire: Wire) -> None:
    """Spotify compresses."""
    body = gzip.compress(b'{"id": "anna"}')
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}"
    assert await wire(head.encode() + b"\r\n\r\n" + body) == '{"id": "anna"}'


async def test_a_call_carries_token_and_name_and_no_more(
    session: aiohttp.ClientSession, emulator: Emulator, wire: Wire
) -> None:
    """The token goes out as a bearer; a raw body goes out as it is, of its own type."""
    cover = Request(
        method="PUT",
        path="/v1/playlists/x/images",
        raw_body="/9j/4AAQ",
        content_type="image/jpeg",
        lane=Lane.COMMAND,
    )
    sender = Transport(session, emulator.url, FreshTokens(emulator))
    with pytest.raises(SpotifyApiError):
        await sender.send(cover)
    assert emulator.requests[0].body == "/9j/4AAQ"
    assert emulator.requests[0].user_id == "anna"


@pytest.mark.parametrize("text", ["a&b=c#d%2F+?", "née 🎈", "\x00\n", '<"\\>'])
async def test_any_text_can_be_sent(
    emulator: Emulator, anna: SpotifyHubClient, text: str
) -> None:
    """Also one that means something in an address."""
    await anna.catalogue.search(text, [SearchType.TRACK])
    assert emulator.requests[0].query["q"] == text


async def test_half_a_letter_is_not_sent(
    emulator: Emulator, anna: SpotifyHubClient
) -> None:
    """A lone surrogate, which no encoding has, raises no Unicode error."""
    await anna.catalogue.search("So \ud800What", [SearchType.TRACK])
    assert emulator.requests[0].query["q"] == "So What"
