"""What administrators do to accounts, and people to their own, over HTTP."""

from __future__ import annotations

from functools import partial
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.role import Role
from countersign.commands.account.register_account import RegisterAccount, register_account
from countersign.commands.dispatch import Dispatcher
from countersign.commands.options import AccountRules
from countersign.commands.password_hashes import PasswordHashes
from countersign.commands.password_rules import PasswordRules
from countersign.eventstore.context import Context
from tests.integration.http.service import PASSWORD, Caller, Service, email_of

NEW = "another good one"
CREDENTIALS = {"email": email_of(Role.ENGINEER), "password": PASSWORD}
CHANGES = [
    ("POST", "approve", {"role": "engineer"}),
    ("POST", "reject", {"reason": "no"}),
    ("PUT", "role", {"role": "administrator"}),
    ("POST", "disable", {"reason": "no"}),
    ("POST", "enable", None),
    ("POST", "close", None),
]


def test_a_new_role_counts_at_once(engineer: Caller, administrator: Caller) -> None:
    changed = administrator.put(f"/v1/accounts/{engineer.account}/role", {"role": "auditor"})

    assert (changed.status_code, changed.json["role"]) == (200, "auditor")
    assert changed.headers["etag"]
    assert engineer.get("/v1/audit").status_code == 200
    body = {"report_type": "SAT", "header": {"document_title": "x"}}
    assert engineer.post("/v1/reports", body).json["code"] == "not_permitted"


def test_a_disabled_person_is_out_at_once_and_back_when_enabled(
    nobody: Caller, engineer: Caller, administrator: Caller, service: Service
) -> None:
    address = f"/v1/accounts/{engineer.account}"
    assert administrator.post(f"{address}/disable", {"reason": "away"}).json["status"] == "disabled"

    assert engineer.get("/v1/me").json["code"] == "session_ended"
    refresh = {"refresh_token": engineer.tokens["refresh_token"]}
    assert nobody.post("/v1/auth/refresh", refresh).json["code"] == "session_ended"
    assert nobody.post("/v1/auth/login", CREDENTIALS).json["code"] == "bad_credentials"
    assert administrator.post(f"{address}/enable").json["status"] == "active"
    assert engineer.get("/v1/me").json["code"] == "session_ended"
    again = Caller(service.client, nobody.post("/v1/auth/login", CREDENTIALS).json)
    assert again.get("/v1/me").status_code == 200


@pytest.mark.parametrize(("method", "verb", "body"), CHANGES)
def test_nobody_else_decides_nor_learns_whether_an_account_exists(
    engineer: Caller, administrator: Caller, method: str, verb: str, body: object
) -> None:
    answers = [
        engineer.send(method, f"/v1/accounts/{account}/{verb}", body)
        for account in (administrator.account, uuid4())
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert answers[0].json["code"] == answers[1].json["code"] == "not_permitted"
    names = [
        engineer.patch(f"/v1/accounts/{each}", {"name": "X"}) for each in (administrator.account, uuid4())
    ]
    assert {answer.status_code for answer in names} == {403}


def test_with_a_first_password_nothing_is_read_until_another_is_chosen(
    service: Service, administrator: Caller
) -> None:
    handler = partial(
        register_account,
        rules=AccountRules(change_first_password=True),
        passwords=PasswordHashes(memory_kib=64, passes=1),
        password_rules=PasswordRules(),
    )
    newcomer = RegisterAccount(
        account_id=uuid4(), name="Kim Vega", email="kim@example.com", password=PASSWORD, role=Role.ENGINEER
    )
    context = Context(actor=UUID(administrator.account), command_key="given", correlation="test")
    Dispatcher({RegisterAccount: handler}, service.store, service.log, service.clock).dispatch(
        newcomer, context
    )
    credentials = {"email": "kim@example.com", "password": PASSWORD}
    kim = Caller(service.client, service.nobody.post("/v1/auth/login", credentials).json)

    assert kim.get("/v1/reports").json["code"] == "password_change_required"
    report = {"report_type": "SAT", "header": {"document_title": "x"}}
    assert kim.post("/v1/reports", report).json["code"] == "password_change_required"
    assert kim.get("/v1/me").status_code == 200
    chosen = {"current_password": PASSWORD, "new_password": NEW}
    assert kim.put("/v1/auth/password", chosen).status_code == 204
    assert kim.get("/v1/reports").status_code == 200


def test_administrators_keep_themselves_from_harm(administrator: Caller) -> None:
    own = f"/v1/accounts/{administrator.account}"

    assert administrator.put(f"{own}/role", {"role": "engineer"}).json["code"] == "own_account"
    assert administrator.post(f"{own}/disable", {"reason": "x"}).json["code"] == "own_account"
    assert administrator.post(f"{own}/close").json["code"] == "reauth_required"
    administrator.post("/v1/auth/reauthenticate", {"password": PASSWORD})
    assert administrator.post(f"{own}/close").json["code"] == "last_administrator"
    assert administrator.post(f"/v1/accounts/{uuid4()}/enable").status_code == 404


def test_a_changed_password_ends_the_other_sessions(
    nobody: Caller, engineer: Caller, service: Service
) -> None:
    elsewhere = Caller(service.client, nobody.post("/v1/auth/login", CREDENTIALS).json)
    wrong = {"current_password": "wrong horse battery", "new_password": NEW}
    assert engineer.put("/v1/auth/password", wrong).json["code"] == "bad_credentials"
    weak = engineer.put("/v1/auth/password", {"current_password": PASSWORD, "new_password": "password2024!"})
    assert weak.json["code"] == "weak_password"
    assert weak.json["errors"][0]["pointer"] == "/new_password"

    changed = engineer.put("/v1/auth/password", {"current_password": PASSWORD, "new_password": NEW})

    assert (changed.status_code, changed.content) == (204, b"")
    assert engineer.get("/v1/me").status_code == 200
    assert elsewhere.get("/v1/me").json["code"] == "session_ended"
    assert nobody.post("/v1/auth/login", CREDENTIALS | {"password": NEW}).status_code == 200


def test_a_person_changes_how_their_name_is_written(engineer: Caller) -> None:
    answer = engineer.patch(f"/v1/accounts/{engineer.account}", {"name": " Eva  Engel "})

    assert (answer.status_code, answer.json["name"]) == (200, "Eva Engel")
    assert engineer.get("/v1/me").json["name"] == "Eva Engel"
    more = engineer.patch(f"/v1/accounts/{engineer.account}", {"name": "Eva", "role": "administrator"})
    assert more.status_code == 422


@pytest.mark.parametrize("path", ["/v1/auth/password-resets", "/v1/accounts/registrations"])
def test_a_stranger_is_answered_alike_and_told_no_position(nobody: Caller, path: str) -> None:
    told = {"name": "Sara", "password": PASSWORD, "requested_role": "engineer"} if "acc" in path else {}

    known, unknown = (
        nobody.post(path, {**told, "email": email}, key="the-same")
        for email in (email_of(Role.ENGINEER), "nobody@example.com")
    )

    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert known.status_code == 202
    assert known.headers.keys() == unknown.headers.keys()
    assert "position" not in known.headers
