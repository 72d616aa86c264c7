"""`backup release`: mail and webhooks leave again, which are held since the service was restored."""

from __future__ import annotations

import argparse
from typing import Final

from countersign.aggregates.backup import Backup
from countersign.cli.foundation import Foundation, foundation
from countersign.cli.invocation import Invocation
from countersign.cli.projections.asking import asked_reason, giving, host_context
from countersign.cli.projections.verb import Exit, Verb
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.cli.verb_log import configure_verb_log
from countersign.commands.backup.release_outward import ReleaseOutward
from countersign.projections.work.outward_hold import OutwardHold, let_outward_go, outward_hold
from countersign.workers.outward import origin_of


def _run(invocation: Invocation) -> int:
    given = invocation.arguments
    configure_verb_log(invocation.settings)
    with foundation(invocation.settings) as base:
        require_tables(base.databases)
        hold = outward_hold(base.databases.read)
        if hold is None:
            return refuse("Refused: nothing is held here.")
        known = base.store.aggregates.find(Backup, hold.backup_id)
        if known is None or known.holds_outward is not False:  # else over HTTP, and no worker has seen it yet
            _release(base, given, hold, known)
        let_outward_go(base.databases.read, hold.backup_id)
    if given.json:
        show_json({"name": hold.name, "id": hold.backup_id, "position": hold.position, "held": False})
    else:
        say(f"Released: mail and webhooks of the service that was restored from {hold.name} leave again.")
    return Exit.DONE


def _release(base: Foundation, given: argparse.Namespace, hold: OutwardHold, known: Backup | None) -> None:
    reason = asked_reason(given)
    with giving(base, given) as give:
        if known is None or known.holds_outward is None:  # whoever restored it was killed too soon
            base.dispatcher.dispatch(origin_of(hold), host_context())
        give(ReleaseOutward(backup_id=hold.backup_id, reason=reason))


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--reason", metavar="TEXT", help="why; kept in the history (10 characters or more)")
    parser.add_argument("--as", dest="operator", metavar="E-MAIL", help="the operator or administrator")
    parser.add_argument(
        "--password-stdin", action="store_true", help="read their password from standard input"
    )


RELEASE: Final = Verb(
    name="release",
    summary="let mail and webhooks leave again, which are held since a restore",
    description="After a restore mail and webhooks are held, since what the restored service wants sent may "
    "have left before. Look at what waits (`countersign jobs list`), cancel what must not go, then release.",
    run=_run,
    add_arguments=_add_arguments,
)
