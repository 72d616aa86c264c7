"""What gunicorn and the service make of requests that no ordinary client sends, over a raw socket."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e.api_server import EMAIL, PASSWORD, ApiServer, api_server

PROXY, STRANGER = "127.0.0.1", "127.0.0.2"
TRUSTED = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}
SETTINGS = {
    "COUNTERSIGN_HTTP__ALLOWED_HOSTS": "here.example",
    "COUNTERSIGN_HTTP__REFUSE_BARE_IP_HOSTS": "true",
    "COUNTERSIGN_HTTP__REQUIRE_HTTPS": "true",
    "COUNTERSIGN_HTTP__TRUSTED_NETWORKS": PROXY,
}


@dataclass
class Heard:
    status: int
    head: str
    body: str

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["code"]) if "problem+json" in self.head else ""


@dataclass
class Door:
    """Where to knock."""

    server: ApiServer

    def raw(self, text: str, source: str = PROXY) -> Heard:
        """Send these bytes, and hear everything until the end."""
        port = urlsplit(self.server.url).port
        with socket.create_connection((PROXY, port or 0), 10, source_address=(source, 0)) as connection:
            connection.sendall(text.encode("latin-1"))
            heard = b"".join(iter(lambda: connection.recv(65_536), b"")).decode("latin-1")
        head, _, body = heard.partition("\r\n\r\n")
        return Heard(int(head.split(" ", 2)[1]), head, body)

    def ask(self, line: str, *headers: str, source: str = PROXY) -> Heard:
        """A request line and headers, from our proxy unless said otherwise."""
        told = [f"{name}: {value}" for name, value in TRUSTED.items()]
        return self.raw("\r\n".join([line, *headers, *told, "Connection: close", "", ""]), source)

    def call(self, method: str, path: str, ip: str, body: Any = None, **headers: str) -> Heard:
        """An ordinary request that our proxy forwards."""
        content = "" if body is None else json.dumps(body)
        told = {
            **TRUSTED,
            "X-Forwarded-For": ip,
            "Host": "here.example",
            "Content-Type": "application/json",
            "Content-Length": str(len(content)),
            "Connection": "close",
            **headers,
        }
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
        return self.raw("\r\n".join([*lines, "", content]))


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with api_server(tmp_path_factory.mktemp("door"), **SETTINGS) as server:
        yield Door(server)


@pytest.mark.parametrize(
    ("line", "host"),
    [
        ("GET / HTTP/1.1", "here.example"),
        ("GET / HTTP/1.1", "HERE.Example.:443"),
        ("GET / HTTP/1.0", "here.example"),
        ("GET http://here.example/ HTTP/1.1", "here.example"),
    ],
)
def test_the_name_of_the_service_is_answered_to(door: Door, line: str, host: str) -> None:
    heard = door.ask(line, f"Host: {host}")

    assert heard.status == 200
    assert re.search(r"^Server: .*\d", heard.head, re.MULTILINE) is None


@pytest.mark.parametrize(
    ("line", "headers", "status"),
    [
        ("GET / HTTP/1.1", ["Host: evil.example"], 421),
        ("GET / HTTP/1.1", ["Host: 127.0.0.1"], 421),
        ("GET / HTTP/1.1", ["Host: 2130706433"], 421),
        ("GET / HTTP/1.1", ["Host: here.example.evil.example"], 421),
        ("GET / HTTP/1.1", ["Host: here.example", "Host: evil.example"], 400),
        ("GET / HTTP/1.1", ["Host: evil.example", "Host: here.example"], 400),
        ("GET / HTTP/1.1", ["Host: here.example", "hOST: here.example"], 400),
        ("GET / HTTP/1.1", ["Host: evil.example@here.example"], 400),
        ("GET / HTTP/1.1", ["Host: here.example:80@evil.example"], 400),
        ("GET / HTTP/1.1", ["Host: here.example\tevil.example"], 400),
        ("GET / HTTP/1.1", ["Host: here.example, evil.example"], 400),
        ("GET / HTTP/1.1", ["Host : here.example"], 400),
        ("GET / HTTP/1.1", ["Host: here.example:99999999"], 400),
        ("GET / HTTP/1.1", [" Host: here.example"], 400),
        ("GET / HTTP/1.1", [], 400),
        ("GET / HTTP/1.0", [], 400),
        ("GET http://evil.example/ HTTP/1.1", ["Host: here.example"], 400),
        ("GET http://here.example@evil.example/ HTTP/1.1", ["Host: here.example"], 400),
        ("GET https://evil.example:443/v1/me HTTP/1.1", ["Host: here.example"], 400),
        ("GET / HTTP/1.1", ["Host: here.example", "X-Forwarded-Host: evil.example"], 421),
    ],
)
def test_every_other_name_is_refused(door: Door, line: str, headers: list[str], status: int) -> None:
    heard = door.ask(line, *headers)

    assert heard.status == status
    assert "evil.example" not in heard.head


def test_a_stranger_cannot_say_that_it_was_https_or_who_they_are(door: Door) -> None:
    _require_a_second_address()
    heard = door.ask("GET / HTTP/1.1", "Host: here.example", source=STRANGER)
    probe = door.ask("GET /livez HTTP/1.1", "Host: anything at all", source=STRANGER)

    assert (heard.status, heard.code) == (403, "https_required")
    assert probe.status == 200


def test_a_block_reaches_every_process_within_seconds_and_ends(door: Door) -> None:
    attacker, here = "203.0.113.9", "198.51.100.7"
    credentials = {"email": EMAIL, "password": PASSWORD}
    token = json.loads(door.call("POST", "/v1/auth/login", here, credentials).body)["access_token"]
    signed_in = {"Authorization": f"Bearer {token}"}
    assert door.call("GET", "/", attacker).status == 200

    own = door.call("POST", "/v1/network-blocks", here, {"network": here, "reason": "oops"}, **signed_in)
    assert (own.status, own.code) == (409, "would_lock_out")
    form = {"network": "203.0.113.0/24", "reason": "scans"}
    made = door.call("POST", "/v1/network-blocks", here, form, **signed_in)
    assert made.status == 201
    time.sleep(1.2)
    assert {door.call("GET", "/", attacker).code for _ in range(12)} == {"network_blocked"}
    assert door.call("GET", "/", here).status == 200

    lifted = door.call("DELETE", f"/v1/network-blocks/{json.loads(made.body)['id']}", here, **signed_in)
    assert lifted.status == 204
    time.sleep(1.2)
    assert {door.call("GET", "/", attacker).status for _ in range(12)} == {200}


def _require_a_second_address() -> None:
    with socket.socket() as free:
        try:
            free.bind((STRANGER, 0))
        except OSError:
            pytest.skip(f"this machine has no {STRANGER} to call from")


def test_the_figures_of_all_processes_are_one_whichever_is_asked(door: Door) -> None:
    before = answered(door)
    for _ in range(20):
        assert door.ask("GET / HTTP/1.1", "Host: here.example").status == 200
    assert {answered(door) - before for _ in range(8)} == {20}


def answered(door: Door) -> float:
    """How many requests for the list of links all processes together have answered, as one of them tells."""
    figures = door.ask("GET /metrics HTTP/1.1", "Host: here.example").body.splitlines()
    told = [line for line in figures if line.startswith("countersign_http_requests_total{")]
    return sum(float(line.rsplit(" ", 1)[1]) for line in told if 'route="/"' in line)
