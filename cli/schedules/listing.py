"""The verbs that show what is due next, and the schedules that people keep."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from countersign.cli.invocation import Invocation
from countersign.cli.ledger import ledger
from countersign.cli.listing import show_rows
from countersign.cli.projections.verb import Verb
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.eventstore.databases import Database
from countersign.projections.work.periodic_runs import periodic_runs
from countersign.projections.work.periodic_times import periodic_times
from countersign.projections.work.schedules_queries import ScheduleRow, schedules_of

_COLUMNS: Final = ("schedule_id", "name", "rhythm", "state", "next_due_at", "latest_run")
_NEXT: Final = ("next_due_at", "what", "rule", "latest_run", "came_of_it")
_AT_ONCE: Final = 200


def _show(
    name: str, columns: Sequence[str], find: Callable[[Database], Any], none: str, invocation: Invocation
) -> int:
    with ledger(invocation.settings) as opened:
        require_tables(opened.databases)
        rows = list(find(opened.databases.read))
    if invocation.arguments.json:
        show_json({name: rows})
    elif rows:
        show_rows(columns, rows)
    else:
        say(none)
    return 0


def _kept(read: Database) -> Iterator[dict[str, Any]]:
    for row in _every_schedule(read):
        yield {
            "schedule_id": row.schedule_id,
            "name": row.name,
            "rhythm": _rhythm(row),
            "state": _state(row),
            "next_due_at": row.next_due_at,
            "latest_run": row.run_state,
            "error": row.run_error,
        }


def _due_next(read: Database) -> list[dict[str, Any]]:
    runs = periodic_runs(read)
    periodic = [
        {
            "next_due_at": each.next_due_at,
            "what": each.kind,
            "rule": each.rule,
            "seen_to": each.seen_to,
            "latest_run": runs[each.kind].ended_at if each.kind in runs else None,
            "came_of_it": runs[each.kind].says if each.kind in runs else None,
        }
        for each in periodic_times(read)
    ]
    kept = [
        {
            "next_due_at": row.next_due_at,
            "what": row.name,
            "rule": _rhythm(row),
            "seen_to": row.run_due_at,
            "latest_run": row.run_due_at,
            "came_of_it": row.run_error or row.run_state,
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


def _state(row: ScheduleRow) -> str:
    if not row.paused:
        return "active"
    return f"paused: {row.paused_because}" if row.paused_because else "paused"


def _nothing_to_say(_parser: argparse.ArgumentParser) -> None:
    """All of them are shown."""


NEXT: Final = Verb(
    name="next",
    summary="when each kind of periodic work and each schedule is due next, the earliest first",
    run=partial(_show, "next", _NEXT, _due_next, "Nothing is due: does `countersign schedule` run?"),
    add_arguments=_nothing_to_say,
)
LIST: Final = Verb(
    name="list",
    summary="the schedules that people keep, with how the latest run of each went",
    run=partial(_show, "list", _COLUMNS, _kept, "None is kept."),
    add_arguments=_nothing_to_say,
)
