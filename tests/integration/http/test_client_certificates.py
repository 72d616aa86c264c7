"""API clients whose key is worth nothing without their TLS certificate, behind a proxy that verifies it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from falcon.testing import TestClient

from countersign.aggregates.role import Role
from countersign.commands.security_event.record_security_event import RecordSecurityEvent
from countersign.http.app import create_app
from countersign.http.edge.options import EdgeOptions
from tests.authority import Authority
from tests.integration.http.service import OPTIONS, Caller, Service
from tests.integration.http.test_api_clients import let_in

CERTIFICATE = Authority().certificate("tablet").certificate
SHA256 = sha256(CERTIFICATE.public_bytes(Encoding.DER)).hexdigest()
ESCAPED = quote(CERTIFICATE.public_bytes(Encoding.PEM).decode(), safe="")
HEADER = "X-Client-Certificate"
OURS = EdgeOptions(trusted_networks=("127.0.0.0/8",), client_certificate_header=HEADER)


@pytest.fixture
def bound(service: Service) -> Caller:
    """A program that is bound to a certificate."""
    client, program = let_in(service, Role.TECHNICAL_MANAGER, "reports:read")
    manager = service.signed_in(Role.TECHNICAL_MANAGER)
    answer = manager.put(f"/v1/api-clients/{client['id']}/certificate", {"sha256": SHA256})
    assert answer.status_code == 200, answer.text
    return program


def behind_proxy(service: Service, program: Caller, edge: EdgeOptions = OURS) -> Caller:
    """The same program, heard by an API with these options."""
    return Caller(TestClient(create_app(service.services, replace(OPTIONS, edge=edge))), program.tokens)


def read(caller: Caller, **headers: str) -> tuple[int, str | None]:
    answer = caller.get(
        "/v1/reports", headers={name.replace("_", "-"): text for name, text in headers.items()}
    )
    return answer.status_code, answer.json.get("code")


REFUSED = (401, "client_certificate_refused")


@pytest.mark.parametrize(
    "told",
    [SHA256, SHA256.upper(), ESCAPED],
    ids=["as HAProxy may write it", "upper case", "as nginx writes it"],
)
def test_with_its_certificate_it_is_let_in(service: Service, bound: Caller, told: str) -> None:
    assert read(behind_proxy(service, bound), X_Client_Certificate=told) == (200, None)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {HEADER: ""},
        {HEADER: "00" * 32},
        {HEADER: f"{SHA256}, {SHA256}"},
        {HEADER: "-----BEGIN%20CERTIFICATE-----%0A"},
        {HEADER: ESCAPED[:-40]},
        {"X-Other": SHA256},
    ],
    ids=["none", "empty", "another", "two of them", "a beginning", "cut off", "another header"],
)
def test_a_stolen_key_alone_is_worth_nothing(
    service: Service, bound: Caller, headers: Mapping[str, str]
) -> None:
    assert read(behind_proxy(service, bound), **dict(headers)) == REFUSED


def test_what_a_stranger_writes_into_the_header_is_not_believed(service: Service, bound: Caller) -> None:
    elsewhere = replace(OURS, trusted_networks=("192.0.2.0/24",))
    assert read(behind_proxy(service, bound, elsewhere), X_Client_Certificate=SHA256) == REFUSED
    unheard = replace(OURS, client_certificate_header="")
    assert read(behind_proxy(service, bound, unheard), X_Client_Certificate=SHA256) == REFUSED


def test_a_refusal_is_a_security_event_that_names_the_client(service: Service, bound: Caller) -> None:
    assert read(behind_proxy(service, bound)) == REFUSED
    service.services.security_notes.close()

    (noted,) = [each.noted for each in service.noted if isinstance(each, RecordSecurityEvent)]
    assert (noted.kind, noted.severity) == ("client_certificate_refused", "warning")
    assert noted.detail["api_client"] == bound.account


def test_a_command_goes_through_with_the_certificate_alone(service: Service) -> None:
    client, program = let_in(service, Role.ADMINISTRATOR, "admin:manage_api_keys")
    path = f"/v1/api-clients/{client['id']}/certificate"
    administrator = service.signed_in(Role.ADMINISTRATOR)
    assert administrator.put(path, {"sha256": SHA256}).json["certificate_sha256"] == SHA256

    caller = behind_proxy(service, program)
    assert caller.send("DELETE", path).json["code"] == "client_certificate_refused"
    freed = caller.send("DELETE", path, headers={HEADER: SHA256})

    assert (freed.status_code, freed.json["certificate_sha256"]) == (200, None)
    assert program.get(f"/v1/api-clients/{client['id']}").json["certificate_sha256"] is None


def test_who_may_not_keep_the_client_does_not_learn_of_it(service: Service, bound: Caller) -> None:
    stranger = service.signed_in(Role.PROJECT_MANAGER)
    path = f"/v1/api-clients/{bound.account}/certificate"
    assert stranger.put(path, {"sha256": SHA256}).status_code == 404
    assert stranger.send("DELETE", path).status_code == 404


@pytest.mark.parametrize("wrong", ["", "ab" * 31, "zz" * 32, "ab:" * 31 + "abc"])
def test_what_is_no_sha256_is_refused(service: Service, bound: Caller, wrong: str) -> None:
    manager = service.signed_in(Role.TECHNICAL_MANAGER)
    answer = manager.put(f"/v1/api-clients/{bound.account}/certificate", {"sha256": wrong})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json["errors"]] == ["/sha256"]


def test_the_list_has_the_version_that_binding_has_made(service: Service, bound: Caller) -> None:
    service.catch_up()
    manager = service.signed_in(Role.TECHNICAL_MANAGER)
    (listed,) = manager.get("/v1/api-clients").json["items"]
    assert listed["version"] == manager.get(f"/v1/api-clients/{bound.account}").json["version"] == 2
