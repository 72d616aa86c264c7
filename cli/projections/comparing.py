"""`projections compare`: what differs between what readers see and tables that are made anew."""

from __future__ import annotations

import argparse
from typing import Any, Final

from countersign.aggregates.read_model_builds import Promote
from countersign.cli.foundation import Foundation, foundation
from countersign.cli.invocation import Invocation
from countersign.cli.projections.ordering import Ordering
from countersign.cli.projections.outcome import outcome_of
from countersign.cli.projections.rebuilding import ORDERED, run_order
from countersign.cli.projections.verb import Verb, add_following, add_name, add_ordering, named
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.commands.read_model.order_rebuild import OrderRebuild
from countersign.projections.building import builds
from countersign.projections.building.builder import Options
from countersign.projections.building.builds import Build, Status
from countersign.projections.building.report import report_on
from countersign.projections.building.side_by_side import Feed, NotNow
from countersign.projections.orders.impact import Order
from countersign.projections.projection import Projection


def _run(invocation: Invocation) -> int:
    if invocation.arguments.build is None:
        return run_order(_COMPARE, ORDERED, invocation)
    return _once_more(invocation, named(invocation.arguments.name))


def _once_more(invocation: Invocation, projection: Projection) -> int:
    """Compare a build that follows; nothing is ordered, since nothing changes but its report."""
    given = invocation.arguments
    with foundation(invocation.settings) as base:
        require_tables(base.databases)
        try:
            build = _compared(base, projection, given.build)
        except NotNow as reason:
            return refuse(f"{projection.name}: {reason}.")
    if build is None:
        return refuse(f"{projection.name} has no build {given.build} that follows the log.")
    outcome = outcome_of(build, Order.COMPARE)
    if given.json or given.json_lines:
        show_json({"projection": build.name, "build": build.build, "report": build.report})
    else:
        say(outcome.done)
    return outcome.exit


def _compared(base: Foundation, projection: Projection, number: int) -> Build | None:
    settings, read = base.settings.projections, base.databases.read
    build = _following(base, projection.name, number)
    if build is None:
        return None
    feed = Feed(base.log, base.store.mapper.happened, Options().batch_size, settings.letters_max)
    report = report_on(read, feed, projection, build)
    with read.write() as connection:
        builds.turn(connection, build.name, number, [Status.FOLLOWING], report=report)
    return _following(base, projection.name, number)


def _following(base: Foundation, name: str, number: int) -> Build | None:
    with base.databases.read.read() as connection:
        known = builds.load(connection, [name], [Status.FOLLOWING])
    return next((build for build in known if build.build == number), None)


def _order(_given: argparse.Namespace, name: str, _build: int, reason: str) -> Any:
    return OrderRebuild(name=name, reason=reason, promote=Promote.NEVER)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_name(parser, several=True)
    parser.add_argument(
        "--build", type=int, metavar="N", help="compare this build once more, which takes no order"
    )
    add_ordering(parser)
    add_following(parser)


_COMPARE: Final = Ordering(order=Order.COMPARE, command=_order)
COMPARE: Final = Verb(
    name="compare",
    summary="make the tables anew and say what differs, while readers see the old ones",
    description="Makes the tables anew as `rebuild` does, compares both and leaves the decision: the new "
    "ones follow the log until they are promoted or cancelled. Ends with 3 when rows differ.",
    run=_run,
    add_arguments=_add_arguments,
)
