"""`countersign projections`: the read tables, how far they are, and everything that is done about them."""

from __future__ import annotations

import argparse
from typing import Final

from countersign.cli.invocation import Subcommand
from countersign.cli.projections import letter_orders, letters
from countersign.cli.projections.as_of import ROWS
from countersign.cli.projections.comparing import COMPARE
from countersign.cli.projections.listing import LAG, LIST
from countersign.cli.projections.rebuilding import REBUILD
from countersign.cli.projections.showing import SHOW
from countersign.cli.projections.simple_orders import CANCEL, PAUSE, RESUME, RETIRE
from countersign.cli.projections.switching import PROMOTE, ROLLBACK
from countersign.cli.projections.verb import Verb
from countersign.cli.verbs import add_verbs, offer_verbs, run_verb


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_verbs(parser, _VERBS, unless_named=LIST)


def _letter_verbs(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(name=None, limit=50)
    offer_verbs(parser, (letters.LIST, letters.SHOW, letter_orders.RETRY, letter_orders.DISCARD))


_LETTERS: Final = Verb(
    name="dead-letters",
    summary="the events that could not be taken: list, show, retry, discard",
    description="`list` shows the events that a read model could not take, and those that are held behind "
    "them. `retry NAME` has them tried again, in their order. `discard NAME POSITION` proposes to go on "
    "without one, and a second person agrees with `--approve`.",
    run=letters.LIST.run,
    add_arguments=_letter_verbs,
)
_VERBS: Final = (
    LIST,
    SHOW,
    LAG,
    ROWS,
    REBUILD,
    COMPARE,
    PROMOTE,
    ROLLBACK,
    CANCEL,
    RETIRE,
    PAUSE,
    RESUME,
    _LETTERS,
)

SUBCOMMAND = Subcommand(
    name="projections",
    summary="the read tables: lag, rebuild, promote, roll back, pause, dead letters",
    description="`list`, `show NAME` and `lag` tell how far each read table is behind the log, and who moves "
    "it. `rebuild NAME` (or `all`) makes its tables anew beside the live ones, compares both and exchanges "
    "them; readers notice nothing, and no mail or document is caused. What changes the tables takes a reason "
    "and a name (`--as E-MAIL`), is recorded, and says with `--dry-run` what it would touch. Ends with 0 "
    "when it is done, 1 when it was refused, 2 when it was called wrongly, 3 when a build differs and waits "
    "for a decision, 4 when it was ordered and is not done yet.",
    run=run_verb,
    add_arguments=_add_arguments,
)
