"""A schedule as the API shows it, and what it is made of."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt, StringConstraints

from countersign.aggregates.periodic_work import MissedPolicy
from countersign.aggregates.report.status import Status
from countersign.aggregates.schedule.cadence import Cadence, Rhythm, Weekday
from countersign.aggregates.schedule.plan import LONGEST_NAME, MOST_RECIPIENTS, Plan, Run, RunState
from countersign.aggregates.schedule.report_query import LONGEST_VALUE, ReportQuery
from countersign.aggregates.schedule.schedule import Schedule
from countersign.commands.schedule.due_times import next_times
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.reports.people import People, PersonAnswer
from countersign.http.staleness import Item
from countersign.projections.work.schedules_queries import ScheduleRow

_SHOWN: Final = 5
Value = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_VALUE)]


class CadenceForm(Form):
    """How often, by the clocks of a place: daily, weekly and monthly `at` a time, or by a cron expression.

    A month that is too short for `day` has it on its last day.
    """

    rhythm: Rhythm
    time_zone: Annotated[str, StringConstraints(max_length=64)] = "UTC"
    at: Annotated[str, StringConstraints(max_length=5)] = Field(default="", examples=["06:30"])
    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=len(Weekday))] = ()
    day: Annotated[StrictInt, Field(ge=0, le=31)] = 0
    expression: Annotated[str, StringConstraints(max_length=100)] = Field(
        default="", examples=["30 6 * * mon-fri"]
    )

    def cadence(self) -> Cadence:
        """What the domain calls it."""
        return Cadence(**self.model_dump())


class QueryForm(Form):
    """Which reports; what is left out does not matter. `text` is a part of the number or the title."""

    status: Status | None = None
    report_type: Value | None = None
    client_name: Value | None = None
    project_reference: Value | None = None
    owner: UUID | None = None
    text: Value | None = None
    overdue: StrictBool = False

    def query(self) -> ReportQuery:
        """What the domain calls it."""
        return ReportQuery(**self.model_dump())


class ScheduleForm(Form):
    """What a schedule tells of, how often and to whom; each gets the reports that they may see themselves.

    Due times that nobody saw to are made up for `once`, or left out with `skip`.
    """

    name: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]
    query: QueryForm = Field(default_factory=QueryForm)
    cadence: CadenceForm
    recipients: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST_RECIPIENTS)]
    missed: MissedPolicy = MissedPolicy.ONCE

    def plan(self) -> Plan:
        """What the domain calls it."""
        return Plan(
            name=self.name,
            query=self.query.query(),
            cadence=self.cadence.cadence(),
            recipients=self.recipients,
            missed=self.missed,
        )


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
    """A schedule. `next` are the times at which it is due; none while it is paused."""

    HANGS_ON = ("id",)
    id: UUID
    name: str
    owner: PersonAnswer
    query: QueryAnswer
    cadence: CadenceAnswer
    recipients: list[PersonAnswer]
    missed: MissedPolicy
    paused: bool
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
    state = (row.paused, row.next_due_at)
    return _answer(row.schedule_id, row.owner, row.plan, people, state, run)


def answer_of_log(schedule: Schedule, people: People) -> ScheduleAnswer:
    """As a command has left it."""
    state = (schedule.paused, schedule.next_due_at)
    run = None if schedule.latest is None else _run(schedule.latest)
    return _answer(schedule.id, schedule.owner, schedule.plan, people, state, run)


def _answer(
    schedule_id: UUID,
    owner: UUID,
    plan: Plan,
    people: People,
    state: tuple[bool, datetime | None],
    run: ScheduleRunAnswer | None,
) -> ScheduleAnswer:
    paused, next_due_at = state
    return ScheduleAnswer(
        id=schedule_id,
        name=plan.name,
        owner=people.person(owner),
        query=QueryAnswer.model_validate(plan.query),
        cadence=CadenceAnswer.model_validate(plan.cadence),
        recipients=list(map(people.person, plan.recipients)),
        missed=plan.missed,
        paused=paused,
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
