"""`countersign serve` with TLS, in a process of its own, and clients that know its authority's root only."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from threading import Event, Thread
from typing import Any

from tests.authority import Authority, Signed
from tests.ports import free_port

COUNTERSIGN = (sys.executable, "-m", "countersign.cli.main")
PATIENCE_S = 60.0
PASSWORD = "violet anvil, lantern 39"


class TlsServer:
    """One server; its certificate can be renewed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = Authority()
        self.root = self.authority.write_root(folder / "root.pem")
        self.certificate = folder / "tls.pem"
        self.first = self.renew()
        self.port = free_port()
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> Mapping[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COUNTERSIGN_")}
        return {
            **kept,
            "COUNTERSIGN_ENV": "testing",
            "COUNTERSIGN_DATA_DIR": str(self.folder / "data"),
            "COUNTERSIGN_HTTP__PORT": str(self.port),
            "COUNTERSIGN_HTTP__WORKERS": "2",
            "COUNTERSIGN_TLS__CERTIFICATE": str(self.certificate),
        }

    def renew(self) -> Signed:
        """Exchange the file, as a renewal does."""
        signed = self.authority.certificate()
        self.authority.write(self.certificate, signed)
        return signed

    def run(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """One call of the command line."""
        return subprocess.run(
            [*COUNTERSIGN, *arguments],
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    @contextmanager
    def running(self) -> Iterator[TlsServer]:
        made = self.run("init", "--admin-password-stdin", typed=PASSWORD)
        assert made.returncode == 0, made.stderr
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([*COUNTERSIGN, "serve"], env=self.environment, stderr=log)
            try:
                self.wait_until_ready()
                yield self
            finally:
                self.process.terminate()
                self.process.wait(PATIENCE_S)

    def hang_up(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGHUP)

    def wait_until_ready(self) -> None:
        give_up = time.monotonic() + PATIENCE_S
        while not self.is_listening():
            assert time.monotonic() < give_up, self.log.read_text("utf-8")
            time.sleep(0.05)
        with closing(self.connection()) as connection:
            self.ask(connection)

    def is_listening(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def connection(self) -> HTTPSConnection:
        """A new one, not yet made."""
        context = ssl.create_default_context(cafile=str(self.root))
        return HTTPSConnection("localhost", self.port, timeout=PATIENCE_S, context=context)

    def ask(self, connection: HTTPSConnection) -> Any:
        """Whether the server lives."""
        connection.request("GET", "/livez")
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body
        return json.loads(body)

    def shown(self) -> bytes:
        """The certificate of a new handshake."""
        return ssl.PEM_cert_to_DER_cert(
            ssl.get_server_certificate(("127.0.0.1", self.port), timeout=PATIENCE_S)
        )


class Load:
    """Clients that ask without a pause: half of them over new connections, half over kept ones."""

    def __init__(self, server: TlsServer, clients: int = 4) -> None:
        self.answered = 0
        self.failed: list[str] = []
        self._server = server
        self._stop = Event()
        self._threads = [Thread(target=self._ask, args=(number % 2 == 0,)) for number in range(clients)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE_S)

    def _ask(self, keeps: bool) -> None:
        connection = self._server.connection()
        while not self._stop.is_set():
            try:
                self._server.ask(connection)
                self.answered += 1
            except (OSError, HTTPException, AssertionError) as trouble:
                self.failed.append(repr(trouble))
            if not keeps:
                connection.close()
        connection.close()


def certificate_of(connection: HTTPSConnection) -> bytes:
    """What the server showed when this connection was made."""
    assert isinstance(connection.sock, ssl.SSLSocket)
    shown = connection.sock.getpeercert(binary_form=True)
    assert shown is not None
    return shown


def der(signed: Signed) -> bytes:
    return ssl.PEM_cert_to_DER_cert(signed.pem.decode())
