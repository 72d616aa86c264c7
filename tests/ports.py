"""Ports for servers of the tests: two processes that run tests never choose the same, nor does a client."""

from __future__ import annotations

import os
import random
import socket
from typing import Final

FIRST: Final = 10_000  # below those that systems give to outgoing connections
MANY: Final = 2_500


def free_port() -> int:
    """A port of this process's own at which nobody listens."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = FIRST + worker % 8 * MANY
    while True:
        port = random.randrange(first, first + MANY)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                continue
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
