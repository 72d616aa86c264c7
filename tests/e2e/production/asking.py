"""HTTPS as a client on another machine speaks it: to the service's name, at a port of this machine."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import Any, Protocol

NAME = "reports.plant.internal"
TIMEOUT_S = 60.0


class Trusting(Protocol):
    """Whoever has the file of an authority."""

    @property
    def ca_file(self) -> Path: ...


@dataclass(frozen=True)
class Answer:
    """What came back; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def connect(
    trusting: Trusting, port: int, timeout_s: float = TIMEOUT_S, shown: Path | None = None
) -> ssl.SSLSocket:
    """A connection whose other end has proved to have the service's name; `shown` is the client's proof."""
    context = ssl.create_default_context(cafile=str(trusting.ca_file))
    if shown is not None:
        context.load_cert_chain(shown)
    raw = socket.create_connection(("127.0.0.1", port), timeout=timeout_s)
    try:
        return context.wrap_socket(raw, server_hostname=NAME)
    except BaseException:
        raw.close()
        raise


def request(method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> bytes:
    """The bytes of one."""
    content = b"" if body is None else json.dumps(body).encode()
    given = {
        "Host": NAME,
        "Connection": "close",
        **({} if body is None else {"Content-Type": "application/json"}),
        "Content-Length": str(len(content)),
        **(headers or {}),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content


def ask(
    trusting: Trusting,
    port: int,
    method: str,
    path: str,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    timeout_s: float = TIMEOUT_S,
    shown: Path | None = None,
) -> Answer:
    """One request over a connection of its own."""
    with connect(trusting, port, timeout_s, shown) as connection:
        connection.sendall(request(method, path, body, headers))
        with HTTPResponse(connection, method=method) as response:
            response.begin()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, response.read())


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
