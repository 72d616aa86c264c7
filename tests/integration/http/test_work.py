"""Documents and jobs, the audit log, and the service about itself."""

from __future__ import annotations

import threading
import time
from uuid import UUID

import pytest

from countersign.aggregates.rendering import FailureClass
from countersign.aggregates.role import Role
from countersign.commands.rendering.fail_rendering import FailRendering
from countersign.commands.rendering.start_rendering import StartRendering
from tests.integration.http.service import Caller, Service

NEW = {"report_type": "SAT", "document_number": "A/B Ω 1", "header": {"document_title": "Pump station"}}


@pytest.fixture
def report(engineer: Caller) -> str:
    answer = engineer.post("/v1/reports", NEW)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["location"])


@pytest.fixture
def draft(engineer: Caller, report: str) -> UUID:
    return UUID(engineer.post(f"{report}/renderings", {"format": "docx"}).json["id"])


def test_a_draft_is_ordered_followed_and_downloaded(service: Service, engineer: Caller, report: str) -> None:
    ordered = engineer.post(f"{report}/renderings", {})
    job = ordered.headers["location"]
    assert (ordered.status_code, ordered.json["state"]) == (202, "queued")
    assert engineer.get(job).json["state"] == "queued"

    service.finish(UUID(ordered.json["id"]), b"the draft")
    service.catch_up()
    done = engineer.get(job)
    assert (done.json["state"], done.json["result"]["duration_ms"]) == ("succeeded", 5)
    rendering = engineer.get(done.json["result_href"]).json
    assert (rendering["kind"], rendering["status"], rendering["job"]) == ("draft", "completed", job)
    document = engineer.get(rendering["document"])
    assert document.content == b"the draft"
    assert document.headers["content-type"].endswith("wordprocessingml.document")
    (listed,) = engineer.get(f"{report}/renderings").json["items"]
    assert listed["document"] == rendering["document"]


def test_a_document_has_a_safe_name_and_its_digest_as_tag(
    service: Service, engineer: Caller, draft: UUID
) -> None:
    service.finish(draft, b"the draft")
    path = f"/v1/renderings/{draft}/document"

    document = engineer.get(path)
    assert "A-B-" in document.headers["content-disposition"]
    assert "/" not in document.headers["content-disposition"].partition("filename*")[0]
    again = engineer.get(path, headers={"If-None-Match": document.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = engineer.send("HEAD", path)
    assert (head.content, head.headers["etag"]) == (b"", document.headers["etag"])


def test_a_document_that_is_not_there_yet_is_refused(engineer: Caller, draft: UUID) -> None:
    answer = engineer.get(f"/v1/renderings/{draft}/document")

    assert (answer.status_code, answer.json["code"]) == (409, "not_rendered")


def test_a_damaged_document_is_never_handed_out(service: Service, engineer: Caller, draft: UUID) -> None:
    service.finish(draft, b"the draft")
    digest = engineer.get(f"/v1/renderings/{draft}").json["artifacts"][0]["digest"]
    service.store.blobs.remove(digest)

    answer = engineer.get(f"/v1/renderings/{draft}/document")

    assert (answer.status_code, answer.json["code"]) == (500, "document_damaged")


def test_waiting_for_a_job_ends_as_soon_as_it_is_settled(
    service: Service, engineer: Caller, draft: UUID
) -> None:
    def work() -> None:
        time.sleep(0.3)
        service.finish(draft)
        service.catch_up()

    worker = threading.Thread(target=work)
    began = time.monotonic()
    worker.start()
    answer = engineer.get(f"/v1/jobs/{draft}", wait="5")
    waited_s = time.monotonic() - began
    worker.join()

    assert answer.json["state"] == "succeeded"
    assert 0.25 < waited_s < 4


def test_waiting_for_a_job_is_bounded(engineer: Caller, draft: UUID) -> None:
    began = time.monotonic()

    answer = engineer.get(f"/v1/jobs/{draft}", wait="0.4")

    assert answer.json["state"] == "queued"
    assert answer.headers["retry-after"] == "1"
    assert 0.3 < time.monotonic() - began < 3
    assert engineer.get(f"/v1/jobs/{draft}", wait="nan").status_code == 422
    assert engineer.get(f"/v1/jobs/{draft}", wait="-1").status_code == 422


def test_a_rendering_that_was_given_up_is_taken_up_again_by_an_operator(
    service: Service, engineer: Caller, draft: UUID
) -> None:
    operator = service.signed_in(Role.OPERATOR)
    early = operator.post(f"/v1/jobs/{draft}/retry")
    assert (early.status_code, early.json["code"]) == (409, "rendering_not_given_up")
    service.give(StartRendering(rendering_id=draft, worker="test"))
    service.give(
        FailRendering(
            rendering_id=draft, failure_class=FailureClass.VALIDATION, message="no such field", retry_at=None
        )
    )
    service.catch_up()
    failed = engineer.get(f"/v1/jobs/{draft}").json
    assert (failed["state"], failed["error"]["message"]) == ("failed", "no such field")

    assert engineer.post(f"/v1/jobs/{draft}/retry").status_code == 403
    retried = operator.post(f"/v1/jobs/{draft}/retry")
    assert (retried.status_code, retried.json["state"]) == (202, "queued")
    assert operator.post(f"/v1/jobs/{UUID(int=0)}/retry").json["code"] == "not_found"


def test_the_audit_log_tells_who_did_what(service: Service, engineer: Caller, report: str) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    engineer.patch(
        report,
        {"changes": {"client_name": "ACME"}},
        if_match='"v1"',
        headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"},
    )
    service.catch_up()

    (entry,) = service.signed_in(Role.AUDITOR).get("/v1/audit", correlation=trace).json["items"]
    assert (entry["action"], entry["command"]) == ("report.header_changed", "EditHeader")
    assert entry["actor"] == {"id": engineer.account, "name": "Person engineer"}
    found = service.signed_in(Role.AUDITOR).get("/v1/audit", action="report.created").json["items"]
    assert [each["report_id"] for each in found] == [report.rpartition("/")[2]]


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
@pytest.mark.parametrize("bound", ["since", "before"])
def test_a_time_that_no_calendar_has_is_refused(service: Service, bound: str, time: str) -> None:
    answer = service.signed_in(Role.AUDITOR).get("/v1/audit", **{bound: time})

    assert (answer.status_code, answer.json["code"]) == (422, "invalid_parameters")
    assert [each["pointer"] for each in answer.json["errors"]] == [f"/{bound}"]


def test_report_types_show_what_their_sections_hold(service: Service, engineer: Caller) -> None:
    service.catch_up()

    assert [each["slug"] for each in engineer.get("/v1/report-types").json["items"]] == ["SAT"]
    sat = engineer.get("/v1/report-types/SAT").json
    inputs = next(each for each in sat["sections"] if each["key"] == "digital_inputs")
    assert inputs["content_schema"]["type"] == "array"
    row = inputs["content_schema"]["items"]["properties"]
    assert row["result"]["enum"] == ["", "pass", "fail", "na", "not_tested"]
    assert [stage["role"] for stage in sat["route"]] == ["technical_manager", "project_manager"]


def test_head_answers_as_get_does_without_the_body(engineer: Caller, report: str) -> None:
    get, head = engineer.get(report), engineer.send("HEAD", report)

    assert head.content == b""
    assert head.status_code == get.status_code
    assert head.headers["etag"] == get.headers["etag"]
    assert head.headers["content-length"] == get.headers["content-length"]
    assert engineer.send("HEAD", "/v1/nothing").status_code == 404


def test_the_service_tells_whether_it_lives_and_can_serve(service: Service) -> None:
    service.catch_up()
    nobody = service.nobody

    assert nobody.get("/livez").json == {"status": "alive"}
    ready = nobody.get("/readyz")
    assert (ready.status_code, ready.json["status"]) == (200, "ready")
    assert {each["events"] for each in ready.json["projections"]} == {0}


def test_figures_are_counted_by_route_and_not_by_path(engineer: Caller, report: str) -> None:
    engineer.get(report)

    figures = engineer.get("/metrics").text
    assert 'route="/v1/reports/{report_id:uuid}"' in figures
    assert report not in figures


def test_a_request_keeps_the_name_that_it_was_given(nobody: Caller) -> None:
    assert nobody.get("/", headers={"X-Request-Id": "abc-1"}).headers["x-request-id"] == "abc-1"
    assert nobody.get("/", headers={"X-Request-Id": "a b"}).headers["x-request-id"] != "a b"


def test_a_section_too_large_for_an_event_comes_back_whole(engineer: Caller, report: str) -> None:
    rows = [{"id": f"x{n}", "tag": f"TAG-{n}", "description": "d" * 100} for n in range(800)]
    path = f"{report}/sections/digital_inputs"

    saved = engineer.put(path, {"content": rows}, if_match='"empty"')
    assert saved.status_code == 200, saved.text
    content = engineer.get(path).json["content"]
    assert [row["tag"] for row in content] == [row["tag"] for row in rows]
