"""The order of commands, and what may be interrupted."""

import asyncio

from homeassistant.exceptions import ServiceValidationError
import pytest

from custom_components.spotify_hub.account.commands import CommandQueue


async def test_commands_run_in_the_order_they_were_given() -> None:
    """The second waits for the first, however long that takes."""
    queue, log, gate = CommandQueue(), list[str](), asyncio.Event()

    async def slow() -> None:
        log.append("slow begins")
        await gate.wait()
        log.append("slow ends")

    async def quick() -> None:
        log.append("quick")

    both = asyncio.gather(queue.run(slow), queue.run(quick))
    await asyncio.sleep(0)
    gate.set()
    await both
    assert log == ["slow begins", "slow ends", "quick"]


async def test_a_pause_does_not_wait_for_a_start_in_progress() -> None:
    """The start ends with an error that says so; what comes next runs at once."""
    queue, never, log = CommandQueue(), asyncio.Event(), list[str]()

    async def start() -> None:
        await queue.run(never.wait)

    async def pause() -> None:
        log.append("paused")

    starting = asyncio.create_task(queue.run_interruptibly(start()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    queue.interrupt()
    await queue.run(pause)
    assert log == ["paused"]
    with pytest.raises(ServiceValidationError) as raised:
        await starting
    assert raised.value.translation_key == "interrupted"


async def test_a_caller_that_gives_up_ends_its_command() -> None:
    """Cancelling the caller cancels the work, and is not told as an interruption."""
    queue, never, ended = CommandQueue(), asyncio.Event(), list[bool]()

    async def work() -> None:
        try:
            await never.wait()
        finally:
            ended.append(True)

    caller = asyncio.create_task(queue.run_interruptibly(work()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await asyncio.sleep(0)
    assert ended == [True]


async def test_a_failed_command_does_not_block_the_next() -> None:
    """An error reaches its own caller only."""
    queue = CommandQueue()

    async def fail() -> None:
        raise ValueError

    async def work() -> str:
        return "done"

    with pytest.raises(ValueError, match=r"^$"):
        await queue.run(fail)
    assert await queue.run(work) == "done"
