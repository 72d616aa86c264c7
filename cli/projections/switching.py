"""`projections promote` and `rollback`: which build readers see."""

from __future__ import annotations

import argparse
from functools import partial
from typing import Final

from countersign.cli.projections.ordering import Ordering
from countersign.cli.projections.rebuilding import add_keep, run_order
from countersign.cli.projections.simple_orders import add_build, candidate
from countersign.cli.projections.verb import Verb, add_following, add_name, add_ordering
from countersign.commands.read_model.order_promotion import OrderPromotion
from countersign.commands.read_model.order_rollback import OrderRollback
from countersign.projections.orders.impact import Order

_ORDERED: Final = "{name}: build {build} is ordered to be shown; `countersign work` does it."
_PROMOTE: Final = Ordering(
    order=Order.PROMOTE,
    about=candidate,
    command=lambda given, name, build, reason: OrderPromotion(
        name=name, build=build, reason=reason, keep=given.keep
    ),
)
_ROLLBACK: Final = Ordering(
    order=Order.ROLLBACK,
    about=lambda _given, model: model.replaced,
    command=lambda _given, name, _build, reason: OrderRollback(name=name, reason=reason),
)


def _promote_arguments(parser: argparse.ArgumentParser) -> None:
    add_name(parser)
    add_build(parser, "the one that waits for a decision")
    add_keep(parser)
    add_ordering(parser)
    add_following(parser)


def _rollback_arguments(parser: argparse.ArgumentParser) -> None:
    add_name(parser)
    add_ordering(parser)
    add_following(parser)


PROMOTE: Final = Verb(
    name="promote",
    summary="let readers see a build, whatever differs in it",
    run=partial(run_order, _PROMOTE, _ORDERED),
    add_arguments=_promote_arguments,
)
ROLLBACK: Final = Verb(
    name="rollback",
    summary="let readers see again what the latest promotion replaced",
    run=partial(run_order, _ROLLBACK, _ORDERED),
    add_arguments=_rollback_arguments,
)
