"""TLS in front of a real server whose build has none: decrypts, and hands everything on."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread


@contextmanager
def tls_in_front_of(port: int, context: ssl.SSLContext) -> Iterator[int]:
    """The port on which the server of `port` is reached through TLS."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        accepting = Thread(target=_accept, args=(listener, port, context), daemon=True)
        accepting.start()
        yield int(listener.getsockname()[1])
        listener.shutdown(socket.SHUT_RDWR)
        accepting.join(5)


def _accept(listener: socket.socket, port: int, context: ssl.SSLContext) -> None:
    while True:
        try:
            raw, _ = listener.accept()
        except OSError:
            return
        Thread(target=_relay, args=(raw, port, context), daemon=True).start()


def _relay(raw: socket.socket, port: int, context: ssl.SSLContext) -> None:
    with (
        raw,
        suppress(OSError),  # a client that does not trust us goes away
        context.wrap_socket(raw, server_side=True) as outside,
        socket.create_connection(("127.0.0.1", port)) as inside,
    ):
        back = Thread(target=_pump, args=(inside, outside), daemon=True)
        back.start()
        _pump(outside, inside)
        back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(65536):
            target.sendall(content)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
