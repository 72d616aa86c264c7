"""What a verb of `countersign projections` is, and the options that its verbs share."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from countersign.cli.invocation import Invocation, UsageError
from countersign.projections.catalogue import PROJECTIONS, UnknownProjection, projection_named
from countersign.projections.projection import Projection

ALL = "all"


class Exit(IntEnum):
    """How a verb ended; scripts may build on it."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    DIFFERS = 3  # built, and not shown to readers, since rows differ
    UNFINISHED = 4  # ordered, and not done in the time that was given


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One of them."""

    name: str
    summary: str
    run: Callable[[Invocation], int]
    add_arguments: Callable[[argparse.ArgumentParser], None]
    description: str = ""


def add_name(parser: argparse.ArgumentParser, *, several: bool = False) -> None:
    """Which projection, or all of them."""
    parser.add_argument(
        "name", metavar="NAME", help=f"one of the list, or `{ALL}`" if several else "one of the list"
    )


def add_ordering(parser: argparse.ArgumentParser) -> None:
    """How an order is given."""
    group = parser.add_argument_group("the order")
    group.add_argument(
        "--dry-run", action="store_true", help="only say what it would touch, and order nothing"
    )
    group.add_argument("--reason", metavar="TEXT", help="why; kept in the history (10 characters or more)")
    group.add_argument(
        "--as", dest="operator", metavar="E-MAIL", help="the operator or administrator who orders it"
    )
    group.add_argument(
        "--password-stdin", action="store_true", help="read their password from standard input"
    )


def add_following(parser: argparse.ArgumentParser) -> None:
    """How long the verb stays with what it has ordered, and what it tells meanwhile."""
    group = parser.add_argument_group("while it is done")
    group.add_argument("--no-wait", action="store_true", help="leave it to `countersign work`")
    group.add_argument(
        "--timeout",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="how long a finished build may wait to be shown (default: 60)",
    )
    group.add_argument(
        "--json-lines", action="store_true", help="an object a line, for scripts that follow the progress"
    )


def named(name: str) -> Projection:
    """The projection of that name.

    Raises:
        UsageError: there is none.
    """
    try:
        return projection_named(name)
    except UnknownProjection as unknown:
        raise UsageError(f"{unknown}.") from unknown


def all_named(name: str) -> tuple[Projection, ...]:
    """Every projection for `all`, else the one of that name.

    Raises:
        UsageError: there is none.
    """
    return PROJECTIONS if name == ALL else (named(name),)
