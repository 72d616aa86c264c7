"""Several processes of the API, each at a port of its own, and one that keeps the read tables.

They are forks of one process that has imported everything and opened nothing: started one by one they would
take longer than the test. Prints the ports, and ends with its children at SIGTERM.
"""

from __future__ import annotations

import os
import signal
import sys
from socketserver import ThreadingMixIn
from typing import Any, NoReturn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from countersign.cli.main import main
from countersign.cli.wsgi import application


class Server(ThreadingMixIn, WSGIServer):
    """A thread for each request."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Nobody reads about each request."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def serve(server: WSGIServer) -> NoReturn:
    """Answer until told to stop."""
    server.set_app(application())
    server.serve_forever()
    raise AssertionError("it serves for ever")


def run(processes: int) -> None:
    """Fork them, and wait for the end."""
    servers = [Server(("127.0.0.1", 0), Quiet) for _ in range(processes)]
    children = [_forked(lambda server=server: serve(server)) for server in servers]
    children.append(_forked(lambda: sys.exit(main(["work", "--only", "projections"]))))
    signal.signal(signal.SIGTERM, lambda *_: _end(children))
    print(*(server.server_port for server in servers), flush=True)  # noqa: T201 - whoever started it reads this
    for child in children:
        os.waitpid(child, 0)


def _end(children: list[int]) -> None:
    for child in children:
        os.kill(child, signal.SIGTERM)


def _forked(work: Any) -> int:
    child = os.fork()
    if not child:
        work()
    return child


if __name__ == "__main__":
    run(int(sys.argv[1]))
