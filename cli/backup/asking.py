"""`backup request-restore`, `approve-restore`, `refuse-restore`: two people agree to go back."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from countersign.aggregates.backup import Backup
from countersign.cli.backup.naming import named
from countersign.cli.backup.opening import add_name, opened
from countersign.cli.foundation import Foundation
from countersign.cli.invocation import Invocation, UsageError
from countersign.cli.projections.asking import asked_reason, giving
from countersign.cli.projections.verb import Exit, Verb
from countersign.cli.screen import say, show_json
from countersign.commands.backup.approve_restore import ApproveRestore
from countersign.commands.backup.refuse_restore import RefuseRestore
from countersign.commands.backup.request_restore import RequestRestore
from countersign.eventstore.backup.manifest import Manifest

_Make = Callable[[argparse.Namespace, Manifest, str], Any]


def _give(make: _Make, done: str, invocation: Invocation) -> int:
    given = invocation.arguments
    with opened(invocation) as (base, repository):
        manifest = named(repository, given.name)
        if make is _approve and given.to_position is None:
            raise UsageError(_asked_for(base, manifest))
        reason = asked_reason(given)
        with giving(base, given) as give:
            receipt = give(make(given, manifest, reason))
    if given.json:
        show_json({"name": manifest.name, "id": manifest.id, "position": receipt.position})
    else:
        say(done.format(name=manifest.name))
    return Exit.DONE


def _request(given: argparse.Namespace, manifest: Manifest, reason: str) -> RequestRestore:
    position = manifest.position if given.to_position is None else given.to_position
    return RequestRestore(backup_id=manifest.id, to_position=position, reason=reason)


def _approve(given: argparse.Namespace, manifest: Manifest, reason: str) -> ApproveRestore:
    return ApproveRestore(backup_id=manifest.id, to_position=given.to_position, reason=reason)


def _refuse(_given: argparse.Namespace, manifest: Manifest, reason: str) -> RefuseRestore:
    return RefuseRestore(backup_id=manifest.id, reason=reason)


def _asked_for(base: Foundation, manifest: Manifest) -> str:
    backup = base.store.aggregates.find(Backup, manifest.id)
    if backup is None or backup.request is None:
        return f"Nobody has asked to restore {manifest.name}."
    position = backup.request.to_position
    later = base.log.head() - position
    return (
        f"{backup.request.requested_by} asks to restore {manifest.name} up to position {position}, "
        f"without the {later} events that came later. To agree to that, add `--to-position {position}`."
    )


def _add_answer(parser: argparse.ArgumentParser) -> None:
    add_name(parser, wanted=True)
    parser.add_argument("--reason", metavar="TEXT", help="why; kept in the history (10 characters or more)")
    parser.add_argument(
        "--as", dest="operator", metavar="E-MAIL", help="the operator or administrator who says so"
    )
    parser.add_argument(
        "--password-stdin", action="store_true", help="read their password from standard input"
    )


def _add_approval(parser: argparse.ArgumentParser) -> None:
    _add_answer(parser)
    parser.add_argument(
        "--to-position", type=int, metavar="N", help="what was asked for, as you have read it (none: show it)"
    )


def _add_request(parser: argparse.ArgumentParser) -> None:
    _add_answer(parser)
    parser.add_argument(
        "--to-position", type=int, metavar="N", help="leave out what came later (default: nothing)"
    )


REQUEST: Final = Verb(
    name="request-restore",
    summary="ask a second person to have the service restored elsewhere, up to a position",
    run=partial(
        _give,
        _request,
        "{name}: asked for. A second operator or administrator agrees with "
        "`countersign backup approve-restore {name} --to-position N`.",
    ),
    add_arguments=_add_request,
)
APPROVE: Final = Verb(
    name="approve-restore",
    summary="agree to it, as the second person",
    run=partial(
        _give,
        _approve,
        "{name}: agreed to. Whoever runs the host carries it out: "
        "countersign backup restore {name} --into PLACE",
    ),
    add_arguments=_add_approval,
)
REFUSE: Final = Verb(
    name="refuse-restore",
    summary="say no to it",
    run=partial(_give, _refuse, "{name}: refused, nothing is restored."),
    add_arguments=_add_answer,
)
