"""Keeps schedules, and tells what became of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from countersign.aggregates.role import Role
from countersign.aggregates.schedule.cadence import Cadence, Rhythm
from countersign.aggregates.schedule.plan import Plan
from countersign.aggregates.schedule.report_query import ReportQuery
from countersign.aggregates.schedule.schedule import Schedule
from countersign.commands.schedule.create_schedule import CreateSchedule
from countersign.commands.schedule.fire_schedule import FireSchedule
from tests.unit.commands.people.service import Service, registration

DAILY = Cadence(rhythm=Rhythm.DAILY, at="06:00", time_zone="Europe/Berlin")  # 05:00 UTC in March
TOMORROW = datetime(2026, 3, 3, 5, tzinfo=UTC)


def joined(service: Service, administrator: UUID, role: Role) -> UUID:
    account = uuid4()
    service.give(registration(account, role), administrator)
    return account


def a_plan(recipient: UUID, **changes: Any) -> Plan:
    plan = Plan(name="Open reports", query=ReportQuery(), cadence=DAILY, recipients=(recipient,))
    return replace(plan, **changes)


def kept(service: Service, owner: UUID, **changes: Any) -> UUID:
    schedule = uuid4()
    service.give(CreateSchedule(schedule_id=schedule, plan=a_plan(owner, **changes)), owner)
    return schedule


def fire(service: Service, schedule: UUID, due_at: datetime = TOMORROW) -> None:
    service.give(FireSchedule(schedule_id=schedule, due_at=due_at))


def state(service: Service, schedule: UUID) -> Schedule:
    return service.state(Schedule, schedule)


def told(service: Service, kind: type) -> list[Any]:
    return [each.event for each in service.happened() if isinstance(each.event, kind)]
