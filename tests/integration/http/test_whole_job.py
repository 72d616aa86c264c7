"""A report goes all its way, and its history is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from countersign.aggregates.render_order import Kind
from countersign.aggregates.role import Role
from tests.integration.http.complete_report import RECIPIENT, Report
from tests.integration.http.complete_report import report as a_complete_report
from tests.integration.http.service import Caller, Service

report = a_complete_report


def test_a_report_goes_from_draft_to_its_client(service: Service, engineer: Caller, report: Report) -> None:
    technical, project = service.signed_in(Role.TECHNICAL_MANAGER), service.signed_in(Role.PROJECT_MANAGER)

    submitted = report.sign(engineer, "submit", {"comment": "one failure, see the punch list"})
    assert submitted["status"] == "in_review"
    service.catch_up()
    (waiting,) = technical.get("/v1/approvals").json["items"]
    assert (waiting["report_id"], waiting["version"]) == (str(report.id), submitted["version"])
    assert waiting["content_digest"] == submitted["content_digest"]

    request = {
        "reason": "the calibration date cannot be right",
        "items": [{"section": "test_equipment", "row": "te-03", "text": "2025 or 2026?"}],
    }
    sent_back = report.act(technical, "stages/1/request-changes", request)
    assert sent_back["status"] == "changes_requested"

    mended = engineer.patch(report.path, {"changes": {"date": "2026-03-19"}}, if_match=report.etag(engineer))
    assert mended.json["status"] == "draft"
    report.sign(engineer, "submit", {})
    assert report.approve(technical, 1)["open_stage"] == 2
    approved = report.approve(project, 2)
    assert (approved["status"], approved["open_stage"]) == ("approved", None)

    rendering_id = service.render(report.id, Kind.FINAL, b"the final document")
    issue = {"rendering_id": str(rendering_id), "issue_status": "final", "recipients": [RECIPIENT]}
    assert report.act(project, "issue", issue)["status"] == "issued"

    document = project.get(f"/v1/renderings/{rendering_id}/document")
    assert document.content == b"the final document"
    assert 'filename="KAL-PS1-SAT-001_R0.docx"' in document.headers["content-disposition"]
    assert report.as_seen_by(project)["issue"]["document_digest"] == document.headers["etag"].strip('"')
    auditor = service.signed_in(Role.AUDITOR)
    assert auditor.get(f"/v1/renderings/{rendering_id}/document").content == b"the final document"


def test_its_history_is_told_in_order_and_by_name(service: Service, engineer: Caller, report: Report) -> None:
    position = service.catch_up()
    first = engineer.get(f"{report.path}/history", limit=2, headers={"Min-Position": str(position)})
    rest = engineer.get(f"{report.path}/history", limit=200, cursor=first.json["next_cursor"])

    happenings = [*first.json["items"], *rest.json["items"]]
    assert int(first.headers["as-of-position"]) >= position
    assert happenings[0]["action"] == "report.created"
    assert {each["actor"]["name"] for each in happenings} == {"Person engineer"}
    assert [each["position"] for each in happenings] == sorted(each["position"] for each in happenings)
    versions = [each["version"] for each in happenings if each["action"].startswith("report.")]
    assert versions == list(range(1, report.as_seen_by(engineer)["version"] + 1))


def test_signatures_that_fell_stay_in_the_register(
    service: Service, engineer: Caller, report: Report
) -> None:
    report.sign(engineer, "submit", {})
    assert len(report.as_seen_by(engineer)["signatures"]) == 1
    report.act(engineer, "withdraw", {"reason": "a section is not finished yet"})
    service.catch_up()

    (signature,) = engineer.get(f"{report.path}/signatures").json["items"]
    assert signature["printed_name"] == "Person engineer"
    assert signature["cause"] == "submission_withdrawn"
    assert report.as_seen_by(engineer)["signatures"] == []
    (revision,) = engineer.get(f"{report.path}/revisions").json["items"]
    assert (revision["revision"], revision["status"], revision["submissions"]) == ("R0", "draft", 1)


def test_a_report_can_be_seen_as_it_was(engineer: Caller, report: Report) -> None:
    before = report.as_seen_by(engineer)
    changed = engineer.patch(
        report.path, {"changes": {"document_title": "Another title"}}, if_match=report.etag(engineer)
    )
    position = int(changed.headers["position"])

    def title(as_of: str) -> str:
        return str(engineer.get(report.path, as_of=as_of).json["title"])

    assert title(f"version:{before['version']}") == before["title"]
    assert title(f"position:{position - 1}") == before["title"]
    assert title(f"position:{position}") == "Another title"
    assert title(datetime.now(UTC).isoformat()) == "Another title"
    path = f"{report.path}/sections/scope"
    assert engineer.get(path, as_of="version:1").json["digest"] is None


@pytest.mark.parametrize("moment", ["version:0", "version:999999", "position:0", "2001-01-01T00:00:00Z"])
def test_a_moment_without_the_report_is_not_found(engineer: Caller, report: Report, moment: str) -> None:
    answer = engineer.get(report.path, as_of=moment)

    assert (answer.status_code, answer.json["code"]) == (404, "no_such_moment")


@pytest.mark.parametrize(
    "moment", ["yesterday", "version:x", "version:-1", "position:1.5", "2026-01-01T00:00:00", "version:"]
)
def test_a_moment_that_cannot_be_read_is_refused(engineer: Caller, report: Report, moment: str) -> None:
    answer = engineer.get(report.path, as_of=moment)

    assert (answer.status_code, answer.json["code"]) == (422, "invalid_parameters")
    assert answer.json["errors"][0]["pointer"] == "/as_of"


def test_lists_can_be_filtered_sorted_and_paged(service: Service, engineer: Caller) -> None:
    for title in ("Boiler house", "Alpha station", "Pump station"):
        body = {"report_type": "SAT", "header": {"document_title": title, "client_name": "ACME"}}
        assert engineer.post("/v1/reports", body).status_code == 201
    service.catch_up()

    first = engineer.get("/v1/reports", sort="title", limit=2, client_name="ACME").json
    second = engineer.get(
        "/v1/reports", sort="title", limit=2, client_name="ACME", cursor=first["next_cursor"]
    ).json
    assert [each["title"] for each in first["items"]] == ["Alpha station", "Boiler house"]
    assert [each["title"] for each in second["items"]] == ["Pump station"]
    assert second["next_cursor"] is None
    found = engineer.get("/v1/reports", text="station", sort="-title").json["items"]
    assert [each["title"] for each in found] == ["Pump station", "Alpha station"]
    assert engineer.get("/v1/reports", status="approved").json["items"] == []
