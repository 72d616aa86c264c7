from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from countersign.aggregates.role import Role
from tests.integration.http.service import PASSWORD, Caller, Service, email_of

NEW = {"report_type": "SAT", "header": {"document_title": "Pump station"}}
CREDENTIALS = {"email": email_of(Role.ENGINEER), "password": PASSWORD}


def test_whoever_signs_in_is_told_who_they_are(engineer: Caller) -> None:
    me = engineer.get("/v1/me")

    assert me.status_code == 200
    assert me.json["role"] == "engineer"
    assert me.json["email"] == email_of(Role.ENGINEER)
    assert me.json["may"]["CreateReport"] == "any"
    assert me.json["session"]["reauthenticated_at"] is None


def test_a_wrong_password_and_an_unknown_address_are_refused_alike(nobody: Caller) -> None:
    wrong = nobody.post("/v1/auth/login", CREDENTIALS | {"password": "wrong horse battery"})
    unknown = nobody.post("/v1/auth/login", CREDENTIALS | {"email": "nobody@example.com"})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json["code"] == unknown.json["code"] == "bad_credentials"
    assert wrong.json["detail"] == unknown.json["detail"]
    assert wrong.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "authentication_required"),
        ("Basic dXNlcjpwYXNz", "invalid_token"),
        ("Bearer", "invalid_token"),
        ("Bearer x.y.z", "invalid_token"),
        ("Bearer é", "invalid_token"),
    ],
)
def test_without_a_good_token_nobody_comes_in(nobody: Caller, header: str | None, code: str) -> None:
    answer = nobody.get("/v1/me", headers={"Authorization": header} if header else {})

    assert (answer.status_code, answer.json["code"]) == (401, code)
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_token_runs_out(service: Service, engineer: Caller) -> None:
    service.clock.ahead = timedelta(minutes=16)

    answer = engineer.get("/v1/me")

    assert (answer.status_code, answer.json["code"]) == (401, "invalid_token")


def test_a_refresh_token_is_exchanged_for_the_next(nobody: Caller, service: Service) -> None:
    first = nobody.post("/v1/auth/login", CREDENTIALS).json
    second = nobody.post("/v1/auth/refresh", {"refresh_token": first["refresh_token"]})

    assert second.status_code == 200
    assert second.json["session"] == first["session"]
    assert second.json["refresh_token"] != first["refresh_token"]
    assert Caller(service.client, second.json).get("/v1/me").status_code == 200


def test_a_refresh_token_that_comes_back_ends_the_session(nobody: Caller, service: Service) -> None:
    first = nobody.post("/v1/auth/login", CREDENTIALS).json
    second = nobody.post("/v1/auth/refresh", {"refresh_token": first["refresh_token"]}).json

    copied = nobody.post("/v1/auth/refresh", {"refresh_token": first["refresh_token"]})
    assert (copied.status_code, copied.json["code"]) == (401, "refresh_reused")
    ended = nobody.post("/v1/auth/refresh", {"refresh_token": second["refresh_token"]})
    assert ended.status_code == 401
    assert Caller(service.client, second).get("/v1/me").json["code"] == "session_ended"


def test_a_repeated_refresh_gets_the_same_next_token(nobody: Caller) -> None:
    first = nobody.post("/v1/auth/login", CREDENTIALS).json
    body = {"refresh_token": first["refresh_token"]}

    once = nobody.post("/v1/auth/refresh", body, key="refresh-1")
    again = nobody.post("/v1/auth/refresh", body, key="refresh-1")

    assert again.status_code == 200
    assert again.json["refresh_token"] == once.json["refresh_token"]


def test_a_made_up_refresh_token_is_refused(nobody: Caller) -> None:
    answer = nobody.post("/v1/auth/refresh", {"refresh_token": "A" * 70})

    assert (answer.status_code, answer.json["code"]) == (401, "invalid_refresh_token")


def test_signing_out_ends_the_session_for_queries_and_commands(engineer: Caller) -> None:
    left = engineer.post("/v1/auth/logout")

    assert (left.status_code, left.content) == (204, b"")
    assert engineer.get("/v1/me").json["code"] == "session_ended"
    body = {"report_type": "SAT", "header": {"document_title": "x"}}
    assert engineer.post("/v1/reports", body).json["code"] == "session_ended"


def test_who_has_signed_out_is_told_nothing_of_a_report(engineer: Caller) -> None:
    report = engineer.post("/v1/reports", NEW).headers["location"]
    changes = {"changes": {"client_name": "ACME"}}
    assert engineer.patch(report, changes, if_match='"v1"', key="change-1").status_code == 200
    engineer.post("/v1/auth/logout")

    for version, key in (("v1", "change-1"), ("v1", None), ("v999", None)):
        answer = engineer.patch(report, changes, if_match=f'"{version}"', key=key)
        assert (answer.status_code, answer.json["code"]) == (401, "session_ended")
        assert "etag" not in answer.headers


def test_who_has_signed_out_is_not_told_whether_a_report_exists(engineer: Caller) -> None:
    report = engineer.post("/v1/reports", NEW).headers["location"]
    engineer.post("/v1/auth/logout")

    for path in (report, f"/v1/reports/{UUID(int=7)}"):
        drafts = engineer.post(f"{path}/renderings", {"format": "docx"})
        rows = engineer.post(f"{path}/sections/ip_records/import", {"csv": "Comment"}, if_match='"empty"')
        assert {drafts.json["code"], rows.json["code"]} == {"session_ended"}


def test_two_people_may_sign_in_under_the_same_key(nobody: Caller) -> None:
    manager = CREDENTIALS | {"email": email_of(Role.PROJECT_MANAGER)}
    answers = [nobody.post("/v1/auth/login", each, key="login-1") for each in (CREDENTIALS, manager)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.json["role"] for answer in answers] == ["engineer", "project_manager"]


def test_giving_the_password_again_is_noted_in_the_session(engineer: Caller) -> None:
    wrong = engineer.post("/v1/auth/reauthenticate", {"password": "wrong horse battery"})
    assert (wrong.status_code, wrong.json["code"]) == (401, "bad_credentials")

    right = engineer.post("/v1/auth/reauthenticate", {"password": PASSWORD})
    assert right.status_code == 200
    session = engineer.get("/v1/me").json["session"]
    assert session["reauthenticated_at"] == right.json["reauthenticated_at"]


def test_a_proof_of_identity_gives_a_new_token_and_ends_the_one_before(
    service: Service, engineer: Caller
) -> None:
    before = Caller(service.client, engineer.tokens)

    engineer.reauthenticate()

    assert engineer.tokens["access_token"] != before.tokens["access_token"]
    assert engineer.get("/v1/me").status_code == 200
    assert engineer.post("/v1/reports", {}).json["code"] == "invalid_body"
    for refused in (before.get("/v1/me"), before.post("/v1/reports", {}), before.post("/v1/auth/logout")):
        assert (refused.status_code, refused.json["code"]) == (401, "invalid_token")


def test_of_two_proofs_the_newer_has_the_token_that_is_good(service: Service, engineer: Caller) -> None:
    window = Caller(service.client, engineer.tokens)
    engineer.reauthenticate()

    window.reauthenticate()

    assert engineer.get("/v1/me").json["code"] == "invalid_token"
    assert window.get("/v1/me").status_code == 200


def test_a_refreshed_token_is_good_after_a_proof_of_identity(service: Service, engineer: Caller) -> None:
    refresh = {"refresh_token": engineer.tokens["refresh_token"]}
    engineer.reauthenticate()

    renewed = service.nobody.post("/v1/auth/refresh", refresh)

    assert Caller(service.client, renewed.json).get("/v1/me").status_code == 200


def test_an_idle_session_is_over_for_queries(service: Service, engineer: Caller) -> None:
    service.clock.ahead = timedelta(minutes=31)
    token = service.services.access_tokens
    session = service.services.refresh_tokens.read(engineer.tokens["refresh_token"]).session
    fresh = token.issue(UUID(engineer.account), session, Role.ENGINEER, service.clock(), ("password",))

    answer = Caller(service.client, {"access_token": fresh}).get("/v1/me")

    assert (answer.status_code, answer.json["code"]) == (401, "session_ended")


def test_answers_with_tokens_are_kept_nowhere(nobody: Caller) -> None:
    answer = nobody.post("/v1/auth/login", CREDENTIALS)

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
