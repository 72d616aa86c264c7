"""How an order is given: a reason and a name are asked for, the log has it, the read database obeys."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from countersign.aggregates.read_model import ReadModel, read_model_id
from countersign.aggregates.root import DomainError
from countersign.cli.foundation import Foundation, utc_now
from countersign.cli.jobs.operator import Give
from countersign.cli.projections.asking import asked_reason, giving
from countersign.cli.projections.impact_shown import show_impact
from countersign.cli.screen import say
from countersign.eventstore.wakeups import READ
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.orders.control import Control
from countersign.projections.orders.impact import Impact, Order, impact
from countersign.projections.orders.inspection import inspected
from countersign.projections.projection import Projection

Command = Callable[[argparse.Namespace, str, int, str], Any]
About = Callable[[argparse.Namespace, ReadModel], int | None]


class NoSuchBuild(Exception):
    """The order is about a build, and there is none that it can mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """One verb that orders something.

    `about` tells which build the order is about, 0 for none and None when there is none that it can mean.
    `command` makes it of the arguments, the name, that build and the reason.
    """

    order: Order
    command: Command
    about: About = lambda _given, _model: 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of one order: the position at which it stands in the log, or why it was refused.

    `build` is the one that it is about.
    """

    projection: str
    order: Order
    build: int | None = None
    position: int | None = None
    refused: str | None = None


def impact_of(base: Foundation, ordering: Ordering, given: argparse.Namespace, one: Projection) -> Impact:
    """What it would touch.

    Raises:
        NoSuchBuild: see there.
    """
    read, head = base.databases.read, base.log.head()
    build = build_meant(base, ordering, given, one.name) or None
    with read.read() as connection:
        seen = inspected(connection, read, one, head)
        return impact(connection, ordering.order, seen, build, keep=_keep(base, given))


def build_meant(base: Foundation, ordering: Ordering, given: argparse.Namespace, name: str) -> int:
    """The build that an order is about; 0 for an order that is about none.

    Raises:
        NoSuchBuild: see there.
    """
    build = ordering.about(given, orders_about(base, name))
    if build is None:
        raise NoSuchBuild(
            f"{name} has no build for {ordering.order}: see `countersign projections show {name}`."
        )
    return build


def orders_about(base: Foundation, name: str) -> ReadModel:
    """What was ordered about a projection so far."""
    return base.store.aggregates.find(ReadModel, read_model_id(name)) or ReadModel.open(utc_now(), name)


def ordered(
    base: Foundation, ordering: Ordering, given: argparse.Namespace, projections: Sequence[Projection]
) -> list[Answer]:
    """Give the order about each projection, under one name and for one reason, and have it obeyed.

    Raises:
        UsageError: a script gives no reason or no name.
        DomainError: who is named may not sign in.
    """
    if sys.stdin.isatty() and not given.json:
        _show(base, ordering, given, projections)
    reason = asked_reason(given)
    with giving(base, given) as give:
        answers = [_answer(base, give, ordering, given, one.name, reason) for one in projections]
    obey(base)
    return answers


def obey(base: Foundation) -> None:
    """Let the read database do what is ordered, as far as it does so at once."""
    read = base.databases.read
    Control(base.log, base.store.mapper.happened, read, PROJECTIONS).obey()
    base.wakeups.signal(READ)


def _show(
    base: Foundation, ordering: Ordering, given: argparse.Namespace, projections: Iterable[Projection]
) -> None:
    for one in projections:
        try:
            show_impact(impact_of(base, ordering, given, one))
        except NoSuchBuild as nothing:
            say(str(nothing))
        say("")


def _answer(
    base: Foundation, give: Give, ordering: Ordering, given: argparse.Namespace, name: str, reason: str
) -> Answer:
    try:
        build = build_meant(base, ordering, given, name)
        receipt = give(ordering.command(given, name, build, reason))
    except NoSuchBuild as nothing:
        return Answer(projection=name, order=ordering.order, refused=str(nothing))
    except DomainError as refused:
        return Answer(projection=name, order=ordering.order, refused=refused.detail)
    if ordering.order in (Order.REBUILD, Order.COMPARE):
        build = orders_about(base, name).candidate or build
    return Answer(projection=name, order=ordering.order, build=build or None, position=receipt.position)


def _keep(base: Foundation, given: argparse.Namespace) -> bool:
    keep: bool | None = getattr(given, "keep", None)
    return base.settings.projections.keep_replaced if keep is None else keep
