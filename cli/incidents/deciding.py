"""The verbs by which an operator sees to an incident."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from countersign.aggregates.root import DomainError
from countersign.cli.foundation import foundation
from countersign.cli.incidents.listing import add_id
from countersign.cli.invocation import Invocation
from countersign.cli.projections.asking import giving
from countersign.cli.projections.verb import Exit, Verb
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.commands.incident.acknowledge_incident import AcknowledgeIncident
from countersign.commands.incident.resolve_incident import ResolveIncident
from countersign.config.log_setup import configure_logging

_Make = Callable[[argparse.Namespace], Any]


def _decide(make: _Make, done: str, invocation: Invocation) -> int:
    settings, given = invocation.settings, invocation.arguments
    configure_logging(settings.logging, settings.secrets())
    with foundation(settings) as base:
        require_tables(base.databases)
        try:
            with giving(base, given) as give:
                receipt = give(make(given))
        except DomainError as refused:
            return refuse(f"Refused: {refused.detail}")
    if given.json:
        show_json({"incident_id": given.id, "status": done, "position": receipt.position})
    else:
        say(f"The incident is {done}.")
    return Exit.DONE


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_id(parser)
    parser.add_argument("--note", default="", metavar="TEXT", help="what was done, or what is going to be")
    parser.add_argument(
        "--as", dest="operator", metavar="E-MAIL", help="the operator or administrator who decides"
    )
    parser.add_argument(
        "--password-stdin", action="store_true", help="read their password from standard input"
    )


def _acknowledgement(given: argparse.Namespace) -> AcknowledgeIncident:
    return AcknowledgeIncident(incident_id=given.id, note=given.note)


def _resolution(given: argparse.Namespace) -> ResolveIncident:
    return ResolveIncident(incident_id=given.id, note=given.note)


ACKNOWLEDGE: Final = Verb(
    name="acknowledge",
    summary="say that you see to it; nobody is called any more",
    run=partial(_decide, _acknowledgement, "acknowledged"),
    add_arguments=_add_arguments,
)
RESOLVE: Final = Verb(
    name="resolve",
    summary="close it by hand, with a note on what was done",
    run=partial(_decide, _resolution, "resolved"),
    add_arguments=_add_arguments,
)
