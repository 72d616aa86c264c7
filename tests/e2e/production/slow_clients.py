"""Clients that have begun a request and do not go on; and how long others wait meanwhile."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import cycle, islice
from statistics import median

from tests.e2e.production.asking import Trusting, ask, connect

SLOW_CLIENTS = 60
HALF_A_HEAD = b"POST /v1/auth/login HTTP/1.1\r\nHost: reports.plant.internal\r\nContent-Ty"
HALF_A_BODY = (
    b"POST /v1/auth/login HTTP/1.1\r\nHost: reports.plant.internal\r\nContent-Type: application/json\r\n"
    b'Content-Length: 1000\r\n\r\n{"email": "'
)
HALF_A_HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"


@contextmanager
def slow_clients(trusting: Trusting, port: int, number: int = SLOW_CLIENTS) -> Iterator[None]:
    """A third stops in the handshake, a third in the head of a request, a third in its body."""
    with ExitStack() as held:
        for kind in islice(cycle((HALF_A_HELLO, HALF_A_HEAD, HALF_A_BODY)), number):
            connection: socket.socket
            if kind is HALF_A_HELLO:
                connection = socket.create_connection(("127.0.0.1", port))
            elif _is_deaf(trusting, port):
                break  # all threads are held already: nobody gets through the handshake any more
            else:
                connection = connect(trusting, port)
            held.enter_context(connection)
            connection.sendall(kind)
        yield


def wait_s(trusting: Trusting, port: int, patience_s: float) -> float:
    """How long one healthy request takes, over a connection of its own; at most the patience."""
    began = time.perf_counter()
    try:
        assert ask(trusting, port, "GET", "/livez", timeout_s=patience_s).status == 200
    except TimeoutError:
        return patience_s
    return time.perf_counter() - began


def waits_s(trusting: Trusting, port: int, times: int, patience_s: float = 5.0) -> tuple[float, float]:
    """Median and longest of several."""
    found = [wait_s(trusting, port, patience_s) for _ in range(times)]
    return median(found), max(found)


def _is_deaf(trusting: Trusting, port: int) -> bool:
    try:
        connect(trusting, port, timeout_s=1.0).close()
    except TimeoutError:
        return True
    return False
