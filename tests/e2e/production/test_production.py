"""docs/production.md, followed: TLS on, passwords everywhere, a proxy in front."""

from __future__ import annotations

import json
import socket
import ssl
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from pyotp import TOTP

from tests.e2e.production.asking import NAME, ask, request
from tests.e2e.production.machine import ADMINISTRATOR, PASSWORD, Machine, production
from tests.e2e.production.proxies import PROXIES, proxy
from tests.e2e.production.slow_clients import slow_clients, wait_s, waits_s

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]
PATIENCE_S = 2.0


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with production(tmp_path_factory.mktemp("production")) as running:
        yield running


@pytest.fixture(scope="module", params=PROXIES)
def public_port(request: pytest.FixtureRequest, machine: Machine) -> Iterator[int]:
    with proxy(request.param, machine) as port:
        yield port


def test_the_doctor_finds_nothing_that_failed(machine: Machine) -> None:
    said = machine.run("doctor", "--json")
    found = json.loads(said.stdout)["findings"]
    assert [finding for finding in found if finding["verdict"] == "failed"] == []
    told = {finding["subject"]: finding["says"] for finding in found}
    assert told["tls"].startswith(f"{NAME} (pem), valid until")
    assert "tls name" not in told
    assert told["port"].endswith("the API answers there")
    assert told["mail link"] == "encrypted, and the server has to prove its name"


@pytest.fixture(scope="module")
def backup_codes(machine: Machine) -> list[str]:
    """The administrator's, who enrols a second factor first, as production demands."""
    port = machine.api_port
    bearer = signed_in(machine, port)
    refused = ask(machine, port, "GET", "/v1/reports", headers=bearer)
    assert (refused.status, refused.json["code"]) == (403, "second_factor_enrolment_required")
    proven = ask(machine, port, "POST", "/v1/auth/reauthenticate", {"password": PASSWORD}, bearer)
    assert proven.status // 100 == 2, proven.body
    bearer = {"Authorization": f"Bearer {proven.json['access_token']}"}
    drawn = ask(machine, port, "POST", "/v1/auth/second-factor", {}, bearer)
    assert drawn.status == 201, drawn.body
    code = {"code": TOTP(drawn.json["secret"]).now()}
    enabled = ask(machine, port, "POST", "/v1/auth/second-factor/confirm", code, bearer)
    assert enabled.status // 100 == 2, enabled.body
    codes: list[str] = enabled.json["backup_codes"]
    return codes


def signed_in(machine: Machine, port: int, **proof: str) -> dict[str, str]:
    credentials = {"email": ADMINISTRATOR, "password": PASSWORD, **proof}
    answer = ask(machine, port, "POST", "/v1/auth/login", credentials)
    assert answer.status == 200, answer.body
    assert "max-age" in answer.headers["strict-transport-security"]
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


def test_the_administrator_signs_in_with_two_factors_and_reads_through_the_proxy(
    machine: Machine, public_port: int, backup_codes: list[str]
) -> None:
    bearer = signed_in(machine, public_port, code=backup_codes.pop())
    answer = ask(machine, public_port, "GET", "/v1/reports", headers=bearer)
    assert (answer.status, answer.json["items"]) == (200, [])


def test_what_a_caller_says_about_itself_is_not_believed(
    machine: Machine, public_port: int, backup_codes: list[str]
) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.test"}
    credentials = {"email": ADMINISTRATOR, "password": PASSWORD, "code": backup_codes.pop()}
    answer = ask(machine, public_port, "POST", "/v1/auth/login", credentials, forged)
    assert answer.status == 200, answer.body
    bearer = {"Authorization": f"Bearer {answer.json['access_token']}"}
    sessions = ask(machine, public_port, "GET", "/v1/sessions", headers=bearer).json["items"]
    assert sessions
    assert {session["network"].partition("/")[0] for session in sessions} == {"127.0.0.1"}


def test_a_key_that_is_bound_to_a_certificate_is_worth_nothing_without_it(
    machine: Machine, public_port: int, backup_codes: list[str]
) -> None:
    signed = machine.authority.certificate("tablet")
    own = machine.authority.write(machine.folder / "tablet.pem", signed)
    other = machine.authority.write(machine.folder / "phone.pem", machine.authority.certificate("phone"))
    bearer = signed_in(machine, public_port, code=backup_codes.pop())
    wanted = {
        "name": "Tablet",
        "scopes": ["reports:read"],
        "expires_at": (datetime.now(UTC) + timedelta(days=9)).isoformat(),
    }
    client = ask(machine, public_port, "POST", "/v1/api-clients", wanted, bearer).json
    fingerprint = signed.certificate.fingerprint(SHA256()).hex()
    path = f"/v1/api-clients/{client['id']}/certificate"
    bound = ask(machine, public_port, "PUT", path, {"sha256": fingerprint}, bearer)
    assert bound.status == 200, bound.body

    key = {"Authorization": f"Bearer {client['key']}"}
    forged = {**key, "X-Client-Certificate": fingerprint}
    assert read(machine, public_port, key, own) == (200, None)
    assert read(machine, public_port, key, other) == (401, "client_certificate_refused")
    for headers in (key, forged):
        assert read(machine, public_port, headers) == (401, "client_certificate_refused")


def read(
    machine: Machine, port: int, headers: dict[str, str], shown: Path | None = None
) -> tuple[int, str | None]:
    answer = ask(machine, port, "GET", "/v1/reports", headers=headers, shown=shown)
    return answer.status, answer.json.get("code")


def test_another_name_is_not_answered(machine: Machine, public_port: int) -> None:
    answer = ask(machine, public_port, "GET", "/v1/me", headers={"Host": "evil.test"})
    assert answer.status in (404, 421)


def test_figures_stay_inside(machine: Machine, public_port: int) -> None:
    for path in ("/metrics", "/%6detrics"):
        assert ask(machine, public_port, "GET", path).status == 404


def test_what_is_older_than_tls_1_2_is_refused(machine: Machine, public_port: int) -> None:
    context = ssl.create_default_context(cafile=str(machine.ca_file))
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that it is old is the point
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", public_port), timeout=5) as raw,
        pytest.raises((ssl.SSLError, ConnectionResetError)),
    ):
        context.wrap_socket(raw, server_hostname=NAME)


def test_plain_http_is_not_spoken(machine: Machine) -> None:
    with socket.create_connection(("127.0.0.1", machine.api_port), timeout=5) as raw:
        raw.sendall(request("GET", "/livez"))
        assert not raw.recv(100).startswith(b"HTTP/1.1 200")


def test_sixty_slow_clients_do_not_delay_a_healthy_request(
    machine: Machine, public_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    without = waits_s(machine, public_port, times=10)
    with slow_clients(machine, public_port):
        meanwhile = waits_s(machine, public_port, times=10)
    with capsys.disabled():
        print(  # noqa: T201 - figures for who runs the tests
            f"\nhealthy request, median and longest: {without[0]:.3f} s, {without[1]:.3f} s; "
            f"with 60 slow clients: {meanwhile[0]:.3f} s, {meanwhile[1]:.3f} s"
        )
    assert meanwhile[0] < without[0] + 0.1
    assert meanwhile[1] < PATIENCE_S


def test_without_a_proxy_they_hold_every_thread_of_the_server(machine: Machine) -> None:
    assert wait_s(machine, machine.api_port, 10.0) < 10.0
    with slow_clients(machine, machine.api_port):
        assert wait_s(machine, machine.api_port, PATIENCE_S) == PATIENCE_S
    assert wait_s(machine, machine.api_port, 10.0) < 10.0


def test_the_secrets_of_the_machine_are_in_no_log_line(machine: Machine) -> None:
    written = machine.log.read_text("utf-8")
    for path in (machine.etc / "secrets").iterdir():
        assert path.read_text("utf-8").strip() not in written
    assert PASSWORD not in written
