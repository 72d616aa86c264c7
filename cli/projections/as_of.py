"""`projections rows`: the rows of a read model, as they are or as they were."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.aggregates.root import DomainError
from countersign.cli.foundation import Foundation, foundation, utc_now
from countersign.cli.invocation import Invocation, UsageError
from countersign.cli.listing import show_rows
from countersign.cli.projections.verb import Exit, Verb, add_name, named
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.eventstore.log import Log
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.folding.row import Row
from countersign.projections.following.freshness import Freshness
from countersign.projections.past.as_of import MEGABYTE
from countersign.projections.past.as_of_copies import Copies, CopyOptions
from countersign.projections.past.as_of_rows import rows_of
from countersign.projections.projection import Projection
from countersign.projections.spreadsheet_cells import line

_PATIENCE_S: Final = 86_400.0
_MAX_BYTES: Final = 16_384 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of each view at a position; of `stale` keys some events could not be taken."""

    position: int
    tables: Mapping[str, Sequence[Row]]
    stale: int = 0


def _rows(invocation: Invocation) -> int:
    given = invocation.arguments
    projection = named(given.name)
    with foundation(invocation.settings) as base:
        require_tables(base.databases)
        try:
            found = _found(base, projection, given)
        except DomainError as refused:
            return refuse(refused.detail)
    tables = _wanted(found.tables, given.table or (None if given.json else projection.name))
    if given.json:
        show_json({"position": found.position, "stale_keys": found.stale, "tables": tables})
    elif given.csv:
        _write_csv(*tables.values())
    else:
        _show(tables, found)
    return Exit.DONE


def _found(base: Foundation, projection: Projection, given: argparse.Namespace) -> Found:
    key = _key(given.key)
    freshness = Freshness(base.databases.read, base.log, base.wakeups, PROJECTIONS)
    if given.as_of is None:
        reached = freshness.reached(projection.name)
        rows = rows_of(base.databases.read, projection, key)
        return Found(reached.position, rows, reached.stale.keys)
    position = _position(given.as_of, base.log)
    cap = given.cap or base.settings.projections.as_of_cap
    with _copies(base, freshness, cap) as copies, copies.as_of(projection.name, position, key) as copy:
        return Found(position, rows_of(copy.database, projection, key), copy.stale().keys)


@contextmanager
def _copies(base: Foundation, freshness: Freshness, cap: int) -> Iterator[Copies]:
    options = CopyOptions(cap=cap, build_s=_PATIENCE_S, max_bytes=_MAX_BYTES, max_bytes_of_key=_MAX_BYTES)
    decode, read = base.store.mapper.happened, base.databases.read
    with closing(Copies(base.log, decode, read, freshness, PROJECTIONS, options)) as copies:
        yield copies


def _key(given: str | None) -> UUID | None:
    try:
        return None if given is None else UUID(given)
    except ValueError:
        raise UsageError("`--key` is an id, such as that of a report.") from None


def _position(as_of: str, log: Log) -> int:
    number = as_of.removeprefix("position:")
    if number.isascii() and number.isdecimal():
        if int(number) > (head := log.head()):
            raise UsageError(f"The log has reached position {head}, not {number}.")
        return int(number)
    try:
        time = datetime.fromisoformat(as_of)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise UsageError("`--as-of` is a position, or a time with its zone such as 2026-03-18T12:00:00Z.")
    if time > utc_now():
        raise UsageError(f"{as_of} is to come.")
    return log.position_at(time)


def _wanted(tables: Mapping[str, Sequence[Row]], name: str | None) -> Mapping[str, Sequence[Row]]:
    if name is None:
        return tables
    if name not in tables:
        raise UsageError(f"Its tables are {', '.join(tables)}.")
    return {name: tables[name]}


def _show(tables: Mapping[str, Sequence[Row]], found: Found) -> None:
    for rows in tables.values():
        show_rows(list(rows[0]) if rows else [], rows)
        say(f"\n{len(rows)} {'row' if len(rows) == 1 else 'rows'} as of position {found.position}.")
    if found.stale:
        say(f"Events of {found.stale} keys could not be taken: see `countersign projections dead-letters`.")


def _write_csv(rows: Sequence[Row]) -> None:
    sys.stdout.writelines(line(columns) for columns in rows[:1])
    sys.stdout.writelines(line(row.values()) for row in rows)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_name(parser)
    parser.add_argument("--as-of", metavar="WHEN", help="a position of the log, or a time with its zone")
    parser.add_argument("--key", metavar="ID", help="only what is about this report, person, job, ...")
    parser.add_argument("--table", metavar="TABLE", help="another of its tables than the one of its name")
    parser.add_argument(
        "--cap", type=int, metavar="N", help="replay up to so many events (setting: projections.as_of_cap)"
    )
    parser.add_argument("--csv", action="store_true", help="comma-separated values, for a spreadsheet")


ROWS: Final = Verb(
    name="rows",
    summary="the rows of a read model, now or as of a position or a time",
    description="Shows the rows of a read model. With `--as-of` the log is replayed up to that moment into a "
    "temporary copy in memory: of one key only what belongs to it, of all keys up to the cap. The service "
    "and its tables are left alone, and nothing is recorded.",
    run=_rows,
    add_arguments=_add_arguments,
)
