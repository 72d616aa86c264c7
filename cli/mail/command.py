"""`countersign mail`: how the letters look, to whom none is sent, and words to many."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from countersign.aggregates.email_contents import EmailPurpose
from countersign.cli.bounded import row_count
from countersign.cli.invocation import Invocation, Subcommand, UsageError
from countersign.cli.mail.broadcasts import (
    add_broadcast_arguments,
    broadcast,
    cancel_broadcast,
    list_broadcasts,
)
from countersign.cli.mail.preview import preview
from countersign.cli.mail.suppressions import lift, list_suppressions

_ACTIONS: Final[Mapping[str, Callable[[Invocation], int]]] = MappingProxyType(
    {
        "suppressions": list_suppressions,
        "lift": lift,
        "broadcast": broadcast,
        "broadcasts": list_broadcasts,
        "cancel-broadcast": cancel_broadcast,
    }
)


def run(invocation: Invocation) -> int:
    """Do what is asked for; a preview needs a purpose that there is."""
    given = invocation.arguments
    if given.action in _ACTIONS:
        return _ACTIONS[given.action](invocation)
    if given.subject not in (None, *EmailPurpose):
        raise UsageError(f"There is no such purpose; there are: {', '.join(EmailPurpose)}.")
    return preview(invocation)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("preview", *_ACTIONS), help="what to do")
    parser.add_argument(
        "subject",
        nargs="?",
        metavar="SUBJECT",
        help="preview: the purpose (default: all of them); lift and cancel-broadcast: the id that the list "
        "shows; broadcast: the topic",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document, for scripts")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("mail-preview"),
        help="preview: where the .eml files go (default: mail-preview)",
    )
    parser.add_argument("--limit", type=row_count, default=50, help="lists: at most so many (default: 50)")
    deciding = parser.add_argument_group("lift, broadcast and cancel-broadcast")
    deciding.add_argument("--reason", help="why; kept in the history (lift and cancel-broadcast)")
    deciding.add_argument(
        "--as",
        dest="operator",
        metavar="E-MAIL",
        help="who decides: an administrator; for lift an operator too",
    )
    deciding.add_argument(
        "--password-stdin", action="store_true", help="read their password from standard input"
    )
    add_broadcast_arguments(parser)


SUBCOMMAND = Subcommand(
    name="mail",
    summary="mail: preview the letters; addresses that get none; words to everybody in a role",
    description="`preview [PURPOSE]` writes the letters with example facts as .eml files; nothing is sent. "
    "`suppressions` lists the addresses from which mail came back since nobody is there, `lift ID` has mail "
    "sent there again. `broadcast TOPIC --message TEXT --role ROLE` mails everybody in them (`--dry-run` "
    "says to how many), `broadcasts` lists how far each has come, `cancel-broadcast ID` ends one. Mails in "
    "doubt or given up are decided about with `countersign jobs`.",
    run=run,
    add_arguments=_add_arguments,
)
