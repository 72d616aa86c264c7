"""The verbs that are done as soon as they are ordered: cancel, retire, pause, resume."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from typing import Final

from countersign.aggregates.read_model import ReadModel
from countersign.aggregates.root import DomainError
from countersign.cli.foundation import foundation
from countersign.cli.invocation import Invocation
from countersign.cli.projections.dry_run import dry_run
from countersign.cli.projections.ordering import Answer, Ordering, ordered
from countersign.cli.projections.verb import Exit, Verb, add_name, add_ordering, all_named
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json, show_json_line
from countersign.cli.tables import require_tables
from countersign.cli.verb_log import configure_verb_log
from countersign.commands.read_model.cancel_rebuild import CancelRebuild
from countersign.commands.read_model.order_retirement import OrderRetirement
from countersign.commands.read_model.pause_projection import PauseProjection
from countersign.commands.read_model.resume_projection import ResumeProjection
from countersign.projections.orders.impact import Order


def give(ordering: Ordering, done: str, invocation: Invocation) -> int:
    """Give an order that is done at once, or say what it would touch."""
    given, settings = invocation.arguments, invocation.settings
    wanted = all_named(given.name)
    configure_verb_log(settings)
    with foundation(settings) as base:
        require_tables(base.databases)
        if given.dry_run:
            return dry_run(base, ordering, given, wanted)
        try:
            answers = ordered(base, ordering, given, wanted)
        except DomainError as refused:
            return refuse(f"Refused: {refused.detail}")
    return conclude(answers, done, as_json=given.json)


def conclude(answers: Sequence[Answer], done: str, *, as_json: bool, as_lines: bool = False) -> int:
    """Tell what came of each order."""
    if as_lines:
        for answer in answers:
            show_json_line(asdict(answer))
    elif as_json:
        show_json({"orders": list(map(asdict, answers))})
    for answer in answers:
        if answer.refused is not None:
            refuse(f"{answer.projection}: {answer.refused}")
        elif not (as_json or as_lines):
            say(done.format(name=answer.projection, build=answer.build))
    return Exit.REFUSED if any(answer.refused for answer in answers) else Exit.DONE


def candidate(given: argparse.Namespace, model: ReadModel) -> int | None:
    """The build that is named, else the one that was ordered and waits."""
    return given.build or model.candidate


def kept(given: argparse.Namespace, model: ReadModel) -> int | None:
    """The build that is named, else the one that was replaced and kept."""
    return given.build or model.replaced


def add_build(parser: argparse.ArgumentParser, otherwise: str) -> None:
    """Which build."""
    parser.add_argument("--build", type=int, metavar="N", help=f"the build (default: {otherwise})")


def _cancel_arguments(parser: argparse.ArgumentParser) -> None:
    add_name(parser)
    add_build(parser, "the one under way")
    add_ordering(parser)


def _retire_arguments(parser: argparse.ArgumentParser) -> None:
    add_name(parser)
    add_build(parser, "the one that is kept to go back to")
    add_ordering(parser)


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_name(parser, several=True)
    add_ordering(parser)


def _run(ordering: Ordering, done: str) -> Callable[[Invocation], int]:
    return partial(give, ordering, done)


_CANCEL: Final = Ordering(
    order=Order.CANCEL,
    about=candidate,
    command=lambda _given, name, build, reason: CancelRebuild(name=name, build=build, reason=reason),
)
_RETIRE: Final = Ordering(
    order=Order.RETIRE,
    about=kept,
    command=lambda _given, name, build, reason: OrderRetirement(name=name, build=build, reason=reason),
)
_PAUSE: Final = Ordering(
    order=Order.PAUSE,
    command=lambda _given, name, _build, reason: PauseProjection(name=name, reason=reason),
)
_RESUME: Final = Ordering(
    order=Order.RESUME,
    command=lambda _given, name, _build, reason: ResumeProjection(name=name, reason=reason),
)

CANCEL: Final = Verb(
    name="cancel",
    summary="give up a build that was never shown, and drop its tables",
    run=_run(_CANCEL, "{name}: build {build} is given up; readers noticed nothing."),
    add_arguments=_cancel_arguments,
)
RETIRE: Final = Verb(
    name="retire",
    summary="drop the tables of a build that readers do not see",
    run=_run(_RETIRE, "{name}: build {build} is given up, its tables are dropped by `countersign work`."),
    add_arguments=_retire_arguments,
)
PAUSE: Final = Verb(
    name="pause",
    summary="let a read model stand still; it is read as it stands",
    run=_run(_PAUSE, "{name} is paused: `countersign projections resume {name}` lets it go on."),
    add_arguments=_arguments,
)
RESUME: Final = Verb(
    name="resume",
    summary="let a paused read model go on, or one that has stopped by itself",
    run=_run(_RESUME, "{name} goes on, as soon as its owner looks: within seconds."),
    add_arguments=_arguments,
)
