"""gunicorn's threaded worker, which counts a connection that a client broke off once and not twice."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

_CLOSED = -1


class CountingWorker(ThreadWorker):
    """Stops when the last of its connections is done.

    gunicorn closes a TLS connection that ends without a farewell as soon as it reads that end. To close it
    once more raises, and it is counted as two that went: the worker then stops while others are still
    answered.
    """

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """Go on with a connection, or count it as gone where it was closed by its request."""
        if conn.sock.fileno() == _CLOSED:
            self.nr_conns -= 1
        else:
            super().finish_request(conn, fs)
