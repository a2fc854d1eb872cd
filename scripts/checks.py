"""Run every check one after another, each with its time, and stop at the first failure."""

import argparse
from collections.abc import Sequence
import os
import signal
import subprocess
import sys
import time

from .postgresql import WHY_NONE, install

type Command = Sequence[str]

PYTEST = ("pytest", "-n", "logical")
FIXERS: dict[str, Command] = {
    "ruff check --fix": ("ruff", "check", "--fix"),
    "ruff format": ("ruff", "format"),
}
STYLE: dict[str, Command] = {
    "ruff check": ("ruff", "check"),
    "ruff format --check": ("ruff", "format", "--check"),
}
TYPES: dict[str, Command] = {"mypy --strict": ("mypy",)}
TESTS: dict[str, Command] = {
    "pytest": (*PYTEST, "--cov", "--cov-report=term"),
    "demo": ("scripts.demonstration", "--check"),
}


def chosen(arguments: list[str]) -> dict[str, Command]:
    """Return the checks that the command line asks for."""
    if arguments[:1] == ["--"]:
        return {"pytest": (*PYTEST, *arguments[1:])}
    parser = argparse.ArgumentParser(
        prog="scripts/test",
        description=__doc__,
        epilog="After --, arguments go to pytest, which then runs alone.",
    )
    parser.add_argument("--lint", action="store_true", help="style and types only")
    parser.add_argument("--fix", action="store_true", help="mend style, with --lint")
    options = parser.parse_args(arguments)
    if options.fix and not options.lint:
        parser.error("--fix belongs to scripts/lint")
    checks = (FIXERS if options.fix else STYLE) | TYPES
    return checks if options.lint else checks | TESTS


def environment() -> dict[str, str]:
    """Return what checks run in: what is compiled once serves every process of them."""
    found = {**os.environ, "PYTHONPYCACHEPREFIX": f"{sys.prefix}/compiled"}
    found.pop("PYTHONDONTWRITEBYTECODE", None)
    return found


def run(command: Command) -> int:
    """Run one check to its end; it ends with us when we are ended."""
    arguments = [sys.executable, "-m", *command]
    with subprocess.Popen(arguments, env=environment()) as process:
        try:
            return process.wait()
        except BaseException:
            process.terminate()
            raise


def main() -> int:
    """Run the checks in order."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began = time.monotonic()
    checks = chosen(sys.argv[1:])
    # Where it can't be had, its tests are skipped, and that is said at the end.
    untested = "pytest" in checks and not install()
    for name, command in checks.items():
        print(f"── {name}", flush=True)
        start = time.monotonic()
        try:
            status = run(command)
        except KeyboardInterrupt:
            print(f"INTERRUPTED during {name}", flush=True)
            return 130
        seconds = time.monotonic() - start
        if status:
            print(f"FAILED: {name} ({seconds:.1f} s)", flush=True)
            return 1
        print(f"── {name}: passed in {seconds:.1f} s", flush=True)
    print(f"All passed in {time.monotonic() - began:.1f} s", flush=True)
    if untested:
        print(WHY_NONE, flush=True)
        return 1 if os.environ.get("CI") else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
