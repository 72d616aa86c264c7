"""The verbs by which an operator sees to an incident."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from countersign.cli.foundation import Foundation
from countersign.cli.giving import add_giving, give
from countersign.cli.incidents.listing import add_id
from countersign.cli.invocation import Invocation
from countersign.cli.projections.verb import Verb
from countersign.commands.incident.acknowledge_incident import AcknowledgeIncident
from countersign.commands.incident.resolve_incident import ResolveIncident

_Decision = AcknowledgeIncident | ResolveIncident


def _decide(kind: Callable[..., _Decision], done: str, invocation: Invocation) -> int:
    def make(given: argparse.Namespace, _base: Foundation) -> _Decision:
        return kind(incident_id=given.id, note=given.note)

    def tell(command: _Decision, _base: Foundation) -> Mapping[str, Any]:
        return {"incident_id": command.incident_id, "status": done}

    return give(invocation, make, f"The incident is {done}.", tell)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_id(parser)
    parser.add_argument("--note", default="", metavar="TEXT", help="what was done, or what is going to be")
    add_giving(parser)


ACKNOWLEDGE: Final = Verb(
    name="acknowledge",
    summary="say that you see to it; nobody is called any more",
    run=partial(_decide, AcknowledgeIncident, "acknowledged"),
    add_arguments=_add_arguments,
)
RESOLVE: Final = Verb(
    name="resolve",
    summary="close it by hand, with a note on what was done",
    run=partial(_decide, ResolveIncident, "resolved"),
    add_arguments=_add_arguments,
)
