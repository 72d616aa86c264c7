"""The two ports of a demo, held from beginning to end, so that nobody else can take one in between."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

from countersign.cli.demo.run_file import Run

_HOST: Final = "127.0.0.1"
_BACKLOG: Final = 2048


@dataclass(frozen=True, slots=True)
class Doors:
    """Sockets that listen already; the demo's processes inherit them and answer."""

    http: socket.socket
    smtp: socket.socket

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What a process is given so that it can answer."""
        return (self.http.fileno(), self.smtp.fileno())


@contextmanager
def opened(run: Run) -> Iterator[tuple[Run, Doors]]:
    """The run at the ports that it had, or at others where somebody else has taken them."""
    with _listening(run.http_port) as http, _listening(run.smtp_port) as smtp:
        ports = {"http_port": http.getsockname()[1], "smtp_port": smtp.getsockname()[1]}
        yield replace(run, **ports), Doors(http, smtp)


def _listening(port: int) -> socket.socket:
    try:
        return socket.create_server((_HOST, port), backlog=_BACKLOG)
    except OSError:
        return socket.create_server((_HOST, 0), backlog=_BACKLOG)
