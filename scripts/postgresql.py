"""Debian's PostgreSQL, on which the archive is tested beside SQLite."""

import os
from pathlib import Path
import shutil
import subprocess

WHY_NONE = (
    "PostgreSQL was not tested: it is not installed (Debian's package postgresql)"
)
_DEBIAN = Path("/usr/lib/postgresql")


def binaries() -> Path | None:
    """Return the folder of the server's programs, those of the latest version."""
    on_path = shutil.which("initdb")
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda one: int(one.parts[-3]))
    if found:
        return found[-1].parent
    return Path(on_path).parent if on_path else None


def install() -> bool:
    """Install the server where that can be done; tell whether it is there."""
    if binaries() is None and not os.geteuid() and shutil.which("apt-get"):
        for arguments in (
            ("update",),
            ("install", "-y", "--no-install-recommends", "postgresql"),
        ):
            subprocess.run(
                ("apt-get", "-q", *arguments),
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )
    return binaries() is not None
