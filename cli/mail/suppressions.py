"""`countersign mail suppressions` and `lift`: addresses that mail is held back from."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Final
from uuid import UUID

from countersign.aggregates.root import DomainError
from countersign.cli.foundation import foundation
from countersign.cli.invocation import Invocation, UsageError
from countersign.cli.jobs.operator import asked_code, asked_password, signed_in
from countersign.cli.ledger import ledger
from countersign.cli.listing import show_rows
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.cli.verb_log import configure_verb_log
from countersign.commands.email.lift_suppression import LiftSuppression
from countersign.projections.work.mail_suppressions_queries import suppression_page

_COLUMNS: Final = ("suppression_id", "person", "email_id", "reply_code", "reply", "placed_at")


def list_suppressions(invocation: Invocation) -> int:
    """List those in force, the newest first."""
    given = invocation.arguments
    with ledger(invocation.settings) as opened:
        require_tables(opened.databases)
        page = suppression_page(opened.databases.read, in_force=True, limit=given.limit)
    rows = [asdict(row) for row in page.rows]
    if given.json:
        show_json({"suppressions": rows})
    elif rows:
        show_rows(_COLUMNS, rows)
    else:
        say("Mail is held back from nobody.")
    return 0


def lift(invocation: Invocation) -> int:
    """Send mail to an address again."""
    settings, given = invocation.settings, invocation.arguments
    if given.operator is None or not given.reason or given.subject is None:
        raise UsageError(
            "Say which, why and who: `countersign mail lift ID --reason TEXT --as E-MAIL` (operator or "
            "administrator). `countersign mail suppressions` lists them."
        )
    wanted = LiftSuppression(suppression_id=_id(given.subject), reason=given.reason)
    configure_verb_log(settings)
    with foundation(settings) as base:
        require_tables(base.databases)
        password = asked_password(given.operator, from_stdin=given.password_stdin)
        code = partial(asked_code, from_stdin=given.password_stdin)
        try:
            with signed_in(base, given.operator, password, code) as give:
                give(wanted)
        except DomainError as refused:
            return refuse(f"Refused: {refused.detail}")
    done = "Mail is sent there again. What was held back is not, by that: see `countersign jobs retry`."
    if given.json:
        show_json({"id": wanted.suppression_id, "done": done})
    else:
        say(done)
    return 0


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UsageError(f"{text!r} is no id: `countersign mail suppressions` lists them.") from None
