"""How an order is given at the command line, in the name of whoever gives it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from countersign.aggregates.root import DomainError
from countersign.cli.foundation import Foundation, foundation
from countersign.cli.invocation import Invocation
from countersign.cli.projections.asking import giving
from countersign.cli.projections.verb import Exit
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.cli.verb_log import configure_verb_log

Make = Callable[[argparse.Namespace, Foundation], Any]
Tell = Callable[[Any, Foundation], Mapping[str, Any]]


def give(invocation: Invocation, make: Make, done: str, tell: Tell) -> int:
    """Have an order recorded, and say what came of it: `tell` adds facts, each shown on a line of its own."""
    settings, given = invocation.settings, invocation.arguments
    configure_verb_log(settings)
    with foundation(settings) as base:
        require_tables(base.databases)
        try:
            with giving(base, given) as ordered:
                command = make(given, base)
                receipt = ordered(command)
        except DomainError as refused:
            return refuse(_why(refused))
        facts = {**tell(command, base), "position": receipt.position}
    if given.json:
        show_json({"done": done, **facts})
    else:
        say(done)
        for name, value in facts.items():
            say(f"  {name.replace('_', ' ')}: {value}")
    return Exit.DONE


def add_giving(parser: argparse.ArgumentParser) -> None:
    """In whose name."""
    parser.add_argument(
        "--as", dest="operator", metavar="E-MAIL", help="the administrator or operator who gives it"
    )
    parser.add_argument(
        "--password-stdin", action="store_true", help="read their password from standard input"
    )


def _why(refused: DomainError) -> str:
    said = [(pointer, fault) for pointer, fault in refused.pointers if fault != refused.detail]
    faults = "".join(f"\n  {pointer}: {fault}" for pointer, fault in said)
    return f"Refused: {refused.detail}{faults}"
