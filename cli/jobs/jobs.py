"""`countersign jobs`: what is done in the background, and what to do when it was given up."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from functools import partial
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from countersign.aggregates.root import DomainError
from countersign.cli.bounded import row_count, seconds, whole_number
from countersign.cli.foundation import Foundation, foundation
from countersign.cli.invocation import Invocation, Subcommand, UsageError
from countersign.cli.jobs.background import background_work, effects_about
from countersign.cli.jobs.figures import show_figures
from countersign.cli.jobs.operator import Give, asked_code, asked_password, signed_in
from countersign.cli.jobs.remedies import NothingToDo, Remedies
from countersign.cli.jobs.watching import watch
from countersign.cli.jobs.workers import show_workers
from countersign.cli.ledger import Ledger, ledger
from countersign.cli.listing import show_rows
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.cli.verb_log import configure_verb_log
from countersign.projections.work.job_board_queries import job
from countersign.projections.work.job_states import JobKind, JobState
from countersign.projections.work.mail_outbox_queries import mail

_COLUMNS: Final = ("id", "kind", "subject", "state", "attempts", "since", "next_at", "error")
_KINDS: Final = (*map(str, JobKind), "order")
_HOURS_AT_MOST: Final = 1_000_000


def run(invocation: Invocation) -> int:
    """Look, or decide."""
    given = invocation.arguments
    if given.action in _LOOKS:
        return _in_ledger(invocation, _LOOKS[given.action])
    if given.id is None:
        raise UsageError(f"Name the job: `countersign jobs {given.action} ID`.")
    if given.action == "show":
        return _in_ledger(invocation, _show)
    return _decide(invocation)


def _in_ledger(invocation: Invocation, look: Callable[[Ledger, argparse.Namespace], int]) -> int:
    with ledger(invocation.settings) as opened:
        require_tables(opened.databases)
        return look(opened, invocation.arguments)


def _list(opened: Ledger, given: argparse.Namespace) -> int:
    read = opened.databases.read
    found = background_work(read, kind=given.kind, states=given.state or (), limit=given.limit)
    listed = [asdict(each) for each in found]
    if given.json:
        show_json({"jobs": listed})
    elif listed:
        show_rows(_COLUMNS, listed)
    else:
        say("There are none.")
    return 0


def _show(opened: Ledger, given: argparse.Namespace) -> int:
    read = opened.databases.read
    effects = [asdict(effect) for effect in effects_about(read, given.id)]
    found, letter = job(read, given.id), mail(read, given.id)
    if found is None and not effects:
        return refuse(f"There is no job {given.id}: see `countersign jobs list`.")
    known = {} if found is None else asdict(found)
    if letter is not None:
        known |= {name: value for name, value in asdict(letter).items() if name not in known}
    if given.json:
        show_json({"job": known or None, "effects": effects})
    else:
        _show_facts(known)
        for effect in effects:
            say("")
            _show_facts(effect)
    return 0


_LOOKS: Final[Mapping[str, Callable[[Ledger, argparse.Namespace], int]]] = MappingProxyType(
    {"list": _list, "stats": show_figures, "watch": watch, "workers": show_workers}
)


def _show_facts(facts: Mapping[str, Any]) -> None:
    shown = {name: value for name, value in facts.items() if value not in (None, "", ())}
    show_rows(("fact", "value"), [{"fact": name, "value": str(value)} for name, value in shown.items()])


def _decide(invocation: Invocation) -> int:
    settings, given = invocation.settings, invocation.arguments
    if given.action != "retry" and not given.reason:
        raise UsageError(f"Say why: `countersign jobs {given.action} ID --reason TEXT`.")
    configure_verb_log(settings)
    with foundation(settings) as base:
        require_tables(base.databases)
        remedies = Remedies(base, lambda: _operator(base, given))
        try:
            done = getattr(remedies, given.action)(given.id, given.reason or "")
        except NothingToDo as nothing:
            return refuse(str(nothing))
        except DomainError as refused:
            return refuse(f"Refused: {refused.detail}")
    if given.json:
        show_json({"id": given.id, "done": done})
    else:
        say(done)
    return 0


def _operator(base: Foundation, given: argparse.Namespace) -> AbstractContextManager[Give]:
    if given.operator is None:
        raise UsageError(
            "This is recorded in an operator's name: add `--as E-MAIL` (operator or administrator)."
        )
    password = asked_password(given.operator, from_stdin=given.password_stdin)
    return signed_in(base, given.operator, password, partial(asked_code, from_stdin=given.password_stdin))


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = (*_LOOKS, "show", "retry", "discard", "cancel")
    parser.add_argument(
        "action", nargs="?", choices=actions, default="list", help="what to do (default: list)"
    )
    parser.add_argument(
        "id", nargs="?", type=UUID, metavar="ID", help="the job: for show, retry, discard and cancel"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document, for scripts")
    listing = parser.add_argument_group("list")
    listing.add_argument(
        "--state",
        action="append",
        choices=list(map(str, JobState)),
        metavar="STATE",
        help=f"only these: {', '.join(JobState)} (may be repeated)",
    )
    listing.add_argument("--kind", choices=_KINDS, metavar="KIND", help=f"only these: {', '.join(_KINDS)}")
    listing.add_argument(
        "--limit", type=row_count, default=50, help="at most so many of each state (default: 50)"
    )
    lately = parser.add_argument_group("stats and watch")
    lately.add_argument(
        "--hours", type=whole_number(1, _HOURS_AT_MOST), default=24, help="for so long back (default: 24)"
    )
    lately.add_argument(
        "--every", type=seconds(0.2, 3600), default=1.0, metavar="S", help="look every S seconds (watch)"
    )
    deciding = parser.add_argument_group("retry, discard and cancel")
    deciding.add_argument("--reason", help="why; kept in the history of the job")
    deciding.add_argument(
        "--as", dest="operator", metavar="E-MAIL", help="the operator or administrator who decides"
    )
    deciding.add_argument(
        "--password-stdin", action="store_true", help="read their password from standard input"
    )


SUBCOMMAND = Subcommand(
    name="jobs",
    summary="background work: list, show, stats, watch, workers, retry, discard, cancel",
    description="`list` shows documents, mails and maintenance with their states: `failed` was given up, and "
    "of a mail `in_doubt` nobody knows whether it went. `show ID` tells everything about one. `retry ID` has "
    "it done once more, `discard ID --reason TEXT` lets it be, `cancel ID --reason TEXT` keeps what waits "
    "from being done, and stops what is being done. What is decided is recorded in the name of an operator, "
    "who signs in with `--as E-MAIL`. `stats` counts states, failures and what ended, `watch` shows it all "
    "on one screen, `workers` the processes that do it.",
    run=run,
    add_arguments=_add_arguments,
)
