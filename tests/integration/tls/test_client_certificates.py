"""API clients bound to a TLS certificate, over the server's own TLS: a stolen key alone is worth nothing."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256

from tests.authority import Authority, Signed
from tests.integration.tls.server import PASSWORD, PATIENCE_S, TlsServer

REFUSED = (401, "client_certificate_refused")


class AskingServer(TlsServer):
    """One that asks clients for a certificate of its authority."""

    @property
    def environment(self) -> Mapping[str, str]:
        asked = {"CLIENT_CERTIFICATES": "optional", "CLIENT_CA_FILE": str(self.root)}
        return {
            **super().environment,
            "COUNTERSIGN_HTTP__WORKERS": "1",
            **{f"COUNTERSIGN_TLS__{name}": text for name, text in asked.items()},
        }

    def client(self, shown: Path | None) -> HTTPSConnection:
        context = ssl.create_default_context(cafile=str(self.root))
        if shown is not None:
            context.load_cert_chain(shown)
        return HTTPSConnection("localhost", self.port, timeout=PATIENCE_S, context=context)

    def call(
        self,
        method: str,
        path: str,
        token: str = "",
        body: Any = None,
        shown: Path | None = None,
        **headers: str,
    ) -> tuple[int, Any]:
        """One request over a connection of its own."""
        given = {**headers, **({"Authorization": f"Bearer {token}"} if token else {})}
        with closing(self.client(shown)) as connection:
            content = None if body is None else json.dumps(body)
            kind = {"Content-Type": "application/json"} if content else {}
            connection.request(method, path, content, {**given, **kind})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

    def read(self, key: str, shown: Path | None = None, **headers: str) -> tuple[int, str | None]:
        """How a program fares that reads reports with that key."""
        status, answer = self.call("GET", "/v1/reports", key, shown=shown, **headers)
        return status, answer.get("code")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AskingServer]:
    with AskingServer(tmp_path_factory.mktemp("clients")).running() as running:
        assert isinstance(running, AskingServer)
        yield running


def certificate(server: AskingServer, name: str) -> tuple[Signed, Path]:
    signed = server.authority.certificate(name)
    return signed, server.authority.write(server.folder / f"{name}.pem", signed)


@pytest.fixture(scope="module")
def bound(server: AskingServer) -> tuple[str, Path]:
    """The key of a client, and the certificate that it is bound to."""
    who = {"email": "admin@countersign.example", "password": PASSWORD}
    status, person = server.call("POST", "/v1/auth/login", body=who)
    assert status == 200, person
    end = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    wanted = {"name": "Tablet", "scopes": ["reports:read"], "expires_at": end}
    _, client = server.call("POST", "/v1/api-clients", person["access_token"], wanted)
    signed, path = certificate(server, "tablet")
    fingerprint = {"sha256": signed.certificate.fingerprint(SHA256()).hex(":")}
    where = f"/v1/api-clients/{client['id']}/certificate"
    status, answer = server.call("PUT", where, person["access_token"], fingerprint)
    assert status == 200, answer
    return client["key"], path


def test_with_its_certificate_a_key_lets_in_and_without_it_does_not(
    server: AskingServer, bound: tuple[str, Path]
) -> None:
    key, own = bound
    signed, other = certificate(server, "phone")
    assert server.read(key, own) == (200, None)
    assert server.read(key) == REFUSED
    assert server.read(key, other) == REFUSED
    forged = {"X-Client-Certificate": signed.certificate.fingerprint(SHA256()).hex()}
    assert server.read(key, other, **forged) == REFUSED


def test_who_shows_no_certificate_is_served_as_ever(server: AskingServer) -> None:
    assert server.call("GET", "/livez") == (200, {"status": "alive"})


def test_a_certificate_that_nobody_vouches_for_ends_the_handshake(server: AskingServer) -> None:
    stranger = Authority()
    path = stranger.write(server.folder / "stranger.pem", stranger.certificate("tablet"))
    with pytest.raises((OSError, HTTPException)):
        server.call("GET", "/livez", shown=path)


def test_one_that_has_expired_ends_it_too(server: AskingServer) -> None:
    gone = server.authority.certificate("old", begins=timedelta(days=-9), ends=timedelta(days=-1))
    with pytest.raises((OSError, HTTPException)):
        server.call("GET", "/livez", shown=server.authority.write(server.folder / "old.pem", gone))


def test_clients_are_asked_also_after_the_servers_own_was_renewed(
    server: AskingServer, bound: tuple[str, Path]
) -> None:
    before = server.shown()
    server.renew()
    give_up = monotonic() + PATIENCE_S
    while server.shown() == before:
        assert monotonic() < give_up
    assert server.read(bound[0], bound[1]) == (200, None)
    assert server.read(bound[0]) == REFUSED
