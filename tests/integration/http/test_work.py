"""Documents and jobs, the audit log, and the service about itself."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.rendering import FailureClass
from countersign.aggregates.role import Role
from countersign.commands.email.queue_email import QueueEmail
from countersign.commands.maintenance.due_maintenance import DueMaintenance
from countersign.commands.maintenance.fail_maintenance import FailMaintenance
from countersign.commands.rendering.fail_rendering import FailRendering
from countersign.commands.rendering.start_rendering import StartRendering
from countersign.workers.course import Progress
from countersign.workers.effect import Cause, Effect, Wanted
from countersign.workers.effects import Effects
from countersign.workers.effects_table import write_effects
from countersign.workers.workers_table import Worker, Workers
from tests.integration.http.service import Caller, Service

A_MAIL = QueueEmail(
    purpose=EmailPurpose.PASSWORD_CHANGED,
    cause=UUID(int=1),
    subject=UUID(int=2),
    name="Ada",
    to="ada@example.com",
    facts={"at": "2026-03-02 09:30 UTC"},
)
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


def test_an_operator_has_a_job_not_done_lays_it_aside_or_takes_it_up_again(
    service: Service, engineer: Caller, draft: UUID
) -> None:
    operator, job = service.signed_in(Role.OPERATOR), f"/v1/jobs/{draft}"
    why = {"reason": "the queue is full"}
    assert engineer.post(f"{job}/cancel", why).status_code == 403
    assert operator.post(f"{job}/cancel", {"reason": " "}).status_code == 422
    early = operator.post(f"{job}/discard", why)
    assert (early.status_code, early.json["code"]) == (409, "rendering_not_given_up")

    cancelled = operator.post(f"{job}/cancel", why)

    assert (cancelled.status_code, cancelled.json["state"]) == (200, "cancelled")
    service.catch_up()
    assert engineer.get(job).json["error"]["message"] == "the queue is full"
    assert operator.post(f"{job}/cancel", why).json["code"] == "rendering_finished"
    assert operator.post(f"{job}/retry").json["state"] == "queued"
    assert operator.post(f"/v1/jobs/{UUID(int=0)}/cancel", why).json["code"] == "not_found"


def test_mails_and_maintenance_are_called_off_alike(service: Service) -> None:
    operator, why = service.signed_in(Role.OPERATOR), {"reason": "the wrong time"}
    mail_id = service.give(A_MAIL).streams[0][0]
    job_id = service.give(DueMaintenance(kind="clean_up", due_at=service.clock())).streams[0][0]

    assert operator.post(f"/v1/jobs/{mail_id}/cancel", why).json["state"] == "dismissed"
    assert operator.post(f"/v1/jobs/{mail_id}/discard", why).json["code"] == "nothing_to_resolve"
    retried = operator.post(f"/v1/jobs/{mail_id}/retry")
    assert (retried.status_code, retried.json["detail"]) == (
        409,
        "this mail is dismissed: there is nothing to decide",
    )
    cancelled = operator.post(f"/v1/jobs/{job_id}/cancel", why).json
    assert (cancelled["kind"], cancelled["subject"], cancelled["state"]) == (
        "maintenance",
        "clean_up",
        "cancelled",
    )
    assert operator.post(f"/v1/jobs/{job_id}/retry").json["state"] == "queued"
    service.give(FailMaintenance(job_id=job_id, failure_class="unknown", message="disk full"))
    assert operator.post(f"/v1/jobs/{job_id}/discard", why).json["state"] == "dismissed"


def test_a_job_that_a_worker_is_at_tells_how_far_it_is(
    service: Service, engineer: Caller, draft: UUID
) -> None:
    service.catch_up()
    with at_work_on(service, draft) as held:
        Effects(service.services.read).keep_progress([(held, Progress(40, "page 4 of 10"))])

        job = engineer.get(f"/v1/jobs/{draft}").json
        (worker,) = service.signed_in(Role.OPERATOR).get("/v1/workers").json["items"]

    assert job["state"] == "running"
    assert (job["progress"]["percent"], job["progress"]["step"]) == (40, "page 4 of 10")
    assert (worker["name"], worker["state"], worker["parts"]) == ("here:1", "working", ["rendering"])
    assert worker["tasks"][0]["job"] == f"/v1/jobs/{draft}"
    assert engineer.get("/v1/workers").status_code == 403


def test_a_worker_that_fell_silent_says_so(service: Service, draft: UUID) -> None:
    with at_work_on(service, draft):
        service.clock.ahead += timedelta(seconds=31)

        (worker,) = service.signed_in(Role.OPERATOR).get("/v1/workers").json["items"]

    assert worker["state"] == "silent"


def test_a_job_is_followed_from_change_to_change_until_it_is_settled(
    service: Service, engineer: Caller, draft: UUID
) -> None:
    def work() -> None:
        time.sleep(0.2)
        service.finish(draft)
        service.catch_up()

    worker = threading.Thread(target=work)
    worker.start()
    answer = engineer.get(f"/v1/jobs/{draft}/events")
    worker.join()

    assert answer.headers["content-type"].startswith("text/event-stream")
    data = [line[6:] for line in answer.text.splitlines() if line.startswith("data: ")]
    told = [json.loads(line) for line in data[:-1]]
    assert (told[0]["state"], told[-1]["state"]) == ("queued", "succeeded")
    assert answer.text.endswith("event: settled\ndata: {}\n\n")
    assert engineer.get(f"/v1/jobs/{UUID(int=0)}/events").status_code == 404


def test_the_figures_count_states_failures_and_what_ended(
    service: Service, engineer: Caller, report: str, draft: UUID
) -> None:
    service.give(StartRendering(rendering_id=draft, worker="test"))
    failed = FailRendering(
        rendering_id=draft, failure_class=FailureClass.TIMEOUT, message="too slow", retry_at=None
    )
    service.give(failed)
    service.give(A_MAIL)
    service.catch_up()

    figures = service.signed_in(Role.OPERATOR).get("/v1/jobs/statistics", hours="2").json

    assert {(each["kind"], each["state"], each["count"]) for each in figures["states"]} >= {
        ("rendering", "failed", 1),
        ("email", "queued", 1),
    }
    (failed,) = figures["failures"]
    assert (failed["kind"], failed["failure_class"], failed["count"]) == ("rendering", "timeout", 1)
    (span,) = figures["trend"]
    assert (span["kind"], span["succeeded"], span["failed"], figures["unit"]) == ("rendering", 0, 1, "hour")
    assert span["longest_s"] >= span["mean_s"] >= 0
    daily = service.signed_in(Role.OPERATOR).get("/v1/jobs/statistics", hours="100").json
    assert (daily["unit"], len(daily["trend"])) == ("day", 1)
    assert engineer.get("/v1/jobs/statistics").status_code == 403


@contextmanager
def at_work_on(service: Service, rendering: UUID) -> Iterator[Effect]:
    read, now = service.services.read, service.clock()
    cause = Cause(reaction="test", event_id=uuid4(), position=1, correlation="trail", recorded_at=now)
    wanted = Wanted(queue="rendering", kind="render_document", target="it", job=rendering)
    with read.write() as connection:
        write_effects(connection, [(wanted, cause)])
    (held,) = Effects(read).claim("rendering", "here:1", now, 60, 1)
    here = Worker(
        name="here:1",
        host="here",
        pid=1,
        version="0.1.0",
        parts=("rendering",),
        since=now,
        seen_at=now,
        draining=False,
        finished=0,
        memory_bytes=1,
    )
    Workers(read).enter(here)
    yield held


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
