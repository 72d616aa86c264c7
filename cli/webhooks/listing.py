"""The verbs that show webhooks and what was sent to them."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from countersign.aggregates.webhook.delivery import DeliveryStatus
from countersign.cli.bounded import row_count
from countersign.cli.invocation import Invocation
from countersign.cli.ledger import ledger
from countersign.cli.listing import show_rows
from countersign.cli.projections.verb import Exit, Verb
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.eventstore.databases import Database
from countersign.projections.work.webhook_deliveries_queries import (
    WAITING,
    attempts_at,
    counts_by_state,
    delivery,
    delivery_page,
)
from countersign.projections.work.webhooks_queries import webhook_page

_MOST: Final = 200
_COLUMNS: Final = ("webhook_id", "name", "url", "paused_by", "waiting", "given_up", "failures", "probe_at")
_SENT: Final = ("delivery_id", "event_type", "position", "state", "attempts", "status", "next_at", "error")
_ATTEMPTS: Final = ("number", "at", "worker", "status", "duration_ms", "error")


def _list(invocation: Invocation) -> int:
    with ledger(invocation.settings) as opened:
        require_tables(opened.databases)
        rows = _endpoints(opened.databases.read)
    if invocation.arguments.json:
        show_json({"webhooks": rows})
    elif rows:
        show_rows(_COLUMNS, rows)
    else:
        say("There are none.")
    return Exit.DONE


def _endpoints(read: Database) -> list[dict[str, Any]]:
    found = webhook_page(read, limit=_MOST).rows
    counts = counts_by_state(read, [row.webhook_id for row in found])
    return [
        {
            **asdict(row),
            "waiting": sum(counts[row.webhook_id].get(state, 0) for state in WAITING),
            "given_up": counts[row.webhook_id].get(DeliveryStatus.DEAD_LETTERED, 0),
        }
        for row in found
    ]


def _deliveries(invocation: Invocation) -> int:
    given = invocation.arguments
    with ledger(invocation.settings) as opened:
        require_tables(opened.databases)
        page = delivery_page(opened.databases.read, webhook_id=given.id, state=given.state, limit=given.limit)
    rows = [asdict(row) for row in page.rows]
    if given.json:
        show_json({"deliveries": rows})
    elif rows:
        show_rows(_SENT, rows)
    else:
        say("There are none.")
    return Exit.DONE


def _delivery(invocation: Invocation) -> int:
    given = invocation.arguments
    with ledger(invocation.settings) as opened:
        require_tables(opened.databases)
        found = delivery(opened.databases.read, given.id)
        log = [asdict(each) for each in attempts_at(opened.databases.read, given.id)]
    if found is None:
        return refuse(f"There is no delivery {given.id}: see `countersign webhooks deliveries WEBHOOK`.")
    told = asdict(found)
    if given.json:
        show_json({**told, "log": log})
        return Exit.DONE
    show_rows(("what", "says"), [{"what": name, "says": value} for name, value in told.items()])
    say("")
    show_rows(_ATTEMPTS, log)
    return Exit.DONE


def add_id(parser: argparse.ArgumentParser, what: str = "webhook") -> None:
    """Which one."""
    parser.add_argument("id", metavar="ID", type=UUID, help=f"the id of the {what}, as lists have it")


def _nothing(_parser: argparse.ArgumentParser) -> None:
    return None


def _deliveries_arguments(parser: argparse.ArgumentParser) -> None:
    add_id(parser)
    states = list(map(str, DeliveryStatus))
    parser.add_argument("--state", choices=states, metavar="STATE", help=f"only these: {', '.join(states)}")
    parser.add_argument("--limit", type=row_count, default=50, help="at most so many (default: 50)")


def _delivery_arguments(parser: argparse.ArgumentParser) -> None:
    add_id(parser, "delivery")


LIST: Final = Verb(
    name="list", summary="the endpoints and how they answer", run=_list, add_arguments=_nothing
)
DELIVERIES: Final = Verb(
    name="deliveries",
    summary="what was sent to one, or waits to be",
    run=_deliveries,
    add_arguments=_deliveries_arguments,
)
DELIVERY: Final = Verb(
    name="delivery",
    summary="one delivery and every attempt",
    run=_delivery,
    add_arguments=_delivery_arguments,
)
