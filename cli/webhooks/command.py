"""`countersign webhooks`: who is told of what happens here, and how that goes."""

from __future__ import annotations

import argparse
from typing import Final

from countersign.cli.invocation import Invocation, Subcommand
from countersign.cli.places import add_places
from countersign.cli.projections.verb import Verb
from countersign.cli.webhooks.deciding import DELETE, PAUSE, REPLAY, RESEND, RESUME, TEST
from countersign.cli.webhooks.listing import DELIVERIES, DELIVERY, LIST
from countersign.cli.webhooks.registering import REGISTER, ROTATE

_VERBS: Final[tuple[Verb, ...]] = (
    LIST,
    REGISTER,
    ROTATE,
    PAUSE,
    RESUME,
    TEST,
    DELIVERIES,
    DELIVERY,
    RESEND,
    REPLAY,
    DELETE,
)


def run(invocation: Invocation) -> int:
    """Hand over to the verb."""
    return int(invocation.arguments.act(invocation))


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON document, for scripts")
    parser.set_defaults(act=LIST.run)
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
    name="webhooks",
    summary="endpoints that are told of what happens: register, pause, test, resend, replay",
    description="`list` shows the endpoints, what waits for each and what was given up; `deliveries ID` what "
    "was sent to one. Orders are recorded in your name (`--as E-MAIL`): administrators register, exchange "
    "secrets, pause and replay, operators send again what was given up. See docs/webhooks.md.",
    run=run,
    add_arguments=_add_arguments,
)
