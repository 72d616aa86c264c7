"""A report goes from draft to its client, over the API alone; a worker's hands make the documents."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.render_order import Kind
from countersign.aggregates.role import Role
from tests.integration.http.service import PASSWORD, Caller, Service, sample

RECIPIENT = {"name": "Νίκος Παπαδάκης", "email": "n.papadakis@client.example"}


class Report:
    """One report at somebody's desk."""

    def __init__(self, service: Service, path: str) -> None:
        self.service = service
        self.path = path
        self.id = UUID(path.rpartition("/")[2])

    def as_seen_by(self, caller: Caller) -> dict[str, Any]:
        answer = caller.get(self.path)
        assert answer.status_code == 200, answer.text
        assert answer.headers["etag"] == f'"v{answer.json["version"]}"'
        found: dict[str, Any] = answer.json
        return found

    def etag(self, caller: Caller) -> str:
        return f'"v{self.as_seen_by(caller)["version"]}"'

    def sign(self, caller: Caller, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        assert caller.post("/v1/auth/reauthenticate", {"password": PASSWORD}).status_code == 200
        return self.act(caller, verb, body)

    def act(self, caller: Caller, verb: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = caller.post(f"{self.path}/{verb}", body, if_match=self.etag(caller))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json
        return found

    def approve(self, caller: Caller, stage: int) -> dict[str, Any]:
        digest = self.as_seen_by(caller)["content_digest"]
        body = {"content_digest": digest, "meaning": "approval", "comment": "checked"}
        return self.sign(caller, f"stages/{stage}/approve", body)


@pytest.fixture
def report(service: Service, engineer: Caller) -> Report:
    content = sample()
    begun = engineer.post("/v1/reports", {"report_type": "SAT", "header": content["header"]})
    assert begun.status_code == 201, begun.text
    report = Report(service, begun.headers["location"])
    for section, given in content.items():
        if section != "header":
            path = f"{report.path}/sections/{section}"
            saved = engineer.put(path, {"content": given}, if_match='"empty"')
            assert saved.status_code == 200, saved.text
    for stage, role in ((1, Role.TECHNICAL_MANAGER), (2, Role.PROJECT_MANAGER)):
        service.catch_up()
        candidates = engineer.get(f"{report.path}/stages/{stage}/candidates").json["items"]
        assert [each["name"] for each in candidates] == [f"Person {role}"]
        body = {"approver": candidates[0]["id"]}
        path = f"{report.path}/stages/{stage}/approver"
        assert engineer.put(path, body, if_match=report.etag(engineer)).status_code == 200
    return report


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


def test_rows_can_be_imported_from_csv_by_their_titles(engineer: Caller, report: Report) -> None:
    path = f"{report.path}/sections/related_documents"
    digest = engineer.get(path).headers["etag"]
    text = 'Reference,title\r\nDOC-1,"Manual, volume 1"\r\nDOC-2,Σχέδιο <A & B>\r\n'

    answer = engineer.post(
        f"{path}/import",
        raw=text.encode(),
        if_match=digest,
        headers={"Content-Type": "text/csv; charset=utf-8"},
    )

    assert answer.status_code == 200, answer.text
    assert (answer.json["accepted"], answer.json["rejected_count"]) == (2, 0)
    section = engineer.get(path)
    assert section.headers["etag"] == answer.headers["etag"] == f'"{answer.json["digest"]}"'
    assert [row["title"] for row in section.json["content"][-2:]] == ["Manual, volume 1", "Σχέδιο <A & B>"]


def test_lines_that_do_not_fit_are_named_with_their_reason(engineer: Caller, report: Report) -> None:
    path = f"{report.path}/sections/ip_records"
    digest = engineer.get(path).headers["etag"]
    body = {
        "csv": "Device,Address\nPLC,10.0.0.1\nHMI,10.0.0.999\n",
        "mapping": {"Device": "device_name", "Address": "ip_address"},
    }

    answer = engineer.post(f"{path}/import", body, if_match=digest)

    assert (answer.json["accepted"], answer.json["rejected_count"]) == (1, 1)
    assert answer.json["rejected"][0]["line"] == 3


def test_a_heading_that_is_no_column_is_refused(engineer: Caller, report: Report) -> None:
    path = f"{report.path}/sections/ip_records"
    digest = engineer.get(path).headers["etag"]

    answer = engineer.post(f"{path}/import", {"csv": "device_name,colour\nPLC,red\n"}, if_match=digest)

    assert (answer.status_code, answer.json["code"]) == (422, "unknown_heading")
    assert "colour" in answer.json["errors"][0]["detail"]


@pytest.mark.parametrize("text", ["x" * 200_000 + "\nPLC\n", '"device_name\nPLC\n', "\ufeff", "\n"])
def test_headings_that_cannot_be_read_are_refused(engineer: Caller, report: Report, text: str) -> None:
    path = f"{report.path}/sections/ip_records"
    digest = engineer.get(path).headers["etag"]

    answer = engineer.post(f"{path}/import", {"csv": text}, if_match=digest)

    assert (answer.status_code, answer.json["code"]) == (422, "unreadable_csv")


def test_a_test_result_is_recorded_over_the_row(engineer: Caller, report: Report) -> None:
    path = f"{report.path}/sections/digital_inputs"
    section = engineer.get(path)
    row = section.json["content"][0]
    body = {"result": "fail", "comment": "no signal", "verified_by": "E. Markaki"}

    answer = engineer.post(f"{path}/rows/{row['id']}/result", body, if_match=section.headers["etag"])

    assert answer.status_code == 200, answer.text
    after = engineer.get(path)
    assert after.json["content"][0] == row | body
    assert after.headers["etag"] == answer.headers["etag"]


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
