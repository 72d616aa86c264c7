"""`countersign projections`: how far the read tables are, and making them anew from the log."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from countersign.aggregates.root import DomainError
from countersign.cli.foundation import Foundation, foundation
from countersign.cli.invocation import Invocation, Subcommand, UsageError
from countersign.cli.ledger import ledger
from countersign.cli.listing import show_rows
from countersign.cli.long_running import process_name
from countersign.cli.rebuild_progress import Shown, shown_progress
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.config.settings import Settings
from countersign.eventstore.leases import Leases
from countersign.eventstore.wakeups import READ
from countersign.projections import positions
from countersign.projections.catalogue import PROJECTIONS, UnknownProjection, projection_named
from countersign.projections.pages import Unreadable
from countersign.projections.projection import Projection
from countersign.projections.rebuild import Rebuilder, Rebuilt

ALL = "all"


def run(invocation: Invocation) -> int:
    """List, rebuild or retry."""
    given, settings = invocation.arguments, invocation.settings
    if given.action == "list":
        return _list(settings, as_json=given.json)
    wanted = _wanted(given.action, given.name)
    if given.action == "retry":
        return _retry(settings, wanted, as_json=given.json)
    return _rebuild(settings, wanted, as_json=given.json)


def _list(settings: Settings, *, as_json: bool) -> int:
    with ledger(settings) as opened:
        require_tables(opened.databases)
        rows = [asdict(lag) for lag in opened.lags()]
    if as_json:
        show_json({"projections": rows})
    else:
        for row in rows:
            row["seconds"] = round(row["seconds"], 1)
        columns = ("name", "version", "position", "events", "seconds", "state", "error")
        show_rows(columns, rows, title="events and seconds: how far each is behind the log")
    return 0


def _retry(settings: Settings, wanted: Sequence[Projection], *, as_json: bool) -> int:
    with ledger(settings) as opened:
        require_tables(opened.databases)
        with opened.databases.read.write() as connection:
            retried = [one.name for one in wanted if positions.retry(connection, one.name)]
    if as_json:
        show_json({"retried": retried})
    elif retried:
        say(f"To be tried again by `countersign work`: {', '.join(retried)}.")
    else:
        say("None of them had failed.")
    return 0


def _rebuild(settings: Settings, wanted: Sequence[Projection], *, as_json: bool) -> int:
    rebuilt: list[Rebuilt] = []
    refused: dict[str, str] = {}
    with foundation(settings) as base, shown_progress(quiet=as_json) as shown:
        require_tables(base.databases)
        rebuilder = _rebuilder(base)
        for projection in wanted:
            try:
                rebuilt.append(rebuilder.rebuild(projection, shown.of(projection.name)))
            except (DomainError, Unreadable) as refusal:
                refused[projection.name] = str(refusal)
            else:
                _tell(rebuilt[-1], shown)
        base.wakeups.signal(READ)
    if as_json:
        show_json({"rebuilt": list(map(asdict, rebuilt)), "refused": refused})
    for name, why in refused.items():
        refuse(f"{name} was not rebuilt, its tables are as they were: {why}")
    return 1 if refused else 0


def _tell(done: Rebuilt, shown: Shown) -> None:
    compared: Any = "nothing to compare with"
    if done.different is not None:
        compared = (
            f"{done.different or 'no'} {'row' if done.different == 1 else 'rows'} different from before"
        )
    shown.say(f"{done.name}: {done.rows} rows at position {done.position}, {compared}.")


def _rebuilder(base: Foundation) -> Rebuilder:
    read = base.databases.read
    return Rebuilder(base.log, base.store.mapper.happened, read, Leases(read), process_name())


def _wanted(action: str, name: str | None) -> Sequence[Projection]:
    if name is None:
        raise UsageError(f"Name a projection, or `all`: `countersign projections {action} NAME`.")
    if name == ALL:
        return PROJECTIONS
    try:
        return (projection_named(name),)
    except UnknownProjection as unknown:
        raise UsageError(f"{unknown}; or `{ALL}`.") from unknown


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = ("list", "rebuild", "retry")
    parser.add_argument(
        "action", nargs="?", choices=actions, default="list", help="what to do (default: list)"
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help=f"one of the list, or `{ALL}`")
    parser.add_argument("--json", action="store_true", help="print one JSON document, for scripts")


SUBCOMMAND = Subcommand(
    name="projections",
    summary="the read tables: list their lag, rebuild them from the log",
    description="`list` shows how far each read table is behind the log. `rebuild NAME` (or `all`) makes its "
    "tables anew beside the live ones, compares both and exchanges them; readers notice nothing, and no mail "
    "or document is caused. `retry NAME` lets one that has stopped try again.",
    run=run,
    add_arguments=_add_arguments,
)
