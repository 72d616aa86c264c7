"""What a schedule is made of, as callers say it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt, StringConstraints

from countersign.aggregates.periodic_work import MissedPolicy
from countersign.aggregates.report.status import Status
from countersign.aggregates.schedule.cadence import Cadence, Rhythm, Weekday
from countersign.aggregates.schedule.plan import LONGEST_NAME, MOST_RECIPIENTS, Plan
from countersign.aggregates.schedule.report_query import LONGEST_VALUE, ReportQuery
from countersign.http.bodies import Form

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

    Either `query` or a saved `search` says which reports. Due times that nobody saw to are made up for
    `once`, or left out with `skip`.
    """

    name: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]
    query: QueryForm = Field(default_factory=QueryForm)
    search: UUID | None = None
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
            search=self.search,
        )
