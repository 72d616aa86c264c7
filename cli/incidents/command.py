"""`countersign incidents`: what was not well, and who sees to it."""

from __future__ import annotations

import argparse

from countersign.cli.incidents.deciding import ACKNOWLEDGE, RESOLVE
from countersign.cli.incidents.listing import LIST, SHOW
from countersign.cli.invocation import Subcommand
from countersign.cli.verbs import add_verbs, run_verb


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, (LIST, SHOW, ACKNOWLEDGE, RESOLVE), unless_named=LIST, all=False, limit=50)


SUBCOMMAND = Subcommand(
    name="incidents",
    summary="what was not well: list, show, acknowledge, resolve",
    description="`list` shows the incidents that are not over (`--all`: every one), `show ID` one of them. "
    "`acknowledge ID` says that you see to it, which ends the calling; `resolve ID --note TEXT` closes it by "
    "hand, which good readings do by themselves. Both are recorded in your name (`--as E-MAIL`).",
    run=run_verb,
    add_arguments=_add_arguments,
)
