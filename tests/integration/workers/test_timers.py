"""What is due later: stages that wait, and schedules, while workers come and go and clocks are set."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.report.report import Report
from countersign.aggregates.schedule.cadence import Cadence, Rhythm
from countersign.aggregates.schedule.plan import Plan
from countersign.aggregates.schedule.report_query import ReportQuery
from countersign.aggregates.schedule.runs import RunState
from countersign.aggregates.schedule.schedule import Schedule
from countersign.aggregates.sought import Sought
from countersign.commands.schedule.create_schedule import CreateSchedule
from countersign.commands.schedule.pause_schedule import PauseSchedule
from countersign.commands.schedule.run_schedule import RunSchedule
from countersign.commands.search.save_search import SaveSearch
from countersign.eventstore.leases import Leases
from countersign.projections.building import schema
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following import runner
from countersign.projections.reports.report_register_queries import reports
from countersign.workers.effect import State
from countersign.workers.effect_board import EffectBoard
from countersign.workers.kinds import COMMANDS, FIRE_SCHEDULE, MAINTENANCE, REMIND_APPROVER
from countersign.workers.options import SmtpOptions
from countersign.workers.rendering.limits import Limits
from countersign.workers.rendering.renderer import Renderer
from countersign.workers.workforce import REACTIONS, worker_parts
from tests.integration.workers.plant import Plant, settings
from tests.integration.workers.running import now, running, wait_until
from tests.unit.commands.documents.office import Course

NOWHERE = SmtpOptions(host="127.0.0.1", port=1, from_address="countersign@example.org")
PARTS = (REACTIONS, COMMANDS, MAINTENANCE)
EVERY_DAY = Cadence(rhythm=Rhythm.DAILY, at="09:00", time_zone="UTC")


@contextmanager
def working(plant: Plant, renderer: Renderer, holder: str) -> Iterator[None]:
    """A worker whose clock is that of the office."""
    around = replace(plant.surroundings(holder), clock=lambda: plant.now)
    parts = worker_parts(around, settings(plant.folder, NOWHERE), renderer, Limits(), PARTS)
    with running(*parts):
        yield


@pytest.fixture(autouse=True)
def _it_is_now(plant: Plant) -> None:
    plant.move_to(now())  # the log's own clock cannot be set


def timers(plant: Plant, kind: str) -> list[State]:
    listed = EffectBoard(plant.databases.read).listed()
    return [State(effect.state) for effect in listed if effect.kind == kind]


def told(plant: Plant, kind: type) -> list[Any]:
    return [each.event for each in plant.events() if isinstance(each.event, kind)]


def purposes(plant: Plant) -> list[EmailPurpose]:
    return [mail.purpose for mail in plant.mails()]


def kept(plant: Plant, search: UUID | None = None) -> UUID:
    schedule = uuid4()
    recipients = (plant.eva.account, plant.pia.account, plant.olga.account)
    plan = Plan(
        name="Open reports", query=ReportQuery(), cadence=EVERY_DAY, recipients=recipients, search=search
    )
    plant.give(CreateSchedule(schedule_id=schedule, plan=plan), plant.pia)
    return schedule


def test_a_stage_that_waits_is_reminded_of_and_escalated_exactly_once(
    plant: Plant, course: Course, renderer: Renderer
) -> None:
    course.submitted()
    with working(plant, renderer, "one"):
        wait_until(lambda: timers(plant, REMIND_APPROVER) == [State.READY])
    plant.later(hours=97)
    with working(plant, renderer, "two"):
        wait_until(lambda: EmailPurpose.APPROVAL_REMINDER in purposes(plant))
        plant.later(hours=-2)  # a clock that is set back
        plant.later(hours=30)
        wait_until(lambda: purposes(plant).count(EmailPurpose.APPROVAL_ESCALATED) == 2)

    (reminded,), (escalated,) = told(plant, Report.ApproverReminded), told(plant, Report.StageEscalated)
    assert (reminded.approver, escalated.to) == (plant.tom.account, (plant.ada.account,))
    assert purposes(plant).count(EmailPurpose.APPROVAL_REMINDER) == 1


def test_timers_of_what_was_decided_meanwhile_do_nothing(
    plant: Plant, course: Course, renderer: Renderer
) -> None:
    course.submitted()
    with working(plant, renderer, "one"):
        wait_until(lambda: timers(plant, REMIND_APPROVER) == [State.READY])
    course.approve(1, plant.tom)
    course.approve(2, plant.pia)
    plant.later(days=30)
    with working(plant, renderer, "two"):
        wait_until(lambda: timers(plant, REMIND_APPROVER) == [State.DONE])
    assert told(plant, Report.ApproverReminded) + told(plant, Report.StageEscalated) == []


@pytest.fixture
def read_tables(plant: Plant) -> runner.Runner:
    """What keeps the register of reports up to date."""
    read = plant.databases.read
    schema.create(read, PROJECTIONS, {})
    mapper, options = plant.store.mapper.happened, runner.Options(poll_s=0.1)
    return runner.Runner(plant.log, mapper, read, Leases(read), plant.wakeups, PROJECTIONS, "reader", options)


def test_each_recipient_of_a_schedule_gets_the_reports_that_they_may_see(
    plant: Plant, course: Course, renderer: Renderer, read_tables: runner.Runner
) -> None:
    course.create(plant.eva)
    other = Course(plant)
    other.create(plant.tom)
    schedule = kept(plant)
    with running(read_tables.run), working(plant, renderer, "one"):
        wait_until(lambda: len(reports(plant.databases.read).rows) == 2)
        plant.give(RunSchedule(schedule_id=schedule), plant.pia)
        plant.later(minutes=1)
        wait_until(lambda: told(plant, Schedule.RunCompleted))

    mails = {mail.subject: mail for mail in plant.mails()}
    assert set(mails) == {plant.eva.account, plant.pia.account}  # an operator sees no reports
    numbers = {}
    for account, mail in mails.items():
        (attached,) = mail.attachments
        text = plant.store.blobs.get(attached.digest).decode("utf-8-sig")
        numbers[account] = {row["document_number"] for row in csv.DictReader(StringIO(text))}
    eva, both = f"N-{course.report_id}", {f"N-{course.report_id}", f"N-{other.report_id}"}
    assert numbers == {plant.eva.account: {eva}, plant.pia.account: both}
    assert mails[plant.pia.account].facts["result"] == "2 reports\n  draft: 2"
    latest = plant.get(Schedule, schedule).latest
    assert latest is not None
    assert (latest.state, latest.mails, latest.rows) == (RunState.SUCCEEDED, 2, 3)


def test_a_schedule_tells_each_recipient_of_what_its_search_finds_for_them(
    plant: Plant, course: Course, renderer: Renderer, read_tables: runner.Runner
) -> None:
    course.create(plant.tom)
    Course(plant).create(plant.tom)
    search = uuid4()
    sought = Sought(text=f"N-{course.report_id}")
    plant.give(SaveSearch(search_id=search, name="One of them", sought=sought), plant.pia)
    with running(read_tables.run), working(plant, renderer, "one"):
        wait_until(lambda: len(reports(plant.databases.read).rows) == 2)
        plant.give(RunSchedule(schedule_id=kept(plant, search)), plant.pia)
        plant.later(minutes=1)
        wait_until(lambda: told(plant, Schedule.RunCompleted))

    (completed,) = told(plant, Schedule.RunCompleted)
    assert (completed.mails, completed.rows) == (2, 1)
    mails = {mail.subject: mail.facts["result"] for mail in plant.mails()}
    assert mails == {plant.eva.account: "0 reports", plant.pia.account: "1 report\n  draft: 1"}


def test_a_schedule_goes_on_from_timer_to_timer_over_restarts_and_a_gap(
    plant: Plant, renderer: Renderer, read_tables: runner.Runner
) -> None:
    schedule = kept(plant)
    first = plant.get(Schedule, schedule).next_due_at
    assert first is not None
    for days in (0, 1, 4):
        plant.now = first + timedelta(days=days, seconds=1)
        due = plant.now - timedelta(seconds=1)
        with working(plant, renderer, f"worker-{days}"):
            wait_until(lambda: due in [event.due_at for event in told(plant, Schedule.Fired)])  # noqa: B023
            wait_until(lambda: timers(plant, FIRE_SCHEDULE).count(State.READY) == 1)
    (missed,) = told(plant, Schedule.Missed)
    assert (missed.first_due, missed.count) == (first + timedelta(days=2), 2)
    assert len(told(plant, Schedule.Fired)) == 3

    plant.give(PauseSchedule(schedule_id=schedule), plant.pia)
    plant.later(days=9)
    with working(plant, renderer, "last"):
        wait_until(lambda: State.READY not in timers(plant, FIRE_SCHEDULE))
    assert len(told(plant, Schedule.Fired)) == 3
