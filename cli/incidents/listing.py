"""The verbs that show incidents."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from countersign.cli.bounded import row_count
from countersign.cli.invocation import Invocation
from countersign.cli.ledger import ledger
from countersign.cli.listing import show_rows
from countersign.cli.projections.verb import Verb
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.projections.health.incidents_queries import (
    IncidentRow,
    incident,
    incident_page,
    unresolved_incidents,
)

_COLUMNS: Final = ("incident_id", "component", "severity", "status", "since", "escalations", "reading")


def _list(invocation: Invocation) -> int:
    given = invocation.arguments
    with ledger(invocation.settings) as opened:
        require_tables(opened.databases)
        read = opened.databases.read
        found: Sequence[IncidentRow] = (
            incident_page(read, limit=given.limit).rows if given.all else unresolved_incidents(read)
        )
    rows = list(map(asdict, found))
    if given.json:
        show_json({"incidents": rows})
    elif rows:
        show_rows(_COLUMNS, rows)
    else:
        say("There are none." if given.all else "There are none that are not over.")
    return 0


def _show(invocation: Invocation) -> int:
    given = invocation.arguments
    with ledger(invocation.settings) as opened:
        require_tables(opened.databases)
        found = incident(opened.databases.read, given.id)
    if found is None:
        return refuse(f"There is no incident {given.id}: see `countersign incidents list --all`.")
    told: dict[str, Any] = asdict(found)
    if given.json:
        show_json(told)
    else:
        show_rows(("what", "says"), [{"what": name, "says": value} for name, value in told.items()])
    return 0


def add_id(parser: argparse.ArgumentParser) -> None:
    """Which incident."""
    parser.add_argument("id", metavar="ID", type=UUID, help="its id, as `countersign incidents list` has it")


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--all", action="store_true", help="those that are over, too")
    parser.add_argument(
        "--limit", type=row_count, default=50, help="at most so many with --all (default: 50)"
    )


LIST: Final = Verb(
    name="list", summary="the incidents that are not over", run=_list, add_arguments=_list_arguments
)
SHOW: Final = Verb(name="show", summary="one incident, with who saw to it", run=_show, add_arguments=add_id)
