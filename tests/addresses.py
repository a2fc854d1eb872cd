"""Where the tests' Spotify stands: one address for each process that runs tests."""

import errno
import itertools
import os
import socket
from typing import Final

HOST: Final = "127.0.0.1"


def _free_port() -> int:
    """Return a port that no outgoing connection of this machine can come to occupy."""
    for port in itertools.count(10_000 + os.getpid() % 20_000):
        try:
            with socket.create_server((HOST, port)):
                return port
        except OSError as err:
            if err.errno != errno.EADDRINUSE:
                raise
    raise AssertionError


PORT: Final = _free_port()
URL: Final = f"http://{HOST}:{PORT}"
