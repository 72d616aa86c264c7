"""Who sees what concerns the safety of the service, and who may keep a network out."""

from __future__ import annotations

import logging
from dataclasses import replace
from uuid import uuid4

import pytest
from falcon.testing import Result, TestClient

from countersign.aggregates.role import Role
from countersign.aggregates.security_event import SecurityEventKind
from countersign.commands.security_event.record_security_event import RecordSecurityEvent
from countersign.http.app import create_app
from countersign.http.security_notes import SecurityNotes
from tests.integration.http.service import OPTIONS, Caller, Service

WATCH = (Role.AUDITOR, Role.OPERATOR, Role.ADMINISTRATOR)
NEW = {"report_type": "SAT", "header": {"document_title": "Pump station"}}
BLOCK = {"network": "203.0.113.0/24", "reason": "scans"}


def kinds(service: Service) -> list[SecurityEventKind]:
    """What was noted, once everything is."""
    service.security_notes.close()
    return [one.noted.kind for one in service.noted if isinstance(one, RecordSecurityEvent)]


@pytest.mark.parametrize("role", Role)
def test_auditors_operators_and_administrators_watch(service: Service, role: Role) -> None:
    service.catch_up()
    caller = service.signed_in(role)

    assert caller.get("/v1/security-events").status_code == (200 if role in WATCH else 403)
    assert caller.get("/v1/network-blocks").status_code == (200 if role is Role.ADMINISTRATOR else 403)
    blocked = caller.post("/v1/network-blocks", BLOCK)
    assert blocked.status_code == (201 if role is Role.ADMINISTRATOR else 403)


def test_a_refusal_can_be_read_soon_after(service: Service) -> None:
    notes = SecurityNotes(service.dispatcher.dispatch, service.clock)
    app = create_app(replace(service.services, security_notes=notes), OPTIONS)
    stranger = Caller(TestClient(app, headers={"Authorization": "Bearer nonsense"}))
    operator = service.signed_in(Role.OPERATOR)
    stranger.get("/v1/reports")
    notes.close()
    service.catch_up()

    found = operator.get("/v1/security-events", kind="invalid_token", network="127.0.0.99").json["items"]
    assert [(one["severity"], one["network"], one["count"]) for one in found] == [
        ("warning", "127.0.0.0/24", 1)
    ]
    assert found[0]["detail"] == {"code": "invalid_token", "method": "GET", "route": "/v1/reports"}
    assert operator.get("/v1/security-events", kind="host_refused").json["items"] == []
    assert operator.get("/v1/security-events", network="nonsense").status_code == 422
    (signed_in,) = operator.get("/v1/security-events", kind="signed_in", account=operator.account).json[
        "items"
    ]
    assert signed_in["network"] == "127.0.0.0/24"


def test_what_is_refused_is_noted_by_its_kind(service: Service, engineer: Caller, nobody: Caller) -> None:
    nobody.get("/v1/me")
    nobody.get("/v1/me", headers={"Authorization": "Bearer nonsense"})
    nobody.post("/v1/auth/refresh", {"refresh_token": "nonsense"})
    engineer.get("/v1/accounts")
    nobody.get("/v1/me", headers={"Host": "a b"})
    engineer.get("/v1/reports", colour="red")
    engineer.get("/nothing")

    assert sorted(kinds(service)) == [
        SecurityEventKind.ACCESS_DENIED,
        SecurityEventKind.AUTHENTICATION_FAILED,
        SecurityEventKind.HOST_REFUSED,
        SecurityEventKind.INVALID_TOKEN,
        SecurityEventKind.INVALID_TOKEN,
    ]


def test_who_was_denied_is_noted_with_the_account(service: Service, engineer: Caller) -> None:
    engineer.get("/v1/accounts")
    service.security_notes.close()

    assert [str(one.noted.account) for one in service.noted] == [engineer.account]


def test_bodies_that_do_not_fit_and_broken_rules_are_in_the_log_lines_with_who_sent_them(
    engineer: Caller, administrator: Caller, nobody: Caller, caplog: pytest.LogCaptureFixture
) -> None:
    path = engineer.post("/v1/reports", NEW).headers["location"]
    caplog.set_level(logging.INFO, "countersign.http.trace")

    engineer.post("/v1/reports", NEW | {"owner": "somebody else"})
    engineer.patch(path, {"changes": {"client_name": "A"}}, if_match='"v99"')
    engineer.post("/v1/reports", NEW, key="once")
    engineer.post("/v1/reports", NEW | {"document_number": "X-1"}, key="once")
    engineer.get("/v1/reports", colour="red")
    administrator.post("/v1/network-blocks", BLOCK | {"network": "127.0.0.1"})
    nobody.post("/v1/auth/login", {"email": "x", "is_admin": True})

    lines = [vars(line) for line in caplog.records if line.message == "request" and vars(line)["problem"]]
    assert [(line["method"], line["status"], line["problem"], line["actor"]) for line in lines] == [
        ("POST", 422, "invalid_body", engineer.account),
        ("PATCH", 412, "stale_version", engineer.account),
        ("POST", 422, "idempotency_key_reused", engineer.account),
        ("GET", 422, "invalid_parameters", engineer.account),
        ("POST", 409, "would_lock_out", administrator.account),
        ("POST", 422, "invalid_body", None),
    ]
    assert all(line["request_id"] and line["path"].startswith("/v1/") for line in lines)


def test_what_commands_record_themselves_is_not_noted_again(service: Service, nobody: Caller) -> None:
    nobody.post("/v1/auth/login", {"email": "nobody@example.com", "password": "not the right one"})

    assert kinds(service) == []


def test_a_block_is_made_read_and_lifted(administrator: Caller) -> None:
    made = administrator.post("/v1/network-blocks", BLOCK, key="once")
    assert administrator.post("/v1/network-blocks", BLOCK, key="once").json == made.json
    assert made.headers["location"] == f"/v1/network-blocks/{made.json['id']}"
    assert administrator.get("/v1/network-blocks").json == {"items": [made.json]}
    assert made.json | {"id": "", "since": ""} == {
        "id": "",
        "since": "",
        "network": "203.0.113.0/24",
        "reason": "scans",
        "until": None,
        "automatic": False,
    }

    assert administrator.send("DELETE", made.headers["location"]).status_code == 204
    assert administrator.get("/v1/network-blocks").json == {"items": []}
    assert _code(administrator.send("DELETE", made.headers["location"])) == (404, "network_not_blocked")


@pytest.mark.parametrize(
    ("form", "refusal"),
    [
        ({"network": "127.0.0.1"}, (409, "would_lock_out")),
        ({"network": "0.0.0.0/0"}, (409, "would_lock_out")),
        ({"network": "nonsense"}, (422, "invalid_network")),
        ({"until": "2020-01-01T00:00:00Z"}, (422, "block_in_the_past")),
        ({"reason": ""}, (422, "invalid_body")),
        ({"automatic": True}, (422, "invalid_body")),
        ({"force": "yes"}, (422, "invalid_body")),
    ],
)
def test_a_block_that_makes_no_sense_is_refused(
    administrator: Caller, form: dict[str, object], refusal: tuple[int, str]
) -> None:
    assert _code(administrator.post("/v1/network-blocks", {**BLOCK, **form})) == refusal


def test_the_block_of_another_is_not_found(administrator: Caller) -> None:
    assert _code(administrator.send("DELETE", f"/v1/network-blocks/{uuid4()}")) == (
        404,
        "network_not_blocked",
    )


def _code(answer: Result) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]
