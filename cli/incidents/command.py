"""`countersign incidents`: what was not well, and who sees to it."""

from __future__ import annotations

import argparse
from typing import Final

from countersign.cli.incidents.deciding import ACKNOWLEDGE, RESOLVE
from countersign.cli.incidents.listing import LIST, SHOW
from countersign.cli.invocation import Invocation, Subcommand
from countersign.cli.places import add_places
from countersign.cli.projections.verb import Verb

_VERBS: Final[tuple[Verb, ...]] = (LIST, SHOW, ACKNOWLEDGE, RESOLVE)


def run(invocation: Invocation) -> int:
    """Hand over to the verb."""
    return int(invocation.arguments.act(invocation))


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document, for scripts")
    parser.set_defaults(act=LIST.run, all=False, limit=50)
    offered = parser.add_subparsers(title="verbs", metavar="VERB")
    for verb in _VERBS:
        one = offered.add_parser(verb.name, help=verb.summary, description=verb.description or verb.summary)
        add_places(one, argparse.SUPPRESS)
        one.add_argument(
            "--json",
            action="store_true",
            default=argparse.SUPPRESS,
            help="JSON on standard output, for scripts",
        )
        verb.add_arguments(one)
        one.set_defaults(act=verb.run)


SUBCOMMAND = Subcommand(
    name="incidents",
    summary="what was not well: list, show, acknowledge, resolve",
    description="`list` shows the incidents that are not over (`--all`: every one), `show ID` one of them. "
    "`acknowledge ID` says that you see to it, which ends the calling; `resolve ID --note TEXT` closes it by "
    "hand, which good readings do by themselves. Both are recorded in your name (`--as E-MAIL`).",
    run=run,
    add_arguments=_add_arguments,
)
