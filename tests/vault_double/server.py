"""The double on a port of this machine, over HTTP or TLS."""

from __future__ import annotations

import json
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from tests.vault_double.vault import Call, Vault

_EXPIRY_S = 0.05


@contextmanager
def serving(vault: Vault, port: int = 0, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """The address at which it answers; what is over is taken back meanwhile."""

    class Handler(_Handler):
        double = vault

    server = _Server(("127.0.0.1", port), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    done = Event()
    threads = [
        Thread(target=server.serve_forever, args=(0.02,), daemon=True),
        Thread(target=_take_back, args=(vault, done), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield f"{'https' if tls else 'http'}://localhost:{server.server_address[1]}"
    finally:
        done.set()
        server.shutdown()
        server.server_close()
        for thread in threads:
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up, or does not believe the certificate, is no error of the server's."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def _take_back(vault: Vault, done: Event) -> None:
    while not done.wait(_EXPIRY_S):
        vault.expire()


class _Handler(BaseHTTPRequestHandler):
    double: Vault
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for its body

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a test reads `Vault.calls`."""

    def _answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.double.switches.cut:
            self.close_connection = True
            return
        if self.double.switches.redirect:
            self._send_away(self.double.switches.redirect)
            return
        call = Call(
            self.command,
            self.path.removeprefix("/v1/"),
            self.headers.get("X-Vault-Token", ""),
            self.headers.get("X-Vault-Namespace", ""),
            json.loads(content) if content else {},
        )
        status, body = self.double.answer(call)
        self._send(status, b"" if body is None else json.dumps(body).encode() + b"\n")

    def _send_away(self, where: str) -> None:
        self.send_response(307)
        self.send_header("Location", f"{where}{self.path}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: int, content: bytes) -> None:
        garbage = self.double.switches.garbage
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Cache-Control", "no-store")
        content = content if garbage is None else garbage
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if status != 204:
            self.wfile.write(content)
