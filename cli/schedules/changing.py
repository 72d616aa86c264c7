"""The verb by which a schedule is given another plan; what is not named stays."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from countersign.aggregates.periodic_work import MissedPolicy
from countersign.aggregates.schedule.cadence import Cadence, Rhythm, Weekday
from countersign.aggregates.schedule.report_query import ReportQuery
from countersign.aggregates.schedule.schedule import Schedule
from countersign.cli.foundation import Foundation
from countersign.cli.giving import add_giving, give
from countersign.cli.invocation import Invocation, UsageError
from countersign.cli.projections.verb import Verb
from countersign.cli.schedules.ordering import add_id
from countersign.commands.schedule.change_schedule import ChangeSchedule
from countersign.eventstore.store import NotFound


def _run(invocation: Invocation) -> int:
    return give(invocation, _change, "The schedule is changed.", _tell)


def _change(given: argparse.Namespace, base: Foundation) -> ChangeSchedule:
    schedule = base.store.aggregates.find(Schedule, given.id)
    if schedule is None:
        raise NotFound(f"there is no schedule with the id {given.id}")
    plan = replace(schedule.plan, **changes_of(given, schedule.plan.cadence))
    return ChangeSchedule(schedule_id=given.id, expected_version=schedule.version, plan=plan)


def changes_of(given: argparse.Namespace, cadence: Cadence) -> Mapping[str, Any]:
    """What is to be different in a plan with this cadence.

    Raises:
        UsageError: nothing is, or it cannot be read.
    """
    changes: dict[str, Any] = {
        "name": given.name,
        "missed": given.missed and MissedPolicy(given.missed),
        "recipients": given.recipient and tuple(given.recipient),
        "cadence": _cadence(given, cadence),
    }
    if given.search:
        changes |= {"search": given.search, "query": ReportQuery()}
    named = {name: value for name, value in changes.items() if value is not None}
    if not named:
        raise UsageError("Say what is to change: see `countersign schedules change --help`.")
    return named


def _cadence(given: argparse.Namespace, cadence: Cadence) -> Cadence | None:
    zone = given.time_zone or cadence.time_zone
    if given.daily:
        return Cadence(rhythm=Rhythm.DAILY, at=given.daily, time_zone=zone)
    if given.weekly:
        days, at = given.weekly
        return Cadence(rhythm=Rhythm.WEEKLY, weekdays=_weekdays(days), at=at, time_zone=zone)
    if given.monthly:
        day, at = given.monthly
        return Cadence(rhythm=Rhythm.MONTHLY, day=_day(day), at=at, time_zone=zone)
    if given.cron:
        return Cadence(rhythm=Rhythm.CRON, expression=given.cron, time_zone=zone)
    return replace(cadence, time_zone=zone) if given.time_zone else None


def _weekdays(days: str) -> tuple[Weekday, ...]:
    try:
        return tuple(map(Weekday, days.lower().split(",")))
    except ValueError as unknown:
        raise UsageError(f"{unknown}: say for example `--weekly mon,thu 07:30`.") from unknown


def _day(day: str) -> int:
    if not day.isdecimal():
        raise UsageError(f"{day!r} is no day of a month: say for example `--monthly 1 07:30`.")
    return int(day)


def _tell(command: ChangeSchedule, base: Foundation) -> Mapping[str, Any]:
    left = base.store.aggregates.find(Schedule, command.schedule_id)
    due_at = left.next_due_at if left else None
    return {"schedule_id": command.schedule_id, "next_due_at": due_at or "none: it is paused"}


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_id(parser)
    parser.add_argument("--name", metavar="TEXT", help="what it is called")
    rhythm = parser.add_mutually_exclusive_group()
    rhythm.add_argument("--daily", metavar="HH:MM", help="due every day")
    rhythm.add_argument("--weekly", nargs=2, metavar=("DAYS", "HH:MM"), help="due on days such as mon,thu")
    rhythm.add_argument("--monthly", nargs=2, metavar=("DAY", "HH:MM"), help="due on a day of the month")
    rhythm.add_argument("--cron", metavar="EXPRESSION", help='such as "30 6 * * mon-fri"')
    parser.add_argument("--time-zone", metavar="NAME", help="by whose clocks, such as Europe/Berlin")
    parser.add_argument("--missed", choices=list(MissedPolicy), help="what becomes of missed due times")
    parser.add_argument(
        "--recipient", type=UUID, action="append", metavar="ACCOUNT", help="who gets it; once for each"
    )
    parser.add_argument("--search", type=UUID, metavar="ID", help="tell of what this saved search finds")
    add_giving(parser)


CHANGE: Final = Verb(
    name="change",
    summary="give it another name, rhythm, search, or other recipients; what is not named stays",
    run=_run,
    add_arguments=_add_arguments,
)
