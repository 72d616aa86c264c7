"""Calls of real endpoints on this machine: what is sent, what is read, and what ends a call."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest

from countersign.aggregates.webhook.target_url import Target
from countersign.workers.webhooks.options import WebhookOptions
from countersign.workers.webhooks.post import Reply, post
from tests.authority import Authority

HERE = (ip_address("127.0.0.1"),)
OPTIONS = WebhookOptions(connect_s=2.0, timeout_s=2.0, answer_max_bytes=1024)
BODY = b"{}"
OK = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n"
Speak = Callable[[socket.socket, bytes], None]


def answering(answer: bytes) -> Speak:
    return lambda connection, _request: connection.sendall(answer)


@contextmanager
def endpoint(speak: Speak, context: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[bytes]]]:
    """Takes one call; the port, and what was sent to it."""
    received: list[bytes] = []

    def serve() -> None:
        with listening:
            try:
                connection, _ = listening.accept()
                with context.wrap_socket(connection, server_side=True) if context else connection as spoken:
                    request = b""
                    while not request.endswith(BODY) and (more := spoken.recv(65_536)):
                        request += more
                    received.append(request)
                    speak(spoken, request)
            except OSError:
                return

    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(10)
    thread = threading.Thread(target=serve)
    thread.start()
    yield listening.getsockname()[1], received
    thread.join()


def call(port: int, options: WebhookOptions = OPTIONS, *, secure: bool = False) -> Reply:
    target = Target(secure, "erp.example.com", port, "/hook")
    return post(target, HERE, {"X-Key": "s"}, BODY, options)


def test_it_is_sent_to_the_address_under_the_name() -> None:
    with endpoint(answering(OK)) as (port, received):
        assert call(port) == Reply(204)
    request = received[0].decode()
    assert request.startswith("POST /hook HTTP/1.1\r\n")
    assert f"Host: erp.example.com:{port}\r\n" in request
    assert "X-Key: s\r\n" in request


def test_a_redirect_is_a_failure_and_is_not_followed() -> None:
    with endpoint(answering(OK)) as (elsewhere, _):
        location = f"http://127.0.0.1:{elsewhere}/".encode()
        redirect = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + b"\r\n\r\n"
        with endpoint(answering(redirect)) as (port, _):
            assert call(port) == Reply(302, "the endpoint answered 302")
        with socket.create_connection(("127.0.0.1", elsewhere)) as first:  # nobody was there before
            first.sendall(BODY)
            assert first.recv(1000) == OK


def test_who_is_busy_says_for_how_long() -> None:
    busy = b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n"
    with endpoint(answering(busy)) as (port, _):
        assert call(port) == Reply(429, "the endpoint answered 429", "120")


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    sent = 0

    def chatter(connection: socket.socket, _request: bytes) -> None:
        nonlocal sent
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(2000):
            sent += connection.send(b"x" * 65_536)

    with endpoint(chatter) as (port, _):
        assert call(port) == Reply(200)
    assert sent < 2000 * 65_536


def test_who_dribbles_is_cut_off() -> None:
    def dribble(connection: socket.socket, _request: bytes) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 200:
            connection.send(bytes([byte]))
            time.sleep(0.05)

    began = time.monotonic()
    with endpoint(dribble) as (port, _):
        reply = call(port, replace(OPTIONS, timeout_s=0.3))
        assert time.monotonic() - began < 2
    assert reply == Reply(0, "no answer within 0.3 s")


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1 9999 Odd\r\n\r\n"])
def test_what_is_no_answer_is_a_failure(said: bytes) -> None:
    with endpoint(answering(said)) as (port, _):
        reply = call(port)
    assert (reply.status, bool(reply.error), reply.error.isprintable()) == (0, True, True)


def test_where_nobody_listens_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert "refused" in call(port).error


def test_the_next_address_is_called_where_one_cannot_be_reached() -> None:
    with endpoint(answering(OK)) as (port, _):
        target = Target(False, "erp.example.com", port, "/")
        assert post(target, (ip_address("127.0.0.9"), *HERE), {}, BODY, OPTIONS) == Reply(204)


@pytest.mark.parametrize(("name", "status"), [("erp.example.com", 204), ("other.example.com", 0)])
def test_an_endpoint_proves_the_name_that_was_registered(tmp_path: Path, name: str, status: int) -> None:
    authority = Authority()
    served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    served.load_cert_chain(authority.write(tmp_path / "server.pem", authority.certificate(name)))
    asked: list[str | None] = []
    served.sni_callback = lambda _socket, wanted, _context: asked.append(wanted)
    trusting = ssl.create_default_context(cafile=str(authority.write_root(tmp_path / "root.pem")))
    with endpoint(answering(OK), served) as (port, _):
        reply = call(port, replace(OPTIONS, tls=trusting), secure=True)
    assert reply.status == status
    assert asked == ["erp.example.com"]
    assert ("certificate" in reply.error.lower()) is (status == 0)
