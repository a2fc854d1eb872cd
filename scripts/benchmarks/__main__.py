"""Run one benchmark: scripts/bench NAME."""

import argparse
from collections.abc import Callable
import sys
import time

from .archive import PLAYS, run as archive
from .polling import run as polling

BENCHMARKS: dict[str, Callable[[argparse.Namespace], bool]] = {
    "archive": lambda chosen: archive(chosen.plays),
    "polling": lambda _: polling(),
}


def main() -> int:
    """Return 0 when every goal was met."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("name", choices=BENCHMARKS, help="what to measure")
    parser.add_argument(
        "--plays", type=int, default=PLAYS, help="archive: how many plays it holds"
    )
    chosen = parser.parse_args()
    name = chosen.name
    began = time.monotonic()
    met = BENCHMARKS[name](chosen)
    print(f"\n{name}: {'goals met' if met else 'GOALS MISSED'}", end="")
    print(f" ({time.monotonic() - began:.0f} s)")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
