"""Run Home Assistant beside an emulated Spotify, to try out or to check."""

import argparse
import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
import signal
import sys
import tempfile

import aiohttp

from .check import Check
from .configuration import clear
from .emulator import Emulator, run_emulator
from .failure import DemonstrationError
from .home_assistant import (
    HomeAssistant,
    complaints,
    free_port,
    is_free,
    last_words,
    run_home_assistant,
)
from .invitation import invite, invite_without_emulator
from .linking import account_player, enter_credentials, link, unlink_all
from .process import end_of

_FOLDER = Path(__file__).resolve().parents[2] / ".demo"
# What Home Assistant exits with when someone restarts it.
_RESTART = 100


async def _demonstrate(options: argparse.Namespace) -> None:
    """Run until interrupted, or until one of the two ends."""
    if not is_free(options.port):
        raise DemonstrationError(
            f"Port {options.port} is taken, perhaps by another demo. End it, "
            "or choose another with --port."
        )
    if not options.keep:
        clear(_FOLDER)
    _FOLDER.mkdir(exist_ok=True)
    async with aiohttp.ClientSession() as session:
        if options.without_emulator:
            await _serve(session, options, None)
            return
        async with run_emulator(session, _FOLDER) as emulator:
            await _serve(session, options, emulator)


async def _serve(
    session: aiohttp.ClientSession,
    options: argparse.Namespace,
    emulator: Emulator | None,
) -> None:
    first = True
    status = _RESTART
    while status == _RESTART:
        env = _pointing_to(emulator)
        async with run_home_assistant(session, _FOLDER, options.port, env) as home:
            if emulator is None:
                invite_without_emulator(home.client.url)
            elif first:
                await unlink_all(home.client)
                players = await _link(home, emulator, options.accounts)
                invite(home.client.url, emulator.url, players)
            first = False
            ends = {home.ended}
            if emulator is not None:
                ends.add(emulator.ended)
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if not home.ended.done():
                raise DemonstrationError(
                    f"The emulator ended.\n{end_of(_FOLDER / 'emulator.log')}"
                )
            status = home.ended.result()
    raise DemonstrationError(f"Home Assistant ended.\n{end_of(home.log)}")


async def _check(accounts: int) -> None:
    """Do the same on free ports, and drive the first account from outside."""
    with tempfile.TemporaryDirectory(prefix="spotify-hub-demo-") as name:
        folder = Path(name)
        async with (
            aiohttp.ClientSession() as session,
            run_emulator(session, folder) as emulator,
            run_home_assistant(
                session, folder, free_port(), _pointing_to(emulator)
            ) as home,
        ):
            try:
                players = await _link(home, emulator, accounts)
                user, player = next(iter(players.items()))
                await Check(emulator, home.client, user, player).everything()
            except DemonstrationError as err:
                raise DemonstrationError(
                    f"{err}\n\nThe end of Home Assistant's log:\n{last_words(home.log)}"
                ) from err
        # Read after the end, so that what goes wrong while ending counts too.
        if wrong := complaints(home.log):
            raise DemonstrationError("The log complains:\n" + "\n".join(wrong))
    print("demo: Home Assistant and Spotify agree throughout", flush=True)


async def _link(home: HomeAssistant, emulator: Emulator, count: int) -> dict[str, str]:
    """Link that many users while anna's music plays; return their players."""
    await emulator.phone(
        "anna", "play", uri=await emulator.album("Kind of Blue"), device="Kitchen"
    )
    await enter_credentials(home.client)
    users = await emulator.users()
    if count > len(users):
        raise DemonstrationError(f"The emulator has only {len(users)} users to link.")
    players = {}
    for user in users[:count]:
        entry_id = await link(home.client, user)
        players[user] = await account_player(home.client, entry_id)
        print(f"demo: linked {user} as {players[user]}", flush=True)
    return players


def _pointing_to(emulator: Emulator | None) -> dict[str, str]:
    if emulator is None:
        return {}
    return {
        "SPOTIFY_HUB_ACCOUNTS_URL": emulator.url,
        "SPOTIFY_HUB_API_URL": emulator.url,
    }


async def _until_interrupted(work: Coroutine[None, None, None]) -> None:
    """Do the work; a signal ends it once, in order."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    interrupted = asyncio.Event()

    def interrupt() -> None:
        if not interrupted.is_set():
            interrupted.set()
            print("\ndemo: ending …", flush=True)
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, interrupt)
    try:
        await task
    except asyncio.CancelledError:
        if not interrupted.is_set():
            raise


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/demo", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="drive it through once, then end"
    )
    parser.add_argument(
        "--accounts", type=int, default=1, metavar="N", help="link N users"
    )
    parser.add_argument(
        "--without-emulator", action="store_true", help="to link real accounts"
    )
    parser.add_argument("--port", type=int, default=8123, help="Home Assistant's port")
    parser.add_argument(
        "--keep", action="store_true", help="go on with the last demo's Home Assistant"
    )
    return parser.parse_args()


def main() -> int:
    """Run from the command line."""
    options = _options()
    work = _check(options.accounts) if options.check else _demonstrate(options)
    try:
        asyncio.run(_until_interrupted(work))
    except (DemonstrationError, aiohttp.ClientError) as err:
        print(f"\ndemo: FAILED: {err}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        sys.exit(main())
