"""A report is archived, held and disposed of over HTTP, and what is left of it says so."""

from __future__ import annotations

from typing import Any

import pytest

from countersign.aggregates.render_order import Kind
from countersign.aggregates.role import Role
from countersign.commands.retention.dispose_report import DisposeReport
from tests.integration.http.complete_report import Report
from tests.integration.http.complete_report import report as _a_complete_report
from tests.integration.http.service import PASSWORD, Caller, Service

complete = _a_complete_report

WHY = {"reason": "its time is over, nobody needs it"}
POLICY = {"rules": [{"report_type": "*", "years": 1}], "cooling_off_days": 0, **WHY}
MATTER = {"matter": "3 O 17/26", **WHY}
RECIPIENT = {"name": "Nikos", "email": "nikos@client.example"}


@pytest.fixture(autouse=True)
def _it_is_a_year_ago(service: Service) -> None:
    service.pass_time(days=-366)


@pytest.fixture
def controller(service: Service) -> Caller:
    return service.signed_in(Role.DOCUMENT_CONTROLLER)


@pytest.fixture
def issued(service: Service, engineer: Caller, complete: Report) -> Report:
    project = service.signed_in(Role.PROJECT_MANAGER)
    complete.sign(engineer, "submit", {})
    complete.approve(service.signed_in(Role.TECHNICAL_MANAGER), 1)
    complete.approve(project, 2)
    rendering_id = service.render(complete.id, Kind.FINAL, b"the final document")
    issue = {"rendering_id": str(rendering_id), "issue_status": "final", "recipients": [RECIPIENT]}
    complete.act(project, "issue", issue)
    service.pass_time(days=366)
    return complete


def done(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def approve(administrator: Caller, path: str, read: dict[str, Any]) -> Any:
    form = {"report_version": read["report_version"], **WHY}
    return administrator.post(f"{path}/disposition/approve", form)


def test_two_people_dispose_of_a_report_and_its_tombstone_answers(
    service: Service, issued: Report, administrator: Caller, controller: Caller
) -> None:
    path, at = issued.path, f"{issued.path}/retention"
    assert controller.post(f"{path}/archive", WHY).json["code"] == "no_retention_rule"
    assert done(administrator.put("/v1/retention/policy", POLICY))["version"] == 1
    assert done(controller.post(f"{path}/archive", WHY))["standing"] == "archived"
    assert done(controller.post(f"{path}/hold", MATTER))["holds"][0]["matter"] == MATTER["matter"]
    service.catch_up()
    assert controller.get("/v1/retention/holds").json["items"][0]["placed_by"] == controller.account
    assert controller.post(f"{path}/disposition", WHY).json["code"] == "on_legal_hold"
    assert done(controller.post(f"{path}/hold/release", MATTER))["holds"] == []
    read = done(controller.post(f"{path}/disposition", WHY))
    assert read["disposition"]["approved_by"] is None
    assert approve(administrator, path, read).json["code"] == "reauth_required"
    administrator.reauthenticate(PASSWORD)
    agreed = done(approve(administrator, path, read))
    assert agreed["disposition"]["approved_by"] == administrator.account
    service.catch_up()
    (due,) = controller.get("/v1/retention/reports", due="true").json["items"]
    assert due["report_id"] == str(issued.id)

    service.give(DisposeReport(report_id=issued.id))
    service.catch_up()

    left = done(controller.get(at))
    assert (left["standing"], left["disposition"]["approved_by"]) == ("disposed", administrator.account)
    assert left["tombstone"]["document_number"] == "KAL-PS1-SAT-001"
    assert len(left["tombstone"]["digest"]) == 64
    for gone in (f"{path}/sections/purpose", f"{path}/sections/purpose?as_of=version:3"):
        assert (controller.get(gone).status_code, controller.get(gone).json["code"]) == (
            410,
            "report_disposed",
        )
    document = controller.get(f"{path}/renderings").json["items"][0]["document"]
    assert controller.get(document).status_code == 410
    (stone,) = controller.get("/v1/retention/reports", standing="disposed").json["items"]
    assert stone["tombstone_digest"] == left["tombstone"]["digest"]
    assert controller.get(path).json["document_number"] == "KAL-PS1-SAT-001"


def test_a_report_comes_back_from_the_archive_and_a_proposal_is_declined(
    issued: Report, administrator: Caller, controller: Caller
) -> None:
    done(administrator.put("/v1/retention/policy", POLICY))
    done(controller.post(f"{issued.path}/archive", WHY))
    done(controller.post(f"{issued.path}/disposition", WHY))
    assert done(administrator.post(f"{issued.path}/disposition/decline", WHY))["disposition"] is None
    assert done(controller.post(f"{issued.path}/restore", WHY))["standing"] == "active"


def test_the_policy_is_seen_by_those_who_watch_over_it(
    service: Service, engineer: Caller, administrator: Caller, controller: Caller
) -> None:
    assert done(controller.get("/v1/retention/policy")) == {"version": 0, "cooling_off_days": 0, "rules": []}
    assert engineer.get("/v1/retention/policy").status_code == 403
    assert controller.put("/v1/retention/policy", POLICY).status_code == 403
    done(administrator.put("/v1/retention/policy", POLICY))
    shown = done(service.signed_in(Role.AUDITOR).get("/v1/retention/policy"))
    assert shown["rules"] == POLICY["rules"]
    at_once = {**POLICY, "rules": [{"report_type": "*", "years": 0}]}
    (error,) = administrator.put("/v1/retention/policy", at_once).json["errors"]
    assert error == {
        "pointer": "/rules/0/years",
        "detail": "must be 1 to 100: what is issued is kept for a while",
    }
