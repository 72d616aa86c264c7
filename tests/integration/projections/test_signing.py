from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from countersign.projections.following.runner import Runner
from countersign.projections.reports.approval_queue_queries import waiting_stages
from countersign.projections.reports.revision_history_queries import revision_steps, revisions
from countersign.projections.reports.signature_register_queries import signatures_of
from tests.integration.projections.journal import BEGIN, ENGINEER, MANAGER
from tests.integration.projections.story import DIGEST, Story


def in_review(story: Story, approver: UUID = MANAGER, number: str = "SAT-1", stage: int = 1) -> UUID:
    report = story.report(number=number, title="Pumps")
    story.submitted(report)
    story.stage_opened(report, stage, approver)
    return report


def test_an_approver_sees_what_waits_and_what_an_approval_has_to_name(story: Story, runner: Runner) -> None:
    report = in_review(story)
    in_review(story, approver=uuid4())
    runner.catch_up()
    (waiting,) = waiting_stages(story.databases.read, MANAGER).rows
    assert (waiting.report_id, waiting.stage, waiting.revision) == (report, 1, "R0")
    assert (waiting.version, waiting.content_digest) == (story.versions[report], DIGEST)
    assert (waiting.document_number, waiting.title, waiting.owner) == ("SAT-1", "Pumps", ENGINEER)
    assert waiting.due_at == BEGIN + timedelta(days=1)


def test_the_queue_shows_the_title_of_today(story: Story, runner: Runner) -> None:
    report = story.report(title="Pumps")
    story.header_changed(report, document_title=("Pumps", "Valves"), client_name=("a", "b"))
    story.submitted(report)
    story.stage_opened(report)
    runner.catch_up()
    assert waiting_stages(story.databases.read).rows[0].title == "Valves"


@pytest.mark.parametrize("step", [Story.stage_approved, Story.changes_requested, Story.withdrawn])
def test_what_is_decided_or_taken_back_waits_no_longer(
    story: Story, runner: Runner, step: Callable[[Story, UUID], None]
) -> None:
    report = in_review(story)
    runner.catch_up()
    step(story, report)
    runner.catch_up()
    assert waiting_stages(story.databases.read).rows == ()


def test_the_most_urgent_stage_comes_first_over_all_pages(story: Story, runner: Runner) -> None:
    reports = [in_review(story, number=str(stage), stage=stage) for stage in (3, 1, 2)]
    runner.catch_up()
    first = waiting_stages(story.databases.read, MANAGER, limit=2)
    second = waiting_stages(story.databases.read, MANAGER, limit=2, cursor=first.next_cursor)
    assert [each.stage for each in (*first.rows, *second.rows)] == [1, 2, 3]
    assert {each.report_id for each in (*first.rows, *second.rows)} == set(reports)


def test_signatures_are_kept_with_what_they_mean(story: Story, runner: Runner) -> None:
    report = in_review(story)
    story.stage_approved(report)
    runner.catch_up()
    author, approver = signatures_of(story.databases.read, report)
    assert (author.stage, author.signer, author.printed_name) == (0, ENGINEER, "Ann Author")
    assert (author.content_digest, author.meaning, list(author.factors)) == (
        DIGEST,
        "authorship",
        ["password"],
    )
    assert (approver.stage, approver.signer, approver.invalidated_at) == (1, MANAGER, None)
    assert len(signatures_of(story.databases.read, report, "R0")) == 2
    assert signatures_of(story.databases.read, report, "R1") == ()


def test_signatures_that_fell_say_when_and_why(story: Story, runner: Runner) -> None:
    report = story.report()
    fallen = story.signed(report, 0, ENGINEER)
    standing = story.signed(story.report(), 0, ENGINEER)
    story.changes_requested(report, (fallen,))
    runner.catch_up()
    (found,) = signatures_of(story.databases.read, report)
    assert (found.signature_id, found.cause) == (fallen, "changes_requested")
    assert found.invalidated_at == BEGIN + timedelta(minutes=story.minutes)
    assert standing != fallen


def test_a_revision_remembers_every_step_of_its_way(story: Story, runner: Runner) -> None:
    report = in_review(story)
    story.changes_requested(report)
    story.section_saved(report, "purpose", {"text": "Why"})
    story.section_saved(report, "purpose", {"text": "Why not"})
    story.submitted(report)
    story.withdrawn(report)
    story.submitted(report)
    story.approved(report)
    rendering = uuid4()
    story.issued(report, rendering, ())
    runner.catch_up()
    steps = revision_steps(story.databases.read, report)
    assert [step.status for step in steps] == [
        "draft",
        "in_review",
        "changes_requested",
        "draft",
        "in_review",
        "draft",
        "in_review",
        "approved",
        "issued",
    ]
    assert [step.reason for step in steps[:3]] == [None, "ready", "The tags are wrong"]
    assert steps[2].actor == MANAGER
    (revision,) = revisions(story.databases.read, report)
    assert (revision.status, revision.submissions, revision.content_digest) == ("issued", 3, DIGEST)
    assert (revision.rendering_id, revision.document_digest) == (rendering, "f" * 64)
    assert (revision.issue_status, revision.issued_by, revision.submitted_by) == ("final", MANAGER, ENGINEER)
    assert revision.begun_at < revision.submitted_at < revision.approved_at < revision.issued_at  # type: ignore[operator]


def test_a_report_that_nobody_knows_has_no_revisions(story: Story, runner: Runner) -> None:
    runner.catch_up()
    assert revisions(story.databases.read, uuid4()) == ()
    assert revision_steps(story.databases.read, uuid4()) == ()
