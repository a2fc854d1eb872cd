"""Debian's PostgreSQL, on which the archive is tested beside SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
import os
from pathlib import Path
import pwd
import shutil
import subprocess
import tempfile

import psycopg
from psycopg.sql import SQL, Identifier

WHY_NONE = (
    "PostgreSQL was not tested: it is not installed (Debian's package postgresql)"
)
_DEBIAN = Path("/usr/lib/postgresql")
_USERS = ("postgres", "nobody")


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


@dataclass
class Cluster:
    """A server that listens on a socket in its folder."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def new_database(self) -> str:
        """Return the URL of an empty database."""
        name = f"archive_{next(self._numbers)}"
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return self._url(name)

    def _url(self, database: str) -> str:
        return f"postgresql://tester:secret@/{database}?host={self.folder}"


@contextmanager
def cluster(programs: Path) -> Iterator[Cluster]:
    """Run a server in a folder that is thrown away."""
    folder = Path(tempfile.mkdtemp(prefix="archive-pg-"))
    user = _user()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    data = folder / "data"
    try:
        _run(
            user,
            programs / "initdb",
            "-D",
            data,
            "-U",
            "tester",
            "-A",
            "trust",
            "-N",
            "-E",
            "UTF8",
            "--locale=C",
        )
        options = f"-c listen_addresses='' -k {folder} -F -c full_page_writes=off -c synchronous_commit=off"
        _run(
            user,
            programs / "pg_ctl",
            "-D",
            data,
            "-w",
            "-o",
            options,
            "-l",
            folder / "log",
            "start",
        )
        try:
            yield Cluster(folder)
        finally:
            _run(user, programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _user() -> pwd.struct_passwd | None:
    """Return as whom the server runs: it refuses to run as root."""
    if os.geteuid():
        return None
    known = {one.pw_name: one for one in pwd.getpwall()}
    return next(known[name] for name in _USERS if name in known)


def _run(user: pwd.struct_passwd | None, *command: Path | str) -> None:
    subprocess.run(
        [str(part) for part in command],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
        user=user.pw_uid if user else None,
        group=user.pw_gid if user else None,
        extra_groups=[] if user else None,
    )
