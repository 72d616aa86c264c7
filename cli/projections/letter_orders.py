"""`projections dead-letters retry` and `discard`: what is done about events that could not be taken."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from typing import Final

from countersign.aggregates.root import DomainError
from countersign.cli.foundation import Foundation, foundation
from countersign.cli.invocation import Invocation
from countersign.cli.projections.dry_run import dry_run
from countersign.cli.projections.ordering import Ordering, ordered
from countersign.cli.projections.simple_orders import conclude
from countersign.cli.projections.verb import ALL, Verb, add_ordering, all_named, named
from countersign.cli.refusal import refuse
from countersign.cli.tables import require_tables
from countersign.cli.verb_log import configure_verb_log
from countersign.commands.read_model.approve_discard import ApproveDiscard
from countersign.commands.read_model.propose_discard import ProposeDiscard
from countersign.commands.read_model.retry_letters import RetryLetters
from countersign.projections.letters.dead_letters_queries import letters_at
from countersign.projections.orders.impact import Order

_RETRIED: Final = "{name}: the letters are tried again, in the order of the log, as soon as its owner looks."
_PROPOSED: Final = (
    "{{name}}: proposed. A second operator or administrator agrees with "
    "`countersign projections dead-letters discard {{name}} {position} --approve`."
)
_APPROVED: Final = "{name}: the event is passed over, and what is held behind it goes on."


def _give(ordering: Ordering, done: str, invocation: Invocation, positions: Sequence[int]) -> int:
    given, settings = invocation.arguments, invocation.settings
    wanted = all_named(given.name)
    configure_verb_log(settings)
    with foundation(settings) as base:
        require_tables(base.databases)
        if missing := _missing(base, given.name, positions):
            return refuse(f"{given.name} has no dead letter at {', '.join(map(str, missing))}.")
        if given.dry_run:
            return dry_run(base, ordering, given, wanted)
        try:
            answers = ordered(base, ordering, given, wanted)
        except DomainError as refused:
            return refuse(f"Refused: {refused.detail}")
    return conclude(answers, done, as_json=given.json)


def _missing(base: Foundation, name: str, positions: Sequence[int]) -> list[int]:
    return [at for at in positions if not letters_at(base.databases.read, name, at)]


def _retry(invocation: Invocation) -> int:
    return _give(_RETRY, _RETRIED, invocation, invocation.arguments.positions)


def _discard(invocation: Invocation) -> int:
    given = invocation.arguments
    named(given.name)  # one letter at a time
    proposed = _PROPOSED.format(position=given.position)
    ordering, done = (_APPROVE, _APPROVED) if given.approve else (_PROPOSE, proposed)
    return _give(ordering, done, invocation, [given.position])


def _retry_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help=f"the projection, or `{ALL}`")
    parser.add_argument("positions", nargs="*", type=int, metavar="POSITION", help="which (default: all)")
    add_ordering(parser)


def _discard_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the projection")
    parser.add_argument("position", type=int, metavar="POSITION", help="the event's place in the log")
    parser.add_argument(
        "--approve", action="store_true", help="agree, as the second person, to what another has proposed"
    )
    add_ordering(parser)


def _of_letter(
    command: type[ProposeDiscard] | type[ApproveDiscard],
    given: argparse.Namespace,
    name: str,
    _build: int,
    reason: str,
) -> ProposeDiscard | ApproveDiscard:
    return command(name=name, position=given.position, reason=reason)


_RETRY: Final = Ordering(
    order=Order.RETRY,
    command=lambda given, name, _build, reason: RetryLetters(
        name=name, positions=tuple(given.positions), reason=reason
    ),
)
_PROPOSE: Final = Ordering(order=Order.DISCARD, command=partial(_of_letter, ProposeDiscard))
_APPROVE: Final = Ordering(order=Order.DISCARD, command=partial(_of_letter, ApproveDiscard))

RETRY: Final = Verb(
    name="retry",
    summary="try letters again, when the program or the table was mended",
    run=_retry,
    add_arguments=_retry_arguments,
)
DISCARD: Final = Verb(
    name="discard",
    summary="go on without an event: one person proposes it, a second one approves",
    run=_discard,
    add_arguments=_discard_arguments,
)
