"""The next timer of a schedule is written whenever it is due at another time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.schedule.cadence import Cadence, Rhythm
from countersign.aggregates.schedule.plan import Plan
from countersign.aggregates.schedule.report_query import ReportQuery
from countersign.aggregates.schedule.schedule import Schedule
from countersign.eventstore.mapper import Happened
from countersign.eventstore.metadata import Metadata
from countersign.workers.reactions.time_schedule import time_schedule

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DUE = datetime(2026, 3, 3, 6, tzinfo=UTC)
ONE = UUID(int=1)
PLAN = Plan(
    name="Open",
    query=ReportQuery(),
    cadence=Cadence(rhythm=Rhythm.DAILY, at="06:00"),
    recipients=(ONE,),
)


def timers(event_class: type[Any], **fields: Any) -> list[datetime | None]:
    event = event_class(originator_id=ONE, originator_version=2, timestamp=AT, **fields)
    metadata = Metadata(actor=ONE, correlation="trail", command="Something", command_key="key")
    return [
        each.due_at for each in time_schedule(Happened(event, 7, ONE, 2, event_class.TOPIC, AT, metadata))
    ]


@pytest.mark.parametrize(
    ("event_class", "fields"),
    [
        (Schedule.Changed, {"plan": PLAN}),
        (Schedule.Resumed, {}),
        (Schedule.Fired, {"run_id": ONE, "due_at": AT, "by": None}),
    ],
)
def test_it_is_timed_anew(event_class: type[Any], fields: dict[str, Any]) -> None:
    assert timers(event_class, next_due_at=DUE, **fields) == [DUE]
    assert timers(event_class, next_due_at=None, **fields) == []


def test_a_run_on_demand_and_a_pause_time_nothing() -> None:
    assert timers(Schedule.Fired, run_id=ONE, due_at=AT, by=ONE, next_due_at=DUE) == []
    assert timers(Schedule.Paused) == []
