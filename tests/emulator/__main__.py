"""Run the emulator as a process of its own: python -m tests.emulator --port N."""

import argparse
import asyncio
import signal
import sys

from .server import Emulator


async def _run(host: str, port: int) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    async with Emulator(port=port, host=host) as emulator:
        sys.stdout.write(f"{emulator.url}\n")
        sys.stdout.flush()
        await ended.wait()


def _main() -> None:
    parser = argparse.ArgumentParser(prog="tests.emulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    asyncio.run(_run(options.host, options.port))


if __name__ == "__main__":
    _main()
