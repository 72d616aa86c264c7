"""A connection to PostgreSQL that breaks at the worst moment."""

from __future__ import annotations

import socket
from contextlib import suppress
from select import select
from threading import Event, Thread
from types import TracebackType
from typing import Self

from sqlalchemy import URL, make_url


class CutAfter:
    """Passes everything on to the server, until a query with `mark` is to be cut.

    Then the server still hears it (`heard`) and commits, but of its answer only `told_bytes` are passed on;
    or it never hears it.
    """

    def __init__(self, url: str, mark: bytes, heard: bool, told_bytes: int = 0) -> None:
        self._server = make_url(url)
        self._mark = mark
        self._heard = heard
        self._told_bytes = told_bytes
        self._armed = Event()
        self._gone = False
        self.cuts = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        """Where to connect."""
        host, port = self._listening.getsockname()
        query = {**self._server.query, "host": host, "port": str(port), "sslmode": "disable"}
        return self._server.set(host=None, port=None, query=query).render_as_string(hide_password=False)

    def next_time(self) -> None:
        """Break at the next such query."""
        self._armed.set()

    def for_good(self) -> None:
        """Break at the next such query, and let nobody in any more."""
        self._gone = True
        self._armed.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            if self._gone:
                client.close()
                continue
            Thread(target=self._until_one_hangs_up, args=(client,), daemon=True).start()

    def _until_one_hangs_up(self, client: socket.socket) -> None:
        with suppress(ConnectionError):
            self._pass_on(client)

    def _pass_on(self, client: socket.socket) -> None:
        with client, _connect(self._server) as server:
            while True:
                ready, _, _ = select([client, server], [], [])
                for source in ready:
                    content = source.recv(1 << 16)
                    if source is client and self._mark in content and self._armed.is_set():
                        self._cut(client, server, content)
                        return
                    if not content:
                        return
                    (server if source is client else client).sendall(content)

    def _cut(self, client: socket.socket, server: socket.socket, content: bytes) -> None:
        self._armed.clear()
        self.cuts += 1
        if self._heard:
            server.sendall(content)
            client.sendall(server.recv(1 << 16)[: self._told_bytes])


def _connect(url: URL) -> socket.socket:
    folder = url.query.get("host")
    if isinstance(folder, str) and folder.startswith("/"):
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{folder}/.s.PGSQL.{url.port or 5432}")
        return server
    return socket.create_connection((url.host or "127.0.0.1", url.port or 5432))
