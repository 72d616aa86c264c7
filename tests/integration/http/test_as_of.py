"""`?as_of=`: what the queries of the API answer about the past."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from falcon.testing import Result, TestClient

from countersign.aggregates.render_order import Kind
from countersign.aggregates.role import Role
from countersign.http.app import create_app
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.past.as_of_copies import Copies, CopyOptions
from tests.integration.http.complete_report import Report
from tests.integration.http.service import OPTIONS, PASSWORD, Caller, Service, sample


@pytest.fixture
def report(service: Service, engineer: Caller) -> Report:
    content = sample()
    begun = engineer.post("/v1/reports", {"report_type": "SAT", "header": content["header"]})
    report = Report(service, begun.headers["location"])
    for section in sorted(content.keys() - {"header"}):
        path = f"{report.path}/sections/{section}"
        assert engineer.put(path, {"content": content[section]}, if_match='"empty"').status_code == 200
    return report


@pytest.fixture
def technical(service: Service) -> Caller:
    return service.signed_in(Role.TECHNICAL_MANAGER)


def assigned(report: Report, engineer: Caller) -> None:
    for stage, role in ((1, Role.TECHNICAL_MANAGER), (2, Role.PROJECT_MANAGER)):
        body = {"approver": report.service.signed_in(role).account}
        path = f"{report.path}/stages/{stage}/approver"
        assert engineer.put(path, body, if_match=report.etag(engineer)).status_code == 200


def submitted(report: Report, engineer: Caller) -> int:
    report.sign(engineer, "submit", {})
    return report.service.catch_up()


def in_words(answer: Result) -> str:
    return f"{answer.status_code} {answer.json['code']}"


Asked = list[tuple[Caller, str, dict[str, Any]]]


def questions(service: Service, report: Report) -> Asked:
    engineer, technical = service.signed_in(Role.ENGINEER), service.signed_in(Role.TECHNICAL_MANAGER)
    administrator = service.signed_in(Role.ADMINISTRATOR)
    parts = ("", "/sections/scope", "/revisions", "/signatures", "/renderings", "/history")
    return [
        *((engineer, f"{report.path}{part}", {}) for part in parts),
        (engineer, "/v1/reports", {"sort": "title"}),
        (technical, "/v1/approvals", {}),
        (administrator, "/v1/jobs", {}),
        (administrator, "/v1/jobs", {"report_id": str(report.id)}),
        (administrator, "/v1/audit", {}),
        (administrator, "/v1/audit", {"report_id": str(report.id)}),
    ]


def test_what_is_asked_as_of_a_position_was_answered_there(
    service: Service, engineer: Caller, technical: Caller, report: Report
) -> None:
    asked, had = questions(service, report), dict[int, list[Any]]()

    def look() -> None:
        position = service.catch_up()
        had[position] = [caller.get(path, **given).json for caller, path, given in asked]

    look()
    assigned(report, engineer)
    submitted(report, engineer)
    look()
    rendering = service.render(report.id, Kind.REVIEW)
    asked += [(engineer, f"/v1/jobs/{rendering}", {}), (engineer, f"/v1/renderings/{rendering}", {})]
    look()
    report.act(technical, "stages/1/request-changes", {"reason": "one more row", "items": []})
    engineer.post("/v1/reports", {"report_type": "SAT", "header": {"document_title": "Another one"}})
    service.catch_up()

    for position, answers in had.items():
        for (caller, path, given), then in zip(asked, answers, strict=False):
            answer = caller.get(path, as_of=f"position:{position}", **given)
            assert {**answer.json, "next_cursor": None} == {**then, "next_cursor": None}, path
            assert answer.headers["as-of-position"] == str(position)


def test_a_version_of_the_report_and_a_time_are_moments_too(engineer: Caller, report: Report) -> None:
    report.service.catch_up()
    before = report.as_seen_by(engineer)["version"]
    path, moment = f"{report.path}/revisions", datetime.now(UTC).isoformat()
    first = engineer.get(path, as_of=f"version:{before}")
    assigned(report, engineer)
    submitted(report, engineer)

    assert engineer.get(path).json["items"][0]["status"] == "in_review"
    assert first.json["items"][0]["status"] == "draft"
    for then in (engineer.get(path, as_of=moment), engineer.get(path, as_of=f"version:{before}")):
        assert then.json == first.json
        assert then.headers["as-of-position"] == first.headers["as-of-position"]
    assert engineer.get("/v1/reports", as_of=moment).json["items"][0]["status"] == "draft"


def test_a_page_of_the_past_leads_to_the_next_one_whatever_happens_meanwhile(
    service: Service, engineer: Caller
) -> None:
    for number in range(3):
        engineer.post("/v1/reports", {"report_type": "SAT", "header": {"document_title": f"No. {number}"}})
    service.catch_up()
    for as_of in (f"position:{service.log.head()}", datetime.now(UTC).isoformat()):
        first = engineer.get("/v1/reports", as_of=as_of, limit=2, sort="title").json
        engineer.post("/v1/reports", {"report_type": "SAT", "header": {"document_title": "No. 9"}})
        rest = engineer.get("/v1/reports", as_of=as_of, cursor=first["next_cursor"], sort="title")

        assert [each["title"] for each in rest.json["items"]] == ["No. 2"]
        for other in ({}, {"as_of": "position:1"}):
            refused = engineer.get("/v1/reports", cursor=first["next_cursor"], sort="title", **other)
            assert in_words(refused) == "422 bad_cursor"
        live = engineer.get("/v1/reports", limit=1, sort="title").json["next_cursor"]
        assert (
            in_words(engineer.get("/v1/reports", as_of=as_of, cursor=live, sort="title")) == "422 bad_cursor"
        )


@pytest.mark.parametrize("part", ["", "/revisions", "/signatures", "/renderings", "/history"])
def test_before_its_beginning_a_report_was_not_there(engineer: Caller, report: Report, part: str) -> None:
    for moment in ("version:0", "version:999999", "version:99999999999", "position:0", "2001-01-01T00:00Z"):
        assert in_words(engineer.get(report.path + part, as_of=moment)) == "404 no_such_moment"


@pytest.mark.parametrize("path", ["/v1/reports", "/v1/approvals"])
def test_a_moment_that_is_none_is_refused(service: Service, engineer: Caller, path: str) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    for moment in (f"position:{service.log.head() + 1}", tomorrow.isoformat()):
        assert in_words(engineer.get(path, as_of=moment)) == "422 moment_in_future"
    for moment in ("yesterday", "version:1", "position:", "position:x", "2026-01-01T00:00:00"):
        answer = engineer.get(path, as_of=moment)
        assert in_words(answer) == "422 invalid_parameters"
        assert "version" not in answer.json["detail"]


def test_a_moment_before_the_position_that_is_asked_for_contradicts_it(
    service: Service, engineer: Caller
) -> None:
    head = service.catch_up()
    asked = {"headers": {"Min-Position": str(head)}}

    assert engineer.get("/v1/reports", as_of=f"position:{head}", **asked).status_code == 200
    refused = engineer.get("/v1/reports", as_of=f"position:{head - 1}", **asked)
    assert in_words(refused) == "422 contradicting_positions"


@pytest.mark.parametrize(
    "path", ["/v1/accounts", "/v1/sessions", "/v1/api-clients", "/v1/security-events", "/v1/network-blocks"]
)
def test_who_may_come_in_is_not_shown_as_it_was(administrator: Caller, path: str) -> None:
    assert in_words(administrator.get(path, as_of="position:1")) == "422 invalid_parameters"


def test_the_past_of_a_report_is_not_there_for_who_may_not_see_it_today(
    service: Service, engineer: Caller, administrator: Caller, report: Report
) -> None:
    assigned(report, engineer)
    then = f"position:{submitted(report, engineer)}"
    rendering = service.render(report.id, Kind.REVIEW)
    service.catch_up()
    body = {"name": "Other", "email": "other@example.com", "password": PASSWORD, "role": "engineer"}
    assert administrator.post("/v1/accounts", body).status_code == 201
    signed_in = service.nobody.post("/v1/auth/login", {"email": body["email"], "password": PASSWORD})
    other = Caller(service.client, signed_in.json)

    hidden = [f"{report.path}{part}" for part in ("", "/revisions", "/signatures", "/renderings", "/history")]
    for path in (
        *hidden,
        f"{report.path}/sections/scope",
        f"/v1/jobs/{rendering}",
        f"/v1/renderings/{rendering}",
    ):
        assert in_words(other.get(path, as_of=then)) == "404 not_found"
        assert in_words(other.get(path, as_of="version:99999")) == "404 not_found"
    assert other.get("/v1/reports", as_of=then).json["items"] == []
    assert other.get("/v1/reports", as_of=then, owner=engineer.account).json["items"] == []
    for path in ("/v1/jobs", "/v1/audit"):
        assert in_words(other.get(path, as_of=then)) == "403 not_permitted"


def test_who_decided_once_and_became_an_engineer_sees_no_longer_what_waited(
    service: Service, engineer: Caller, technical: Caller, administrator: Caller, report: Report
) -> None:
    assigned(report, engineer)
    then = f"position:{submitted(report, engineer)}"
    assert [each["report_id"] for each in technical.get("/v1/approvals", as_of=then).json["items"]] == [
        str(report.id)
    ]
    path = f"/v1/accounts/{technical.account}"
    tag = administrator.get(path).headers["etag"]
    changed = administrator.put(f"{path}/role", {"role": "engineer"}, if_match=tag)
    assert changed.status_code == 200, changed.text
    service.catch_up()

    assert technical.get("/v1/approvals", as_of=then).json["items"] == []


def test_too_long_a_past_is_refused_for_all_and_told_of_one(
    service: Service, engineer: Caller, report: Report
) -> None:
    head = service.catch_up()
    with closing(_copies(service, CopyOptions(cap=head - 1))) as copies:
        careful = Caller(_client(service, copies), engineer.tokens)
        refused = careful.get("/v1/reports", as_of=f"position:{head}")
        told = careful.get(f"{report.path}/history", as_of=f"position:{head}")

    assert in_words(refused) == "422 too_much_to_replay"
    assert "one report" in refused.json["detail"]
    assert "countersign projections rows" in refused.json["detail"]
    assert told.status_code == 200


def test_a_copy_that_takes_too_long_is_refused_for_now(service: Service, engineer: Caller) -> None:
    head = service.catch_up()
    with closing(_copies(service, CopyOptions(build_s=0.0))) as copies:
        refused = Caller(_client(service, copies), engineer.tokens).get(
            "/v1/reports", as_of=f"position:{head}"
        )

    assert in_words(refused) == "503 copy_under_way"
    assert refused.headers["retry-after"] == "1"


def _copies(service: Service, options: CopyOptions) -> Copies:
    services = service.services
    decode = service.store.mapper.happened
    return Copies(service.log, decode, services.read, services.freshness, PROJECTIONS, options)


def _client(service: Service, copies: Copies) -> TestClient:
    return TestClient(create_app(replace(service.services, copies=copies), OPTIONS))
