"""Debian's PostgreSQL, on which the archive is tested beside SQLite."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
import os
from pathlib import Path
import pwd
import shutil
import stat
import subprocess
import tempfile

import psycopg
from psycopg.sql import SQL, Composed, Identifier

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

    def new_schema(self) -> str:
        """Return the URL of an empty schema, as good as a database and sooner there."""
        name = f"archive_{next(self._numbers)}"
        self._execute(SQL("CREATE SCHEMA {}").format(Identifier(name)))
        return f"{self.url('postgres')}&options=-csearch_path%3D{name}"

    def new_database(self) -> str:
        """Return the name of an empty database."""
        name = f"archive_{next(self._numbers)}"
        self._execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        return name

    def url(self, database: str) -> str:
        """Return the URL of a database."""
        return f"postgresql://tester:secret@/{database}?host={self.folder}"

    def _execute(self, statement: Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def cluster(programs: Path) -> Iterator[Cluster]:
    """Run a server in a folder that is thrown away."""
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="archive-pg-", dir=_place(user)))
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
            # As most have: by it large and small letters are known.
            "--lc-ctype=C.UTF-8",
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


def _place(user: pwd.struct_passwd | None) -> Path:
    """Return a folder that the server can reach; some machines close the usual one."""
    usual = Path(tempfile.gettempdir())
    closed = any(
        not one.stat().st_mode & stat.S_IXOTH for one in (usual, *usual.parents)
    )
    return Path(user.pw_dir) if user is not None and closed else usual


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
