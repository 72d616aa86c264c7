"""Who decides on a report when, and of what is decided nothing changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from countersign.aggregates.role import Role
from tests.integration.http.complete_report import RECIPIENT, Report
from tests.integration.http.complete_report import report as a_complete_report
from tests.integration.http.service import PASSWORD, Caller, Service

report = a_complete_report


def test_a_report_that_is_not_complete_is_refused_with_every_gap(engineer: Caller) -> None:
    body = {"report_type": "SAT", "header": {"document_title": "Bare"}}
    begun = engineer.post("/v1/reports", body)
    engineer.post("/v1/auth/reauthenticate", {"password": PASSWORD})

    answer = engineer.post(f"{begun.headers['location']}/submit", {}, if_match=begun.headers["etag"])

    assert (answer.status_code, answer.json["code"]) == (422, "not_ready")
    pointers = {each["pointer"] for each in answer.json["errors"]}
    assert {"/header/date", "/sections/scope/text", "/approvers/1", "/approvers/2"} <= pointers


def test_two_approvals_at_the_same_time_leave_one_winner(
    service: Service, engineer: Caller, report: Report
) -> None:
    technical = service.signed_in(Role.TECHNICAL_MANAGER)
    report.sign(engineer, "submit", {})
    technical.post("/v1/auth/reauthenticate", {"password": PASSWORD})
    seen = report.as_seen_by(technical)
    body = {"content_digest": seen["content_digest"], "meaning": "approval"}
    tag = f'"v{seen["version"]}"'

    with ThreadPoolExecutor(4) as pool:
        calls = [
            pool.submit(technical.post, f"{report.path}/stages/1/approve", body, if_match=tag)
            for _ in range(4)
        ]
        answers = [call.result() for call in calls]

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    assert [each["stage"] for each in report.as_seen_by(technical)["signatures"]] == [0, 1]


def test_nobody_approves_out_of_turn_or_what_is_their_own(
    service: Service, engineer: Caller, report: Report
) -> None:
    technical, project = service.signed_in(Role.TECHNICAL_MANAGER), service.signed_in(Role.PROJECT_MANAGER)
    report.sign(engineer, "submit", {})
    seen = report.as_seen_by(engineer)
    tag, head = f'"v{seen["version"]}"', service.log.head()

    def refusal(caller: Caller, stage: int, digest: str = seen["content_digest"]) -> tuple[int, str]:
        body = {"content_digest": digest, "meaning": "approval"}
        answer = caller.post(f"{report.path}/stages/{stage}/approve", body, if_match=tag)
        return answer.status_code, answer.json["code"]

    assert refusal(technical, 1) == (403, "reauth_required")
    assert refusal(engineer, 1) == (403, "not_permitted")
    for caller in (technical, project):
        caller.post("/v1/auth/reauthenticate", {"password": PASSWORD})
        head += 1
    assert refusal(project, 2) == (409, "stage_not_open")
    assert refusal(project, 1) == (403, "not_your_stage")
    assert refusal(technical, 3) == (422, "unknown_stage")
    assert refusal(technical, 1, "0" * 64) == (409, "digest_mismatch")
    assert service.log.head() == head


def test_what_is_in_review_is_frozen(engineer: Caller, report: Report) -> None:
    report.sign(engineer, "submit", {})

    path = f"{report.path}/sections/scope"
    saved = engineer.put(path, {"content": {"text": "more"}}, if_match=engineer.get(path).headers["etag"])
    edited = engineer.patch(report.path, {"changes": {"client_name": "X"}}, if_match=report.etag(engineer))

    assert [(each.status_code, each.json["code"]) for each in (saved, edited)] == [(409, "locked")] * 2


def test_another_document_than_the_approved_one_cannot_be_issued(
    service: Service, engineer: Caller, report: Report
) -> None:
    technical, project = service.signed_in(Role.TECHNICAL_MANAGER), service.signed_in(Role.PROJECT_MANAGER)
    draft = engineer.post(f"{report.path}/renderings", {}).json["id"]
    service.finish(UUID(draft))
    report.sign(engineer, "submit", {})
    report.approve(technical, 1)
    report.approve(project, 2)

    body = {"rendering_id": draft, "issue_status": "final", "recipients": [RECIPIENT]}
    answer = project.post(f"{report.path}/issue", body, if_match=report.etag(project))

    assert (answer.status_code, answer.json["code"]) == (409, "rendering_stale")


def test_a_stage_in_review_is_given_to_another_approver(
    service: Service, engineer: Caller, report: Report
) -> None:
    administrator, first = service.signed_in(Role.ADMINISTRATOR), service.signed_in(Role.TECHNICAL_MANAGER)
    body = {"name": "Other", "email": "other@example.com", "password": "correct horse battery"}
    other = administrator.post("/v1/accounts", {**body, "role": "technical_manager"})
    assert other.status_code == 201, other.text
    report.sign(engineer, "submit", {})
    wanted = {"approver": other.json["id"], "reason": "Tom is on leave until May"}

    address = f"{report.path}/stages/1/reassign"
    assert engineer.post(address, wanted, if_match=report.etag(engineer)).status_code == 403
    assert first.post(address, wanted).status_code == 428
    report.act(first, "stages/1/reassign", wanted)
    service.catch_up()

    assert first.get("/v1/approvals").json["items"] == []
    assert report.as_seen_by(engineer)["stages"][0]["approver"]["id"] == other.json["id"]
