"""`countersign config`: what holds and where it is written, what is wrong, and what differs."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Final

from countersign.cli.configuration.check import check
from countersign.cli.configuration.diff import diff
from countersign.cli.configuration.show import show
from countersign.cli.invocation import Invocation, Subcommand, UsageError
from countersign.config.layers import ENVIRONMENTS

_VERBS: Final[Mapping[str, Callable[[Invocation], int]]] = {"show": show, "check": check, "diff": diff}


def run(invocation: Invocation) -> int:
    """Hand over to one of the verbs.

    Raises:
        UsageError: something is named for a verb that takes nothing.
    """
    given = invocation.arguments
    if given.action != "diff" and given.places:
        raise UsageError(f"`countersign config {given.action}` takes --env, not {' '.join(given.places)}.")
    return _VERBS[given.action](invocation)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action", nargs="?", choices=tuple(_VERBS), default="show", help="what to do (default: show)"
    )
    parser.add_argument(
        "places", nargs="*", metavar="A B", help=f"diff: one of {', '.join(ENVIRONMENTS)}, or a folder each"
    )
    parser.add_argument("--env", choices=ENVIRONMENTS, help="show, check: an environment other than this")
    parser.add_argument("--json", action="store_true", help="print one JSON document, for scripts")


SUBCOMMAND = Subcommand(
    name="config",
    summary="show, check and compare the settings",
    description="`show` lists each setting with where it is written. `check` says all that is wrong, with "
    "exit status 1 when something is. `diff A B` compares two environments or folders of settings. No secret "
    "is ever shown; one that is kept elsewhere is shown as the reference to it.",
    run=run,
    add_arguments=_add_arguments,
)
