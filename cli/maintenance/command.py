"""`countersign maintenance`: which periodic work was done, and doing a piece of it now."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from functools import partial
from typing import Any, Final
from uuid import UUID

from countersign.aggregates.maintenance_job import MaintenanceJob, MaintenanceStatus
from countersign.aggregates.root import DomainError
from countersign.cli.bounded import row_count, seconds
from countersign.cli.foundation import Foundation, foundation
from countersign.cli.invocation import Invocation, Subcommand, UsageError
from countersign.cli.jobs.operator import asked_code, asked_password, signed_in
from countersign.cli.ledger import ledger
from countersign.cli.listing import show_rows
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.cli.verb_log import configure_verb_log
from countersign.commands.maintenance.run_maintenance import RunMaintenance
from countersign.projections.work.job_board_queries import Job, job_page
from countersign.projections.work.job_states import JobKind

_COLUMNS: Final = ("job_id", "kind", "due_at", "state", "took_s", "result")
_LOOK_AGAIN_S: Final = 0.2
_UNDER_WAY: Final = frozenset({MaintenanceStatus.DUE, MaintenanceStatus.RETRYING})


def run(invocation: Invocation) -> int:
    """List the runs, or order one."""
    given = invocation.arguments
    if given.action == "list":
        return _list(invocation)
    if given.kind is None:
        raise UsageError("Name the work: `countersign maintenance run KIND --as E-MAIL`.")
    if given.operator is None:
        raise UsageError("This is recorded in an operator's name: add `--as E-MAIL`.")
    return _run(invocation)


def _list(invocation: Invocation) -> int:
    given = invocation.arguments
    with ledger(invocation.settings) as opened:
        require_tables(opened.databases)
        page = job_page(
            opened.databases.read, kind=JobKind.MAINTENANCE, subject=given.kind, limit=given.limit
        )
    rows = list(map(_row, page.rows))
    if given.json:
        show_json({"runs": rows})
    elif rows:
        show_rows(_COLUMNS, [{**row, "result": _told(row)} for row in rows])
    else:
        say("Nothing was done yet.")
    return 0


def _row(job: Job) -> dict[str, Any]:
    took_s = (job.finished_at - job.created_at).total_seconds() if job.finished_at else None
    return {
        "job_id": job.job_id,
        "kind": job.subject,
        "due_at": job.created_at,
        "state": job.state,
        "took_s": took_s,
        "result": job.result,
        "error": job.error,
    }


def _told(row: dict[str, Any]) -> str:
    result = ", ".join(f"{name} {value}" for name, value in (row["result"] or {}).items())
    return str(row["error"] or result)


def _run(invocation: Invocation) -> int:
    settings, given = invocation.settings, invocation.arguments
    configure_verb_log(settings)
    with foundation(settings) as base:
        require_tables(base.databases)
        password = asked_password(given.operator, from_stdin=given.password_stdin)
        code = partial(asked_code, from_stdin=given.password_stdin)
        try:
            with signed_in(base, given.operator, password, code) as give:
                job_id, _ = give(RunMaintenance(kind=given.kind)).streams[0]
        except DomainError as refused:
            return refuse(f"Refused: {refused.detail}")
        status = _awaited(base, job_id, given.wait)
    return _tell(given, job_id, status)


def _awaited(base: Foundation, job_id: UUID, patience_s: float) -> MaintenanceStatus:
    until = time.monotonic() + patience_s
    while True:
        job = base.store.aggregates.find(MaintenanceJob, job_id)
        status = MaintenanceStatus.DUE if job is None else job.status
        if status not in _UNDER_WAY or time.monotonic() > until:
            return status
        time.sleep(_LOOK_AGAIN_S)


def _tell(given: argparse.Namespace, job_id: UUID, status: MaintenanceStatus) -> int:
    if given.json:
        show_json({"job_id": job_id, "kind": given.kind, "state": status})
    elif status in _UNDER_WAY:
        say(f"Ordered: `countersign work` does it. See `countersign jobs show {job_id}`.")
    else:
        say(f"{given.kind}: {status}. See `countersign jobs show {job_id}`.")
    return int(status not in _UNDER_WAY and status is not MaintenanceStatus.COMPLETED)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    actions: Sequence[str] = ("list", "run")
    parser.add_argument(
        "action", nargs="?", choices=actions, default="list", help="what to do (default: list)"
    )
    parser.add_argument(
        "kind", nargs="?", metavar="KIND", help="a kind of periodic work, as the list has them"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document, for scripts")
    parser.add_argument(
        "--limit", type=row_count, default=50, help="at most so many in the list (default: 50)"
    )
    running = parser.add_argument_group("run")
    running.add_argument(
        "--wait",
        type=seconds(0, 86_400),
        default=60.0,
        metavar="SECONDS",
        help="how long to wait for it (default: 60)",
    )
    running.add_argument(
        "--as", dest="operator", metavar="E-MAIL", help="the operator or administrator who orders it"
    )
    running.add_argument(
        "--password-stdin", action="store_true", help="read their password from standard input"
    )


SUBCOMMAND = Subcommand(
    name="maintenance",
    summary="periodic work: what was done, and do a piece of it now",
    description="`list` shows the runs of periodic work with what came of each; `list KIND` those of one "
    "kind. `run KIND --as E-MAIL` orders one besides the schedule, which `countersign work` does. Ends with "
    "1 when it was refused or has failed.",
    run=run,
    add_arguments=_add_arguments,
)
