from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.render_order import Kind
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.projections.following.runner import Runner
from countersign.projections.work.document_store_queries import StoredFile, document, documents_of
from countersign.projections.work.job_board_queries import Job, job, job_page
from countersign.projections.work.mail_outbox_queries import Mail, mail, mails
from tests.integration.projections.journal import BEGIN, MANAGER
from tests.integration.projections.story import Story


def the_job(story: Story, runner: Runner, job_id: UUID) -> Job:
    runner.catch_up()
    found = job(story.databases.read, job_id)
    assert found is not None
    return found


def the_mail(story: Story, runner: Runner, email_id: UUID) -> Mail:
    runner.catch_up()
    found = mail(story.databases.read, email_id)
    assert found is not None
    return found


def test_a_requested_document_is_a_queued_job(story: Story, runner: Runner) -> None:
    report = story.report()
    rendering = story.rendering(report, Kind.REVIEW)
    found = the_job(story, runner, rendering)
    assert (found.kind, found.subject, found.state, found.attempts) == (
        "rendering",
        "review docx",
        "queued",
        0,
    )
    assert (found.report_id, found.revision, found.result) == (report, "R0", None)
    stored = document(story.databases.read, rendering)
    assert stored is not None
    assert (stored.status, stored.kind, stored.files) == ("queued", "review", ())


def test_a_finished_document_has_its_files(story: Story, runner: Runner) -> None:
    report = story.report()
    rendering = story.rendering(report)
    story.rendered(rendering, "a" * 64)
    found = the_job(story, runner, rendering)
    artifacts = [{"format": "docx", "digest": "a" * 64, "size_bytes": 20_000}]
    assert (found.state, found.attempts, found.worker) == ("succeeded", 1, "w1")
    assert found.result == {"artifacts": artifacts, "duration_ms": 340}
    assert found.started_at == BEGIN + timedelta(minutes=story.minutes - 1)
    assert found.finished_at == BEGIN + timedelta(minutes=story.minutes)
    (stored,) = documents_of(story.databases.read, report)
    assert (stored.rendering_id, stored.status, stored.duration_ms) == (rendering, "completed", 340)
    assert stored.files == (StoredFile("docx", "a" * 64, 20_000),)


def test_a_failed_attempt_says_why_and_when_the_next_one_is(story: Story, runner: Runner) -> None:
    rendering = story.rendering(story.report())
    story.rendering_failed(rendering)
    found = the_job(story, runner, rendering)
    assert (found.state, found.error_class, found.error) == ("retrying", "timeout", "600 s were not enough")
    assert found.next_at == BEGIN + timedelta(hours=5)
    story.rendered(rendering)
    mended = the_job(story, runner, rendering)
    assert (mended.state, mended.error_class, mended.error, mended.next_at) == ("succeeded", None, None, None)


def test_a_document_that_was_given_up_has_failed_until_somebody_takes_it_up_again(
    story: Story, runner: Runner
) -> None:
    rendering = story.rendering(story.report())
    story.rendering_failed(rendering, final=True)
    found = the_job(story, runner, rendering)
    assert (found.state, found.next_at) == ("failed", None)
    stored = document(story.databases.read, rendering)
    assert stored is not None
    assert (stored.status, stored.failure) == ("dead_lettered", "600 s were not enough")
    story.happen(rendering, Rendering.Retried, by=MANAGER)
    again = the_job(story, runner, rendering)
    assert (again.state, again.attempts, again.finished_at) == ("queued", 0, None)


def test_the_documents_of_a_report_come_newest_first(story: Story, runner: Runner) -> None:
    report = story.report()
    review, final = story.rendering(report, Kind.REVIEW), story.rendering(report, Kind.FINAL)
    story.rendering(story.report())
    runner.catch_up()
    read = story.databases.read
    assert [each.rendering_id for each in documents_of(read, report)] == [final, review]
    assert [each.rendering_id for each in documents_of(read, report, kind="review")] == [review]
    assert documents_of(read, report, revision="R9") == ()
    assert document(read, uuid4()) is None


def test_a_mail_belongs_to_the_report_that_caused_it_and_names_nobody(story: Story, runner: Runner) -> None:
    report = story.report()
    sent = story.mail(story.stage_opened(report), MANAGER)
    story.mail_sent(sent)
    found = the_mail(story, runner, sent)
    assert (found.report_id, found.recipient, found.state, found.attempts) == (report, MANAGER, "sent", 1)
    assert (found.reply_code, found.reply, found.worker) == (250, "accepted", "w2")
    assert found.attachments[0]["filename"] == "SAT-1.docx"
    assert "max" not in repr(found).lower()
    board = the_job(story, runner, sent)
    assert (board.kind, board.subject, board.state) == ("email", "approval_request", "succeeded")
    assert (board.report_id, board.result) == (report, {"reply_code": 250, "reply": "accepted"})


def test_a_mail_of_an_unknown_cause_belongs_to_no_report(story: Story, runner: Runner) -> None:
    assert the_mail(story, runner, story.mail(uuid4(), MANAGER)).report_id is None


def test_a_deferred_mail_waits_for_its_next_attempt(story: Story, runner: Runner) -> None:
    deferred = story.mail(uuid4(), MANAGER)
    story.mail_attempted(deferred)
    retry_at = BEGIN + timedelta(hours=3)
    story.happen(deferred, EmailMessage.Deferred, reply_code=451, reply="later", attempt=1, retry_at=retry_at)
    found, board = the_mail(story, runner, deferred), the_job(story, runner, deferred)
    assert (found.state, found.next_at, found.reply_code) == ("deferred", retry_at, 451)
    assert (board.state, board.next_at, board.error) == ("retrying", retry_at, "451 later")


@pytest.mark.parametrize(
    ("event", "said", "mail_state", "job_state"),
    [
        (EmailMessage.Bounced, {"reply_code": 550, "reply": "no such user"}, "bounced", "failed"),
        (EmailMessage.WentInDoubt, {"attempt": 1, "why": "cut after the dot"}, "in_doubt", "in_doubt"),
        (EmailMessage.DeadLettered, {"reason": "no such host"}, "dead_lettered", "failed"),
    ],
)
def test_a_mail_that_did_not_go_out_is_shown_until_a_person_decides(
    story: Story,
    runner: Runner,
    event: type[EmailMessage.Event],
    said: dict[str, object],
    mail_state: str,
    job_state: str,
) -> None:
    for resent, after_mail, after_job in ((True, "queued", "queued"), (False, "dismissed", "dismissed")):
        lost = story.mail(uuid4(), MANAGER)
        story.mail_attempted(lost)
        story.happen(lost, event, **said)  # type: ignore[arg-type]
        assert the_mail(story, runner, lost).state == mail_state
        assert the_job(story, runner, lost).state == job_state
        story.happen(lost, EmailMessage.Resolved, by=MANAGER, resent=resent, reason="she called")
        assert the_mail(story, runner, lost).state == after_mail
        assert (the_job(story, runner, lost).state, the_mail(story, runner, lost).why) == (
            after_job,
            "she called",
        )


def test_maintenance_is_a_job_with_what_it_reports(story: Story, runner: Runner) -> None:
    done, failed = uuid4(), uuid4()
    for each in (done, failed):
        story.happen(each, MaintenanceJob.Created, kind="clean_up", due_at=BEGIN)
    story.happen(done, MaintenanceJob.Completed, result={"files": "3"})
    story.happen(failed, MaintenanceJob.Failed, failure_class="unknown", message="disk full", retry_at=None)
    assert (the_job(story, runner, done).state, the_job(story, runner, done).result) == (
        "succeeded",
        {"files": "3"},
    )
    assert (the_job(story, runner, failed).state, the_job(story, runner, failed).error) == (
        "failed",
        "disk full",
    )


def test_maintenance_that_has_failed_waits_for_its_next_attempt_or_for_a_person(
    story: Story, runner: Runner
) -> None:
    job, next_at = uuid4(), BEGIN + timedelta(hours=9)
    failure: dict[str, Any] = {"failure_class": "transient", "message": "disk busy"}
    story.happen(job, MaintenanceJob.Created, kind="clean_up", due_at=BEGIN)
    story.happen(job, MaintenanceJob.Failed, **failure, retry_at=next_at)
    found = the_job(story, runner, job)
    assert (found.state, found.attempts, found.error, found.next_at) == ("retrying", 1, "disk busy", next_at)
    story.happen(job, MaintenanceJob.Failed, **failure, retry_at=None)
    story.happen(job, MaintenanceJob.Discarded, by=MANAGER, reason="the next one will do")
    laid_aside = the_job(story, runner, job)
    assert (laid_aside.state, laid_aside.attempts) == ("dismissed", 2)
    assert laid_aside.error == "the next one will do"
    story.happen(job, MaintenanceJob.Retried, by=MANAGER, kind="clean_up")
    assert (the_job(story, runner, job).state, the_job(story, runner, job).attempts) == ("queued", 0)
    story.happen(job, MaintenanceJob.Completed, result={})
    assert the_job(story, runner, job).attempts == 1


def test_the_test_of_a_webhook_that_fails_waits_for_nobody(story: Story, runner: Runner) -> None:
    failed, only_tried = uuid4(), uuid4()
    for delivery, event_type in ((failed, "report.approved"), (only_tried, "webhook.test")):
        source: dict[str, Any] = {
            "webhook": uuid4(),
            "event_id": uuid4(),
            "source": uuid4(),
            "source_version": 1,
        }
        story.happen(delivery, WebhookDelivery.Created, event_type=event_type, position=1, **source)
        story.happen(delivery, WebhookDelivery.DeadLettered, reason="1 attempt, the last: refused")

    assert [the_job(story, runner, each).state for each in (failed, only_tried)] == ["failed", "dismissed"]


def test_what_a_person_has_called_off_says_so_and_why(story: Story, runner: Runner) -> None:
    rendering, job = story.rendering(story.report()), uuid4()
    story.happen(rendering, Rendering.Cancelled, by=MANAGER, reason="not needed")
    story.happen(job, MaintenanceJob.Created, kind="clean_up", due_at=BEGIN)
    story.happen(job, MaintenanceJob.Cancelled, by=MANAGER, reason="in the way")
    for job_id, why in ((rendering, "not needed"), (job, "in the way")):
        found = the_job(story, runner, job_id)
        assert (found.state, found.error_class, found.error) == ("cancelled", "cancelled", why)
    stored = document(story.databases.read, rendering)
    assert stored is not None
    assert (stored.status, stored.failure) == ("cancelled", "not needed")
    other = story.rendering(story.report())
    story.rendering_failed(other, final=True)
    story.happen(other, Rendering.Discarded, by=MANAGER, reason="superseded")
    assert the_job(story, runner, other).state == "dismissed"


def test_jobs_and_mails_are_listed_newest_first_with_filters(story: Story, runner: Runner) -> None:
    report = story.report()
    rendering = story.rendering(report)
    first, second = story.mail(story.stage_opened(report), MANAGER), story.mail(uuid4(), MANAGER)
    story.mail_sent(second)
    runner.catch_up()
    read = story.databases.read
    assert [each.job_id for each in job_page(read).rows] == [second, first, rendering]
    assert [each.job_id for each in job_page(read, kind="email", state="queued").rows] == [first]
    assert {each.job_id for each in job_page(read, report_id=report).rows} == {first, rendering}
    assert [each.email_id for each in mails(read, state="sent").rows] == [second]
    assert [each.email_id for each in mails(read, report_id=report).rows] == [first]
    top = job_page(read, limit=2)
    assert [each.job_id for each in job_page(read, limit=2, cursor=top.next_cursor).rows] == [rendering]
