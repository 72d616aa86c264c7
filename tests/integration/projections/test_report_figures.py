"""Figures from recorded times: the same on SQLite and PostgreSQL, and as one reckons them by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import select

from countersign.aggregates.report.report import Report
from countersign.projections.catalogue import projection_named
from countersign.projections.figures.figures_groups import By, TooManyFigures
from countersign.projections.figures.figures_period import Period, Unit
from countersign.projections.figures.figures_spread import NO_SPREAD, Spread, spread_of
from countersign.projections.figures.milestone_figures_queries import MilestoneFigures, milestone_figures
from countersign.projections.figures.report_figures import Milestone, Outcome, stages
from countersign.projections.figures.stage_figures_queries import StageFigures, stage_figures
from countersign.projections.figures.workload_queries import Workload, WorkloadBy, workload
from countersign.projections.following.runner import Runner
from countersign.projections.projection import view_of
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.journal import BEGIN, ENGINEER, MANAGER
from tests.integration.projections.story import Story

OTHER = UUID(int=104)
DAY = 24 * 60
TODAY = BEGIN.date()
WEEK = Period(TODAY, TODAY + timedelta(days=6), unit=Unit.DAY)
WHOLE = Period(TODAY, TODAY + timedelta(days=6))


@pytest.fixture
def taker(make_runner: MakeRunner) -> Runner:
    return make_runner(projections=[projection_named("report_figures")])


def at(story: Story, minute: int) -> Story:
    """The next event happens in that minute of the story."""
    story.minutes = minute - 1
    return story


def sent_back_once(story: Story) -> UUID:
    """Written 9 min, sent back after 100, written for 40, approved after 6 and 29, issued the next day."""
    report = at(story, 1).report()
    at(story, 10).submitted(report)
    at(story, 12).stage_opened(report)
    at(story, 112).changes_requested(report)
    at(story, 152).submitted(report)
    at(story, 154).stage_opened(report)
    at(story, 160).stage_approved(report)
    at(story, 170).stage_opened(report, stage=2, approver=OTHER)
    at(story, 199).stage_approved(report, stage=2, approver=OTHER)
    at(story, 201).approved(report)
    at(story, DAY).issued(report, UUID(int=9), ())
    return report


def test_a_report_that_was_sent_back_is_reckoned_as_by_hand(story: Story, taker: Runner) -> None:
    sent_back_once(story)
    taker.catch_up()
    first, second, *rest = milestone_figures(story.databases.read, WEEK)

    assert first == MilestoneFigures(
        first_day=TODAY,
        group="",
        reached=Counter(
            {
                Milestone.CREATED: 1,
                Milestone.SUBMITTED: 2,
                Milestone.REJECTED: 1,
                Milestone.APPROVED: 1,
            }
        ),
        first_pass=0,
        written=Spread(2, 60 * 24.5, 60 * 36.9),
        reviewed=Spread(1, 60 * 191, 60 * 191),
    )
    assert second.reached == Counter({Milestone.ISSUED: 1})
    assert [(each.reached, each.written) for each in rest] == [(Counter(), NO_SPREAD)] * 5


def test_each_opening_of_a_stage_is_one_and_waits_until_its_decision(story: Story, taker: Runner) -> None:
    sent_back_once(story)
    taker.catch_up()
    found = stage_figures(story.databases.read, WHOLE)
    by_person = stage_figures(story.databases.read, WHOLE, By.PERSON)

    assert found == [
        StageFigures(
            first_day=TODAY,
            group="",
            stage=1,
            ended=Counter({Outcome.CHANGES_REQUESTED: 1, Outcome.APPROVED: 1}),
            on_time=2,
            waited=Spread(2, 60 * 53.5, 60 * 90.7),
        ),
        StageFigures(TODAY, "", 2, Counter({Outcome.APPROVED: 1}), 1, Spread(1, 60 * 30, 60 * 30)),
    ]
    assert [(each.group, each.stage, each.decided) for each in by_person] == [(MANAGER, 1, 2), (OTHER, 2, 1)]


def test_a_withdrawal_is_no_decision_and_costs_no_first_pass(story: Story, taker: Runner) -> None:
    report = at(story, 1).report()
    at(story, 10).submitted(report)
    at(story, 12).stage_opened(report)
    at(story, 20).withdrawn(report)
    at(story, 50).submitted(report)
    at(story, 52).stage_opened(report)
    at(story, 3 * DAY).stage_approved(report)
    story.approved(report)
    taker.catch_up()
    (stage,) = stage_figures(story.databases.read, WHOLE)
    (whole,) = milestone_figures(story.databases.read, WHOLE)

    assert (stage.ended[Outcome.WITHDRAWN], stage.decided, stage.on_time) == (1, 1, 0)
    assert stage.waited.count == 1
    assert (whole.reached[Milestone.WITHDRAWN], whole.first_pass) == (1, 1)
    assert whole.written == Spread(2, 60 * 19.5, 60 * 27.9)


def test_groups_are_those_of_the_header_now_and_only_of_the_owner_that_is_asked_for(
    story: Story, taker: Runner
) -> None:
    moved = story.report(client="Old", project_reference="P-1")
    story.header_changed(moved, client_name=("Old", "New"), document_title=("a", "b"))
    story.report("SAT-2", client="Air", project_reference="P-2", owner=OTHER, report_type="FAT")
    taker.catch_up()
    read = story.databases.read

    def groups(by: By, owner: UUID | None = None) -> list[object]:
        return [each.group for each in milestone_figures(read, WHOLE, by, owner)]

    assert groups(By.CLIENT) == ["Air", "New"]
    assert groups(By.TYPE) == ["FAT", "SAT"]
    assert groups(By.PROJECT) == ["P-1", "P-2"]
    assert groups(By.PERSON) == [ENGINEER, OTHER]
    assert groups(By.CLIENT, ENGINEER) == ["New"]
    assert milestone_figures(read, WHOLE, owner=OTHER)[0].reached == Counter({Milestone.CREATED: 1})
    assert milestone_figures(read, WHOLE, owner=MANAGER)[0].reached == Counter()


def test_days_are_those_of_the_time_zone(story: Story, taker: Runner) -> None:
    at(story, 14 * 60).report()  # 23:00 in UTC, the next day in Athens
    taker.catch_up()
    days = {
        zone: [
            each.first_day
            for each in milestone_figures(
                story.databases.read, Period(WEEK.first_day, WEEK.last_day, zone, Unit.DAY)
            )
            if each.reached
        ]
        for zone in ("UTC", "Europe/Athens")
    }

    assert days == {"UTC": [TODAY], "Europe/Athens": [date(2026, 11, 24)]}


def test_what_waits_is_overdue_from_the_moment_after_it_was_due(story: Story, taker: Runner) -> None:
    first, second = story.report(), story.report("SAT-2", client="Air")
    at(story, 10).stage_opened(first)
    at(story, 20).stage_opened(second)
    at(story, 30).stage_opened(second, stage=2, approver=OTHER)
    taker.catch_up()
    read, due = story.databases.read, BEGIN + timedelta(days=1)
    late = due + timedelta(microseconds=1)
    since = BEGIN + timedelta(minutes=10)

    assert workload(read, due)[0] == Workload(MANAGER, 2, 0, since, due)
    assert [(each.group, each.open, each.overdue) for each in workload(read, late)] == [
        (MANAGER, 2, 2),
        (OTHER, 1, 0),
    ]
    assert workload(read, late, WorkloadBy.NONE) == [Workload("", 3, 2, since, due)]
    assert [each.group for each in workload(read, late, WorkloadBy.STAGE)] == [1, 2]
    assert [each.group for each in workload(read, late, WorkloadBy.CLIENT)] == ["Water & Co", "Air"]
    assert workload(read, late, WorkloadBy.NONE, OTHER) == [Workload("", 0, 0, None, None)]


def test_percentiles_are_those_of_the_definition_to_the_last_bit(story: Story, taker: Runner) -> None:
    random = Random(7)
    waited = [random.randrange(1, 5 * DAY) for _ in range(23)]
    for number, minutes in enumerate(waited):
        report = at(story, 1).report(f"SAT-{number}")
        at(story, 10).stage_opened(report)
        said = {"revision": "R0", "stage": 1, "approver": MANAGER, "review_code": "A", "comment": ""}
        at(story, 10 + minutes).happen(report, Report.StageApproved, MANAGER, **said, duration_s=0)
    taker.catch_up()
    (found,) = stage_figures(story.databases.read, WHOLE)

    assert found.waited == spread_of(sorted(60 * minutes for minutes in waited))


def test_what_no_command_would_do_is_taken_all_the_same(story: Story, taker: Runner) -> None:
    report = story.report()
    story.stage_approved(report)
    story.approved(report)
    story.stage_opened(report)
    at(story, 1).stage_approved(report)  # decided by a clock that is behind
    taker.catch_up()
    with story.databases.read.read() as connection:
        rows = connection.execute(select(view_of(stages).c.waited_s)).scalars().all()

    assert rows == [0]


def test_too_many_groups_are_refused(story: Story, taker: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("countersign.projections.figures.figures_groups.MOST_FIGURES", 1)
    for number in range(2):
        story.stage_opened(story.report(f"SAT-{number}", client=f"Client {number}"))
    taker.catch_up()

    with pytest.raises(TooManyFigures):
        milestone_figures(story.databases.read, WHOLE, By.CLIENT)
    with pytest.raises(TooManyFigures):
        workload(story.databases.read, BEGIN, WorkloadBy.CLIENT)
