"""`projections dead-letters list` and `show`: the events that read models could not take."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any, Final

from countersign.aggregates.read_model import ReadModel, read_model_id
from countersign.cli.foundation import foundation
from countersign.cli.invocation import Invocation
from countersign.cli.ledger import ledger
from countersign.cli.listing import show_rows
from countersign.cli.projections.verb import Exit, Verb, named
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.projections.letters.dead_letters_queries import Parked, letter_page, letters_at

_MOST: Final = 10_000
_COLUMNS: Final = ("name", "build", "position", "failed", "topic", "key", "error_class", "attempts", "since")


def _list(invocation: Invocation) -> int:
    given = invocation.arguments
    name = None if given.name is None else named(given.name).name
    with ledger(invocation.settings) as opened:
        require_tables(opened.databases)
        page = letter_page(opened.databases.read, name=name, limit=given.limit)
    rows = list(map(_row, page.rows))
    if given.json:
        show_json({"letters": rows, "more": page.next_cursor is not None})
    elif rows:
        show_rows(_COLUMNS, rows, title="failed: no means that it is held behind one of its key that did")
        if page.next_cursor:
            say(f"These are the first {given.limit}: there are more.")
    else:
        say("There are none.")
    return Exit.DONE


def _show(invocation: Invocation) -> int:
    given = invocation.arguments
    name = named(given.name).name
    with foundation(invocation.settings) as base:
        require_tables(base.databases)
        found = letters_at(base.databases.read, name, given.position)
        model = base.store.aggregates.find(ReadModel, read_model_id(name))
    if not found:
        return refuse(f"{name} has no dead letter at position {given.position}.")
    proposal = model.proposals.get(given.position) if model else None
    rows = list(map(_row, found))
    if given.json:
        show_json({"letters": rows, "proposal": asdict(proposal) if proposal else None})
        return Exit.DONE
    for row in rows:
        show_rows(("fact", "value"), [{"fact": fact, "value": value} for fact, value in row.items()])
    if proposal:
        say(f"\n{proposal.by} proposed at {proposal.at:%Y-%m-%d %H:%M} to discard it: {proposal.reason}")
    return Exit.DONE


def _row(letter: Parked) -> dict[str, Any]:
    shown = {name: value for name, value in asdict(letter).items() if name != "parked_at"}
    return {**shown, "failed": "yes" if letter.failed else "no", "since": letter.since}


def _limit(text: str) -> int:
    number = int(text)
    if not 1 <= number <= _MOST:
        raise argparse.ArgumentTypeError(f"{number} is not from 1 to {_MOST}")
    return number


def _list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="only those of this projection")
    parser.add_argument("--limit", type=_limit, default=50, metavar="N", help="at most so many (default: 50)")


def _show_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the projection")
    parser.add_argument("position", type=int, metavar="POSITION", help="the event's place in the log")


LIST: Final = Verb(
    name="list", summary="the open letters, in the order of the log", run=_list, add_arguments=_list_arguments
)
SHOW: Final = Verb(
    name="show", summary="one letter: why it failed, since when", run=_show, add_arguments=_show_arguments
)
