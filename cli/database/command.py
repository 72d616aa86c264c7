"""`countersign database`: what takes room and time in it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from countersign.cli.invocation import Invocation, Subcommand
from countersign.cli.ledger import ledger
from countersign.cli.listing import show_rows
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.eventstore.databases import Databases
from countersign.eventstore.upkeep.index_advice import index_advice
from countersign.eventstore.upkeep.pools import pool_status
from countersign.eventstore.upkeep.slow_statements import slowest
from countersign.eventstore.upkeep.table_volumes import database_volume, table_volumes

Look = Callable[[Databases], Mapping[str, Sequence[Mapping[str, Any]]]]

_NOTHING: Final = {
    "tables": "There are no tables.",
    "indexes": "There is nothing to advise.",
    "slow": "No statement was slow.",
    "pool": "The server has no connections: the databases are files of this machine.",
}


def run(invocation: Invocation) -> int:
    """Look, and show what was found."""
    given = invocation.arguments
    with ledger(invocation.settings) as opened:
        require_tables(opened.databases)
        found = _LOOKS[given.what](opened.databases)
    if given.json:
        show_json(found)
        return 0
    filled = {title: rows for title, rows in found.items() if rows}
    for title, rows in filled.items():
        show_rows(list(rows[0]), rows, title)
    if not filled:
        say(_NOTHING[given.what])
    return 0


def _tables(databases: Databases) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    return {
        "databases": [asdict(database_volume(each)) for each in databases.all()],
        "tables": [asdict(table) for each in databases.all() for table in table_volumes(each)],
    }


def _indexes(databases: Databases) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    return {"advice": [asdict(one) for each in databases.all() for one in index_advice(each)]}


def _slow(databases: Databases) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    found = slowest(databases.read, databases.options.slow_statement_ms)
    return {"slow_statements": [_rounded(asdict(each)) for each in found]}


def _pool(databases: Databases) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    status = pool_status(databases)
    return {"server": [{**asdict(each), "most": status.most} for each in status.server]}


def _rounded(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: round(value, 1) if isinstance(value, float) else value for name, value in facts.items()}


_LOOKS: Final[Mapping[str, Look]] = {"tables": _tables, "indexes": _indexes, "slow": _slow, "pool": _pool}


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what", nargs="?", choices=list(_LOOKS), default="tables", help="what to show (default: tables)"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document, for scripts")


SUBCOMMAND = Subcommand(
    name="database",
    summary="sizes of tables, advice on indexes, slow statements, connections",
    description="`tables` shows how much is in each table and how much room it takes, `indexes` those that "
    "serve nobody and tables that lack one, `slow` the statements that took long, `pool` who holds "
    "connections to the server. Nothing is changed: `countersign maintenance run database_optimise` tidies.",
    run=run,
    add_arguments=_add_arguments,
)
