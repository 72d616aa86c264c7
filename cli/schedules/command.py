"""`countersign schedules`: what is due next, and the schedules that people keep."""

from __future__ import annotations

import argparse

from countersign.cli.invocation import Subcommand
from countersign.cli.schedules.changing import CHANGE
from countersign.cli.schedules.listing import LIST, NEXT
from countersign.cli.schedules.ordering import PAUSE, RESUME, RUN
from countersign.cli.verbs import add_verbs, run_verb


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, (NEXT, LIST, PAUSE, RESUME, RUN, CHANGE), unless_named=NEXT)


SUBCOMMAND = Subcommand(
    name="schedules",
    summary="what is due next, and the schedules that people keep",
    description="`next` shows when each kind of periodic work and each schedule is due next, the earliest "
    "first; `list` the schedules with how the latest run of each went. `pause`, `resume`, `run` and `change` "
    "are recorded in the name of an operator (`--as E-MAIL`).",
    run=run_verb,
    add_arguments=_add_arguments,
)
