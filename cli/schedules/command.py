"""`countersign schedules`: what is due next, and the schedules that people keep."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from countersign.aggregates.root import DomainError
from countersign.cli.foundation import foundation
from countersign.cli.invocation import Invocation, Subcommand, UsageError
from countersign.cli.jobs.operator import asked_code, asked_password, signed_in
from countersign.cli.ledger import ledger
from countersign.cli.listing import show_rows
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.commands.schedule.pause_schedule import PauseSchedule
from countersign.commands.schedule.resume_schedule import ResumeSchedule
from countersign.commands.schedule.run_schedule import RunSchedule
from countersign.config.log_setup import configure_logging
from countersign.eventstore.databases import Database
from countersign.projections.work.periodic_times import periodic_times
from countersign.projections.work.schedules_queries import ScheduleRow, schedules_of

_COLUMNS: Final = ("schedule_id", "name", "rhythm", "state", "next_due_at", "latest_run")
_NEXT: Final = ("next_due_at", "what", "rule", "seen_to")
_AT_ONCE: Final = 200
_ORDERS: Final[Mapping[str, Callable[..., Any]]] = MappingProxyType(
    {"pause": PauseSchedule, "resume": ResumeSchedule, "run": RunSchedule}
)


def run(invocation: Invocation) -> int:
    """List, say what is due next, or give an order."""
    given = invocation.arguments
    if given.action in _ORDERS:
        return _order(invocation)
    with ledger(invocation.settings) as opened:
        require_tables(opened.databases)
        rows = list((_due_next if given.action == "next" else _kept)(opened.databases.read))
    if given.json:
        show_json({given.action: rows})
    elif rows:
        show_rows(_NEXT if given.action == "next" else _COLUMNS, rows)
    else:
        say("Nothing is due: does `countersign schedule` run?" if given.action == "next" else "None is kept.")
    return 0


def _kept(read: Database) -> Iterator[dict[str, Any]]:
    for row in _every_schedule(read):
        yield {
            "schedule_id": row.schedule_id,
            "name": row.name,
            "rhythm": _rhythm(row),
            "state": "paused" if row.paused else "active",
            "next_due_at": row.next_due_at,
            "latest_run": row.run_state,
            "error": row.run_error,
        }


def _due_next(read: Database) -> list[dict[str, Any]]:
    periodic = [
        {"next_due_at": each.next_due_at, "what": each.kind, "rule": each.rule, "seen_to": each.seen_to}
        for each in periodic_times(read)
    ]
    kept = [
        {
            "next_due_at": row.next_due_at,
            "what": row.name,
            "rule": _rhythm(row),
            "seen_to": row.run_due_at,
        }
        for row in _every_schedule(read)
    ]
    coming = [row for row in (*periodic, *kept) if row["next_due_at"] is not None]
    return sorted(coming, key=lambda row: str(row["next_due_at"]))


def _every_schedule(read: Database) -> Iterator[ScheduleRow]:
    cursor = None
    while True:
        page = schedules_of(read, None, cursor=cursor, limit=_AT_ONCE)
        yield from page.rows
        if (cursor := page.next_cursor) is None:
            return


def _rhythm(row: ScheduleRow) -> str:
    cadence = row.plan.cadence
    days = ",".join(cadence.weekdays) or (f"day {cadence.day}" if cadence.day else "")
    said = (cadence.rhythm, days, cadence.at or cadence.expression, f"({cadence.time_zone})")
    return " ".join(filter(None, said))


def _order(invocation: Invocation) -> int:
    settings, given = invocation.settings, invocation.arguments
    if given.schedule is None or given.operator is None:
        raise UsageError(f"Say which one and who you are: `schedules {given.action} ID --as E-MAIL`.")
    configure_logging(settings.logging, settings.secrets())
    with foundation(settings) as base:
        require_tables(base.databases)
        password = asked_password(given.operator, from_stdin=given.password_stdin)
        code = partial(asked_code, from_stdin=given.password_stdin)
        try:
            with signed_in(base, given.operator, password, code) as give:
                give(_ORDERS[given.action](schedule_id=given.schedule))
        except DomainError as refused:
            return refuse(f"Refused: {refused.detail}")
    say(f"Done: {given.action} {given.schedule}.")
    return 0


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = ("next", "list", *_ORDERS)
    parser.add_argument(
        "action", nargs="?", choices=actions, default="next", help="what to do (default: next)"
    )
    parser.add_argument("schedule", nargs="?", type=UUID, metavar="ID", help="a schedule, as the list has it")
    parser.add_argument("--json", action="store_true", help="print one JSON document, for scripts")
    orders = parser.add_argument_group("pause, resume, run")
    orders.add_argument(
        "--as", dest="operator", metavar="E-MAIL", help="the operator or administrator who orders it"
    )
    orders.add_argument(
        "--password-stdin", action="store_true", help="read their password from standard input"
    )


SUBCOMMAND = Subcommand(
    name="schedules",
    summary="what is due next, and the schedules that people keep",
    description="`next` shows when each kind of periodic work and each schedule is due next, the earliest "
    "first; `list` the schedules with how the latest run of each went. `pause`, `resume` and `run` are "
    "ordered in the name of an operator.",
    run=run,
    add_arguments=_add_arguments,
)
