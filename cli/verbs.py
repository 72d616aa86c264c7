"""A verb of the command line that has verbs of its own."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from countersign.cli.invocation import Invocation
from countersign.cli.places import add_places
from countersign.cli.projections.verb import Verb


def add_verbs(
    parser: argparse.ArgumentParser, verbs: Sequence[Verb], unless_named: Verb, **defaults: Any
) -> None:
    """Offer verbs, each with `--json` and with the places where everything lies."""
    parser.add_argument("--json", action="store_true", help="print one JSON document, for scripts")
    parser.set_defaults(act=unless_named.run, **defaults)
    offer_verbs(parser, verbs)


def offer_verbs(parser: argparse.ArgumentParser, verbs: Sequence[Verb]) -> None:
    """Offer verbs where what they have in common is set already."""
    offered = parser.add_subparsers(title="verbs", metavar="VERB")
    for verb in verbs:
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


def run_verb(invocation: Invocation) -> int:
    """Hand over to the verb that was named, or to the one that stands for none."""
    return int(invocation.arguments.act(invocation))
