"""Sends a body to an endpoint: no redirects, a bounded answer, and nowhere but where was checked."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from countersign.aggregates.network import Address
from countersign.aggregates.webhook.target_url import Target
from countersign.workers.webhooks.options import WebhookOptions


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: a status and what the endpoint wants to be left alone for, or no status and why."""

    status: int
    error: str = ""
    retry_after: str = ""


class _ToAddress(HTTPConnection):
    """Speaks to a host of that name at the address that is given, over TLS for that name if it is to."""

    def __init__(self, target: Target, address: Address, options: WebhookOptions) -> None:
        super().__init__(target.host, target.port, timeout=options.connect_s)
        self.default_port = 443 if target.secure else 80
        self._target = target
        self._address = address
        self._context = options.tls

    def connect(self) -> None:
        """Connect to the address, whatever the name leads to by now."""
        self.sock = socket.create_connection((str(self._address), self._target.port), self.timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._target.secure:
            secured = self._context.wrap_socket(
                self.sock, server_hostname=self._target.host, do_handshake_on_connect=False
            )
            self.sock = secured
            secured.do_handshake()


def post(
    target: Target,
    addresses: Sequence[Address],
    headers: Mapping[str, str],
    body: bytes,
    options: WebhookOptions,
) -> Reply:
    """The reply at the first address that can be reached; all in all within the time of the options."""
    deadline = time.monotonic() + options.timeout_s
    reply = Reply(0, "not reached")
    for address in addresses:
        speaking = _ToAddress(target, address, options)
        with _cut_off(speaking, deadline):
            try:
                speaking.connect()
            except (OSError, ssl.CertificateError) as unreachable:
                reply = Reply(0, _spoken(unreachable, deadline, options))
                continue
            return _exchange(speaking, target, headers, body, options, deadline)
    return reply


def _exchange(
    speaking: HTTPConnection,
    target: Target,
    headers: Mapping[str, str],
    body: bytes,
    options: WebhookOptions,
    deadline: float,
) -> Reply:
    try:
        speaking.sock.settimeout(max(0.001, deadline - time.monotonic()))
        speaking.request("POST", target.path, body, dict(headers))
        answer = speaking.getresponse()
        answer.read(options.answer_max_bytes)
    except (OSError, HTTPException) as broken:
        return Reply(0, _spoken(broken, deadline, options))
    if HTTPStatus(200) <= answer.status < HTTPStatus(300):
        return Reply(answer.status)
    asked = answer.getheader("Retry-After") or ""
    return Reply(answer.status, f"the endpoint answered {answer.status}", asked)


@contextmanager
def _cut_off(speaking: HTTPConnection, deadline: float) -> Iterator[None]:
    # The time-out of a socket is for each read: who sends a byte now and then would hold the worker for ever.
    end = threading.Timer(max(0.0, deadline - time.monotonic()), _shut, [speaking])
    end.daemon = True
    end.start()
    try:
        yield
    finally:
        end.cancel()
        speaking.close()


def _shut(speaking: HTTPConnection) -> None:
    with suppress(OSError):  # it is closed already
        if speaking.sock is not None:
            socket.socket.shutdown(speaking.sock, socket.SHUT_RDWR)  # a TLS socket would want to say goodbye


def _spoken(trouble: Exception, deadline: float, options: WebhookOptions) -> str:
    if time.monotonic() >= deadline:
        return f"no answer within {options.timeout_s:g} s"
    text = str(trouble) or type(trouble).__name__  # what the other side has written may stand in it
    return "".join(each if each.isprintable() else " " for each in text)[:200]
