"""A schedule as the API shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.aggregates.periodic_work import MissedPolicy
from countersign.aggregates.schedule.cadence import Cadence, Rhythm, Weekday
from countersign.aggregates.schedule.plan import Plan
from countersign.aggregates.schedule.runs import Run, RunState
from countersign.aggregates.schedule.schedule import Schedule
from countersign.commands.schedule.due_times import next_times
from countersign.http.answers import Answer
from countersign.http.reports.people import People, PersonAnswer
from countersign.http.staleness import Item
from countersign.projections.work.schedules_queries import ScheduleRow

_SHOWN: Final = 5


class CadenceAnswer(Answer):
    """How often it is due."""

    rhythm: Rhythm
    time_zone: str
    at: str
    weekdays: list[Weekday]
    day: int
    expression: str


class QueryAnswer(Answer):
    """Which reports it tells of."""

    status: str | None
    report_type: str | None
    client_name: str | None
    project_reference: str | None
    owner: UUID | None
    text: str | None
    overdue: bool


class ScheduleRunAnswer(Answer):
    """The latest run: when it was due, and what came of it."""

    id: UUID
    due_at: datetime
    state: RunState
    mails: int | None
    rows: int | None
    error: str | None


class ScheduleAnswer(Item):
    """A schedule. `next` are the times at which it is due; none while it is paused.

    It tells of what the saved `search` finds, or without one of what `query` wants. `paused_because` says
    what kept it from going on; it is empty where somebody has paused it.
    """

    HANGS_ON = ("id",)
    id: UUID
    name: str
    owner: PersonAnswer
    query: QueryAnswer
    search: UUID | None
    cadence: CadenceAnswer
    recipients: list[PersonAnswer]
    missed: MissedPolicy
    paused: bool
    paused_because: str | None
    next: list[datetime]
    latest_run: ScheduleRunAnswer | None


class SchedulesAnswer(Answer):
    """A page of schedules, by name."""

    items: list[ScheduleAnswer]
    next_cursor: str | None


def answer_of_row(row: ScheduleRow, people: People) -> ScheduleAnswer:
    """As lists show it."""
    run = None
    if row.run_id is not None and row.run_due_at is not None:
        run = ScheduleRunAnswer(
            id=row.run_id,
            due_at=row.run_due_at,
            state=RunState(row.run_state or RunState.RUNNING),
            mails=row.run_mails,
            rows=row.run_rows,
            error=row.run_error,
        )
    state = (row.paused, row.paused_because, row.next_due_at)
    return _answer(row.schedule_id, row.owner, row.plan, people, state, run)


def answer_of_log(schedule: Schedule, people: People) -> ScheduleAnswer:
    """As a command has left it."""
    state = (schedule.paused, schedule.paused_because or None, schedule.next_due_at)
    run = None if schedule.latest is None else _run(schedule.latest)
    return _answer(schedule.id, schedule.owner, schedule.plan, people, state, run)


def _answer(
    schedule_id: UUID,
    owner: UUID,
    plan: Plan,
    people: People,
    state: tuple[bool, str | None, datetime | None],
    run: ScheduleRunAnswer | None,
) -> ScheduleAnswer:
    paused, paused_because, next_due_at = state
    return ScheduleAnswer(
        id=schedule_id,
        name=plan.name,
        owner=people.person(owner),
        query=QueryAnswer.model_validate(plan.query),
        search=plan.search,
        cadence=CadenceAnswer.model_validate(plan.cadence),
        recipients=list(map(people.person, plan.recipients)),
        missed=plan.missed,
        paused=paused,
        paused_because=paused_because,
        next=[] if next_due_at is None else _next(plan.cadence, next_due_at),
        latest_run=run,
    )


def _run(run: Run) -> ScheduleRunAnswer:
    done = run.state is RunState.SUCCEEDED
    return ScheduleRunAnswer(
        id=run.run_id,
        due_at=run.due_at,
        state=run.state,
        mails=run.mails if done else None,
        rows=run.rows if done else None,
        error=run.error or None,
    )


def _next(cadence: Cadence, next_due_at: datetime) -> list[datetime]:
    return [next_due_at, *next_times(cadence, next_due_at, _SHOWN - 1)]
