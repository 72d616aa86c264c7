"""The verbs by which a schedule is paused, resumed, and run now."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

from countersign.cli.foundation import Foundation
from countersign.cli.giving import add_giving, give
from countersign.cli.invocation import Invocation
from countersign.cli.projections.verb import Verb
from countersign.commands.schedule.pause_schedule import PauseSchedule
from countersign.commands.schedule.resume_schedule import ResumeSchedule
from countersign.commands.schedule.run_schedule import RunSchedule

_Order = PauseSchedule | ResumeSchedule | RunSchedule


def _order(kind: Callable[..., _Order], done: str, invocation: Invocation) -> int:
    def make(given: argparse.Namespace, _base: Foundation) -> _Order:
        return kind(schedule_id=given.id)

    def tell(command: _Order, _base: Foundation) -> Mapping[str, Any]:
        return {"schedule_id": command.schedule_id}

    return give(invocation, make, done, tell)


def add_id(parser: argparse.ArgumentParser) -> None:
    """Which schedule."""
    parser.add_argument("id", type=UUID, metavar="ID", help="a schedule, as the list has it")


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_id(parser)
    add_giving(parser)


PAUSE: Final = Verb(
    name="pause",
    summary="have it send nothing until it is resumed; what would be due meanwhile is not missed",
    run=partial(_order, PauseSchedule, "The schedule is paused."),
    add_arguments=_add_arguments,
)
RESUME: Final = Verb(
    name="resume",
    summary="have it go on with the due times from now on",
    run=partial(_order, ResumeSchedule, "The schedule goes on."),
    add_arguments=_add_arguments,
)
RUN: Final = Verb(
    name="run",
    summary="run it now, besides its due times",
    run=partial(_order, RunSchedule, "A run was begun: `countersign schedules list` tells how it went."),
    add_arguments=_add_arguments,
)
