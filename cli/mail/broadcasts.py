"""`countersign mail broadcast`, `broadcasts` and `cancel-broadcast`: words to everybody in certain roles."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from countersign.aggregates.broadcast import Broadcast
from countersign.aggregates.role import Role
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.cli.foundation import Foundation, foundation
from countersign.cli.giving import give
from countersign.cli.invocation import Invocation, UsageError
from countersign.cli.ledger import ledger
from countersign.cli.listing import show_rows
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.cli.verb_log import configure_verb_log
from countersign.commands.broadcast.cancel_broadcast import CancelBroadcast
from countersign.commands.broadcast.order_broadcast import OrderBroadcast
from countersign.projections.work.mail_broadcasts_queries import broadcast_page

_COLUMNS: Final = ("broadcast_id", "topic", "roles", "status", "planned", "recipients", "ordered_at")
_ORDERED: Final = "It is mailed, after every other mail that waits:"


def list_broadcasts(invocation: Invocation) -> int:
    """List them, the newest first."""
    given = invocation.arguments
    with ledger(invocation.settings) as opened:
        require_tables(opened.databases)
        page = broadcast_page(opened.databases.read, limit=given.limit)
    rows = [asdict(row) for row in page.rows]
    if given.json:
        show_json({"broadcasts": rows})
    elif rows:
        show_rows(_COLUMNS, [row | {"roles": ", ".join(row["roles"])} for row in rows])
    else:
        say("There are none.")
    return 0


def broadcast(invocation: Invocation) -> int:
    """Have it mailed; with `--dry-run` only say to how many it would go."""
    order = _order(invocation.arguments)
    if invocation.arguments.dry_run:
        return _rehearse(invocation, order)
    return give(invocation, lambda _given, _base: order, _ORDERED, _standing)


def cancel_broadcast(invocation: Invocation) -> int:
    """Plan no more mails of it."""
    given = invocation.arguments
    if given.subject is None or not given.reason:
        raise UsageError("Say which and why: `countersign mail cancel-broadcast ID --reason TEXT`.")
    wanted = CancelBroadcast(broadcast_id=_id(given.subject), reason=given.reason)
    done = "No more of its mails are planned; those that are planned go:"
    return give(invocation, lambda _given, _base: wanted, done, _standing)


def add_broadcast_arguments(parser: argparse.ArgumentParser) -> None:
    """What is said, and to whom."""
    words = parser.add_argument_group("broadcast")
    words.add_argument("--message", metavar="TEXT", help="what it says: plain text, 4,000 characters at most")
    words.add_argument("--message-file", type=Path, metavar="FILE", help="the same from a file")
    words.add_argument(
        "--role",
        action="append",
        choices=list(map(str, Role)),
        metavar="ROLE",
        help=f"to whom: {', '.join(Role)} (may be repeated)",
    )
    words.add_argument("--dry-run", action="store_true", help="say to how many it would go, and mail nothing")


def _order(given: argparse.Namespace) -> OrderBroadcast:
    if given.subject is None or not given.role or (given.message is None) == (given.message_file is None):
        raise UsageError(
            "Say what and to whom: `countersign mail broadcast TOPIC --message TEXT --role ROLE --as WHO`, "
            "or --message-file FILE instead of --message."
        )
    return OrderBroadcast(
        broadcast_id=uuid4(),
        topic=given.subject,
        message=given.message if given.message_file is None else _text_of(given.message_file),
        roles=tuple(map(Role, given.role)),
    )


def _text_of(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as unreadable:
        raise UsageError(f"{file} cannot be read as text: {unreadable}.") from None


def _rehearse(invocation: Invocation, order: OrderBroadcast) -> int:
    configure_verb_log(invocation.settings)
    with foundation(invocation.settings) as base:
        require_tables(base.databases)
        roster = base.store.aggregates.find(Roster, ROSTER_ID)
    people = sum(role in order.roles for role in roster.roles.values()) if roster else 0
    if invocation.arguments.json:
        show_json({"recipients": people, "topic": order.topic, "message": order.message})
    else:
        say(f"It would go to {people} {'person' if people == 1 else 'people'}; nothing was mailed.")
    return 0


def _standing(command: OrderBroadcast | CancelBroadcast, base: Foundation) -> Mapping[str, Any]:
    left = base.store.aggregates.find(Broadcast, command.broadcast_id)
    counts = {} if left is None else {"recipients": len(left.recipients), "planned": left.planned}
    return {"broadcast_id": command.broadcast_id, **counts}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UsageError(f"{text!r} is no id: `countersign mail broadcasts` lists them.") from None
