from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root
from countersign.eventstore.topics import events_of
from countersign.projections.following.runner import Runner
from countersign.projections.keyset import BadCursor
from countersign.projections.reports.report_register import project
from countersign.projections.reports.report_register_queries import (
    SORTS,
    ReportRow,
    UnknownSort,
    Wanted,
    report,
    reports,
)
from tests.integration.projections.journal import BEGIN, ENGINEER, MANAGER
from tests.integration.projections.story import DIGEST, Story


def row(story: Story, runner: Runner, report_id: UUID) -> ReportRow:
    runner.catch_up()
    found = report(story.databases.read, report_id)
    assert found is not None
    return found


def numbers(story: Story, **asked: str) -> list[str]:
    return [each.document_number for each in reports(story.databases.read, **asked).rows]  # type: ignore[arg-type]


def test_a_new_report_is_registered_as_a_draft(story: Story, runner: Runner) -> None:
    found = row(story, runner, story.report(number="SAT-7", title="Pumps"))
    assert (found.document_number, found.title, found.status, found.revision) == (
        "SAT-7",
        "Pumps",
        "draft",
        "R0",
    )
    assert (found.owner, found.version) == (ENGINEER, 1)
    assert found.created_at == found.modified_at == BEGIN + timedelta(minutes=1)


def test_an_unknown_report_is_none(story: Story, runner: Runner) -> None:
    runner.catch_up()
    assert report(story.databases.read, uuid4()) is None


def test_changes_of_the_header_show(story: Story, runner: Runner) -> None:
    changed = story.report(title="Pumps")
    story.header_changed(changed, document_title=("Pumps", "Vannes à Gruyère"), purchase_order=("", "1"))
    found = row(story, runner, changed)
    assert (found.title, found.client_name, found.version) == ("Vannes à Gruyère", "Water & Co", 2)
    assert [each.report_id for each in reports(story.databases.read, Wanted(text="À GRUY")).rows] == [changed]


def test_a_report_in_review_says_for_whom_it_waits_and_until_when(story: Story, runner: Runner) -> None:
    submitted = story.report()
    story.submitted(submitted)
    story.stage_opened(submitted, 1, MANAGER)
    found = row(story, runner, submitted)
    assert (found.status, found.stage, found.waiting_for) == ("in_review", 1, MANAGER)
    assert (found.due_at, found.content_digest) == (BEGIN + timedelta(days=1), DIGEST)


@pytest.mark.parametrize(
    ("step", "status", "digest"),
    [
        (Story.approved, "approved", DIGEST),
        (Story.changes_requested, "changes_requested", None),
        (Story.withdrawn, "draft", None),
    ],
)
def test_after_the_review_a_report_waits_for_nobody(
    story: Story, runner: Runner, step: Callable[[Story, UUID], None], status: str, digest: str | None
) -> None:
    reviewed = story.report()
    story.submitted(reviewed)
    story.stage_opened(reviewed)
    step(story, reviewed)
    found = row(story, runner, reviewed)
    assert (found.status, found.content_digest) == (status, digest)
    assert (found.stage, found.waiting_for, found.due_at) == (None, None, None)


def test_mending_turns_requested_changes_into_a_draft(story: Story, runner: Runner) -> None:
    mended = story.report()
    story.submitted(mended)
    story.changes_requested(mended)
    story.section_saved(mended, "purpose", {"text": "Why"})
    assert row(story, runner, mended).status == "draft"


def test_an_issued_revision_is_the_latest(story: Story, runner: Runner) -> None:
    issued = story.report()
    story.approved(issued)
    story.issued(issued, uuid4(), ())
    found = row(story, runner, issued)
    assert (found.status, found.latest_issued_revision) == ("issued", "R0")


def counts(found: ReportRow) -> tuple[int, int, int, int, int]:
    return found.passed, found.failed, found.not_applicable, found.not_tested, found.uncounted


def test_test_rows_are_counted_over_all_sections_as_they_change(story: Story, runner: Runner) -> None:
    tested = story.report()
    rows = [{"id": "1", "result": "pass"}, {"id": "2", "result": "fail"}, {"id": "3", "result": ""}]
    story.section_saved(tested, "digital_inputs", rows)
    story.section_saved(tested, "key_components", [{"id": "1", "model": "M"}])
    story.section_saved(tested, "alarms", [{"id": "1", "result": "na"}, {"id": "2", "result": "not_tested"}])
    assert counts(row(story, runner, tested)) == (1, 1, 1, 2, 0)
    story.tested(tested, "digital_inputs", "2", "fail", "pass")
    story.tested(tested, "digital_inputs", "3", "", "fail", comment="no signal")
    assert counts(row(story, runner, tested)) == (2, 1, 1, 1, 0)
    story.section_saved(tested, "digital_inputs", rows[:1])
    assert counts(row(story, runner, tested)) == (1, 0, 1, 1, 0)


def test_rows_that_the_log_only_names_are_uncounted(story: Story, runner: Runner) -> None:
    large = story.report()
    story.section_saved(
        large, "digital_inputs", [{"id": str(n), "result": "pass"} for n in range(9)], ref="a" * 64
    )
    story.tested(large, "digital_inputs", "2", "pass", "fail", comment="no signal")
    found = row(story, runner, large)
    assert (counts(found), found.version) == ((0, 0, 0, 0, 9), 3)


@pytest.mark.parametrize("event", list(events_of(Report)), ids=lambda event: event.TOPIC)
def test_every_event_of_a_report_moves_its_version(event: type[Root.Event]) -> None:
    assert project.dispatch(event) is not project.dispatch(object)


def test_reports_are_found_by_what_they_are(story: Story, runner: Runner) -> None:
    story.report(number="SAT-1", client="North", owner=ENGINEER)
    story.report(number="SAT-2", client="South", owner=MANAGER, project_reference="P-2")
    story.submitted(story.report(number="FAT-3", client="South", report_type="FAT"))
    runner.catch_up()
    read = story.databases.read
    for wanted, expected in [
        (Wanted(), {"SAT-1", "SAT-2", "FAT-3"}),
        (Wanted(client_name="South"), {"SAT-2", "FAT-3"}),
        (Wanted(client_name="South", status="draft"), {"SAT-2"}),
        (Wanted(report_type="FAT"), {"FAT-3"}),
        (Wanted(project_reference="P-2"), {"SAT-2"}),
        (Wanted(owner=MANAGER), {"SAT-2"}),
        (Wanted(text="sat-"), {"SAT-1", "SAT-2"}),
        (Wanted(text="STATION"), {"SAT-1", "SAT-2", "FAT-3"}),
        (Wanted(text="%"), set()),
    ]:
        assert {each.document_number for each in reports(read, wanted).rows} == expected, wanted


def test_reports_are_sorted_both_ways_and_what_is_not_due_comes_last(story: Story, runner: Runner) -> None:
    for number in ("B", "A", "C"):
        story.report(number=number)
    due = story.report(number="D")
    story.submitted(due)
    story.stage_opened(due)
    runner.catch_up()
    assert numbers(story, sort="document_number") == ["A", "B", "C", "D"]
    assert numbers(story, sort="-created_at") == ["D", "C", "A", "B"]
    assert numbers(story, sort="due_at")[0] == "D"
    assert numbers(story, sort="-due_at")[-1] == "D"


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{sort}" for sort in SORTS)])
def test_every_sort_can_be_paged_through(story: Story, runner: Runner, sort: str) -> None:
    for number in range(5):
        story.report(number=f"SAT-{number}")
    runner.catch_up()
    found: list[UUID] = []
    cursor: str | None = None
    for _ in range(3):
        page = reports(story.databases.read, sort=sort, cursor=cursor, limit=2)
        found += [each.report_id for each in page.rows]
        cursor = page.next_cursor
    assert cursor is None
    assert len(found) == len(set(found)) == 5


def test_an_unknown_sort_and_a_cursor_of_another_sort_are_refused(story: Story, runner: Runner) -> None:
    story.report(number="1")
    story.report(number="2")
    runner.catch_up()
    with pytest.raises(UnknownSort):
        reports(story.databases.read, sort="colour")
    cursor = reports(story.databases.read, sort="title", limit=1).next_cursor
    with pytest.raises(BadCursor):
        reports(story.databases.read, sort="-title", cursor=cursor)
