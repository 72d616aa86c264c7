"""`countersign mail`: how the letters look, and to whom none is sent."""

from __future__ import annotations

import argparse
from pathlib import Path

from countersign.aggregates.email_contents import EmailPurpose
from countersign.cli.invocation import Invocation, Subcommand, UsageError
from countersign.cli.mail.preview import preview
from countersign.cli.mail.suppressions import lift, list_suppressions


def run(invocation: Invocation) -> int:
    """Preview, list or lift."""
    given = invocation.arguments
    if given.action == "suppressions":
        return list_suppressions(invocation)
    if given.action == "lift":
        return lift(invocation)
    if given.subject not in (None, *EmailPurpose):
        raise UsageError(f"There is no such purpose; there are: {', '.join(EmailPurpose)}.")
    return preview(invocation)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("preview", "suppressions", "lift"), help="what to do")
    parser.add_argument(
        "subject",
        nargs="?",
        metavar="PURPOSE or ID",
        help="preview: the purpose (default: all of them); lift: the id that `suppressions` shows",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document, for scripts")
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path("mail-preview"),
        help="preview: where the .eml files go (default: mail-preview)",
    )
    parser.add_argument("--limit", type=int, default=50, help="suppressions: at most so many (default: 50)")
    deciding = parser.add_argument_group("lift")
    deciding.add_argument("--reason", help="why; kept in the history")
    deciding.add_argument(
        "--as", dest="operator", metavar="E-MAIL", help="the operator or administrator who decides"
    )
    deciding.add_argument(
        "--password-stdin", action="store_true", help="read their password from standard input"
    )


SUBCOMMAND = Subcommand(
    name="mail",
    summary="mail: preview the letters; addresses that get none",
    description="`preview [PURPOSE]` writes the letters with example facts as .eml files; nothing is sent. "
    "`suppressions` lists the addresses from which mail came back since nobody is there, `lift ID` has mail "
    "sent there again. Mails in doubt or given up are decided about with `countersign jobs`.",
    run=run,
    add_arguments=_add_arguments,
)
