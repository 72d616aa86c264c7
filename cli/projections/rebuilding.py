"""`projections rebuild`: the tables made anew beside those that readers see."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from countersign.aggregates.read_model_builds import Promote
from countersign.aggregates.root import DomainError
from countersign.cli.foundation import Foundation, foundation
from countersign.cli.invocation import Invocation
from countersign.cli.projections.dry_run import dry_run
from countersign.cli.projections.following import follow
from countersign.cli.projections.ordering import Answer, Ordering, ordered, orders_about
from countersign.cli.projections.simple_orders import conclude
from countersign.cli.projections.verb import Verb, add_following, add_name, add_ordering, all_named
from countersign.cli.refusal import refuse
from countersign.cli.screen import say
from countersign.cli.tables import require_tables
from countersign.cli.verb_log import configure_verb_log
from countersign.commands.read_model.order_rebuild import OrderRebuild
from countersign.projections.building import builds
from countersign.projections.building.builds import UNDER_WAY
from countersign.projections.orders.impact import Order
from countersign.projections.projection import Projection

ORDERED: Final = "{name}: build {build} is ordered; `countersign work` makes it."


def run_order(ordering: Ordering, done: str, invocation: Invocation) -> int:
    """Give the order and stay with it; a rebuild that somebody has begun is gone on with."""
    given, settings = invocation.arguments, invocation.settings
    wanted = all_named(given.name)
    configure_verb_log(settings)
    with foundation(settings) as base:
        require_tables(base.databases)
        if given.dry_run:
            return dry_run(base, ordering, given, wanted)
        try:
            answers = _answers(base, ordering, given, wanted)
        except DomainError as refused:
            return refuse(f"Refused: {refused.detail}")
        if given.no_wait:
            return conclude(answers, done, as_json=given.json, as_lines=given.json_lines)
        return follow(base, given, answers)


def _answers(
    base: Foundation, ordering: Ordering, given: argparse.Namespace, wanted: Sequence[Projection]
) -> list[Answer]:
    begun = _begun(base, wanted, ordering.order)
    for name, build in begun.items() if not (given.json or given.json_lines) else ():
        say(f"{name}: build {build} was ordered before and is under way: going on with it.")
    rest = [one for one in wanted if one.name not in begun]
    given_now = ordered(base, ordering, given, rest) if rest else []
    going_on = [Answer(projection=name, order=ordering.order, build=build) for name, build in begun.items()]
    return [*going_on, *given_now]


def _begun(base: Foundation, wanted: Sequence[Projection], order: Order) -> dict[str, int]:
    """The builds under way, by the name of their projection: whoever made them may have been killed.

    To compare, one is gone on with that was not meant to be shown.
    """
    with base.databases.read.read() as connection:
        known = builds.load(connection, [one.name for one in wanted], UNDER_WAY)
    candidates = {one.name: orders_about(base, one.name).candidate for one in wanted}
    fit = [one for one in known if order is not Order.COMPARE or one.promote is Promote.NEVER]
    return {build.name: build.build for build in fit if candidates[build.name] == build.build}


def _rebuild(given: argparse.Namespace, name: str, _build: int, reason: str) -> Any:
    promote, keep = Promote(given.promote), given.keep
    return OrderRebuild(name=name, reason=reason, segments=given.segments, promote=promote, keep=keep)


def _rebuild_arguments(parser: argparse.ArgumentParser) -> None:
    add_name(parser, several=True)
    parser.add_argument(
        "--promote",
        choices=list(map(str, Promote)),
        default=str(Promote.EQUAL),
        help="when readers see it: if no row differs (default), in any case, or when it is ordered",
    )
    parser.add_argument(
        "--segments", type=int, metavar="N", help="parts that processes work on (default: as configured)"
    )
    add_keep(parser)
    add_ordering(parser)
    add_following(parser)


def add_keep(parser: argparse.ArgumentParser) -> None:
    """Whether what is replaced stays."""
    parser.add_argument(
        "--keep",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="keep what is replaced, to go back to it at once (default: as configured)",
    )


REBUILD: Final = Verb(
    name="rebuild",
    summary="make the tables anew beside the live ones, compare both, exchange them",
    description="Makes the tables anew from the log beside those that readers see, compares both at the same "
    "position and lets readers see the new ones when no row differs. Readers notice nothing; nothing is "
    "mailed or rendered again. It goes on where it stopped, also after kill -9, in this process or in "
    "`countersign work`. Ends with 3 when rows differ: look with `show NAME --build N`, then promote or "
    "cancel it.",
    run=partial(run_order, Ordering(order=Order.REBUILD, command=_rebuild), ORDERED),
    add_arguments=_rebuild_arguments,
)
