"""Who may do what, seen from outside: what somebody may not know of does not exist for them."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from countersign.aggregates.role import Role
from tests.integration.http.service import PASSWORD, Caller, Service

NEW = {"report_type": "SAT", "header": {"document_title": "Pump station"}}
READING = (
    "",
    "/sections/scope",
    "/history",
    "/revisions",
    "/signatures",
    "/renderings",
    "/stages/1/candidates",
)


@pytest.fixture
def report(engineer: Caller) -> str:
    return str(engineer.post("/v1/reports", NEW).headers["location"])


@pytest.fixture
def other_engineer(service: Service) -> Caller:
    administrator = service.signed_in(Role.ADMINISTRATOR)
    email = "other@example.com"
    body = {"name": "Other", "email": email, "password": PASSWORD, "role": "engineer"}
    assert administrator.post("/v1/accounts", body).status_code == 201
    answer = service.nobody.post("/v1/auth/login", {"email": email, "password": PASSWORD})
    return Caller(service.client, answer.json)


@pytest.mark.parametrize("suffix", READING)
def test_a_report_of_somebody_else_is_not_there_for_an_engineer(
    other_engineer: Caller, report: str, suffix: str
) -> None:
    answer = other_engineer.get(f"{report}{suffix}")

    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_a_change_to_a_report_of_somebody_else_finds_none(other_engineer: Caller, report: str) -> None:
    nowhere = f"/v1/reports/{uuid4()}"
    for path in (report, nowhere):
        answer = other_engineer.patch(path, {"changes": {"client_name": "X"}}, if_match='"v1"')
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")
        saved = other_engineer.put(f"{path}/sections/scope", {"content": {}}, if_match='"empty"')
        assert (saved.status_code, saved.json["code"]) == (404, "not_found")


def test_the_version_of_a_report_of_somebody_else_is_not_told(other_engineer: Caller, report: str) -> None:
    answer = other_engineer.patch(report, {"changes": {"client_name": "X"}}, if_match='"v999"')

    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_lists_leave_out_what_one_may_not_see(
    service: Service, engineer: Caller, other_engineer: Caller, report: str
) -> None:
    service.catch_up()

    assert len(engineer.get("/v1/reports").json["items"]) == 1
    assert other_engineer.get("/v1/reports").json["items"] == []
    assert other_engineer.get("/v1/reports", owner=engineer.account).json["items"] == []
    assert len(service.signed_in(Role.AUDITOR).get("/v1/reports").json["items"]) == 1
    assert service.signed_in(Role.OPERATOR).get("/v1/reports").status_code == 403


def test_who_may_see_but_not_change_is_told_so(service: Service, report: str) -> None:
    auditor = service.signed_in(Role.AUDITOR)

    assert auditor.get(report).status_code == 200
    answer = auditor.patch(report, {"changes": {"client_name": "X"}}, if_match='"v1"')
    assert (answer.status_code, answer.json["code"]) == (403, "not_permitted")


def test_an_operator_sees_no_report_but_every_job(service: Service, engineer: Caller, report: str) -> None:
    operator = service.signed_in(Role.OPERATOR)
    job = engineer.post(f"{report}/renderings", {}).headers["location"]
    service.catch_up()

    assert operator.get(report).status_code == 404
    assert operator.get(job).status_code == 200
    assert [each["id"] for each in operator.get("/v1/jobs").json["items"]] == [job.rpartition("/")[2]]


def test_an_engineer_sees_the_jobs_of_own_reports_only(
    service: Service, engineer: Caller, other_engineer: Caller, report: str
) -> None:
    job = engineer.post(f"{report}/renderings", {}).headers["location"]

    assert engineer.get(job).status_code == 200
    assert other_engineer.get(job).status_code == 404
    assert engineer.get("/v1/jobs").status_code == 403


def test_a_document_of_somebody_else_is_not_there(
    service: Service, engineer: Caller, other_engineer: Caller, report: str
) -> None:
    job_id = engineer.post(f"{report}/renderings", {}).json["id"]
    path = f"/v1/renderings/{job_id}"

    assert engineer.get(path).status_code == 200
    assert other_engineer.get(path).status_code == 404
    assert other_engineer.get(f"{path}/document").status_code == 404


def test_an_auditor_downloads_a_document_once_it_is_issued(
    service: Service, engineer: Caller, report: str
) -> None:
    auditor = service.signed_in(Role.AUDITOR)
    draft = UUID(engineer.post(f"{report}/renderings", {}).json["id"])
    service.finish(draft)

    assert engineer.get(f"/v1/renderings/{draft}/document").status_code == 200
    assert auditor.get(f"/v1/renderings/{draft}").status_code == 200
    answer = auditor.get(f"/v1/renderings/{draft}/document")
    assert (answer.status_code, answer.json["code"]) == (403, "not_permitted")


@pytest.mark.parametrize(
    ("path", "roles"),
    [
        ("/v1/audit", {Role.AUDITOR, Role.DOCUMENT_CONTROLLER, Role.ADMINISTRATOR}),
        ("/v1/accounts", {Role.ADMINISTRATOR}),
        ("/v1/jobs", {Role.OPERATOR, Role.ADMINISTRATOR}),
    ],
)
def test_some_lists_are_for_some_roles(service: Service, path: str, roles: set[Role]) -> None:
    service.catch_up()

    allowed = {role for role in Role if service.signed_in(role).get(path).status_code == 200}

    assert allowed == roles


def test_only_an_administrator_lets_somebody_in(service: Service, engineer: Caller) -> None:
    body = {"name": "New", "email": "new@example.com", "password": PASSWORD, "role": "administrator"}

    answer = engineer.post("/v1/accounts", body)

    assert (answer.status_code, answer.json["code"]) == (403, "not_permitted")


def test_an_account_is_made_shown_and_listed(service: Service, administrator: Caller) -> None:
    body = {"name": "Zoë Zander", "email": "zoe@example.com", "password": PASSWORD, "role": "auditor"}

    made = administrator.post("/v1/accounts", body)
    assert made.status_code == 201
    assert made.json == administrator.get(made.headers["location"]).json
    service.catch_up()
    listed = administrator.get("/v1/accounts", role="auditor").json["items"]
    assert made.json in listed
    assert "password" not in made.text
    again = administrator.post("/v1/accounts", body)
    assert (again.status_code, again.json["code"]) == (409, "email_taken")


def test_a_weak_password_is_refused_with_its_reasons(administrator: Caller) -> None:
    body = {"name": "Zoë", "email": "zoe@example.com", "password": "short", "role": "auditor"}

    answer = administrator.post("/v1/accounts", body)

    assert (answer.status_code, answer.json["code"]) == (422, "weak_password")
    assert answer.json["errors"][0]["pointer"] == "/password"
