"""`projections list` and `lag`: how far each read model is, and who moves it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from countersign.cli.foundation import utc_now
from countersign.cli.invocation import Invocation
from countersign.cli.ledger import ledger
from countersign.cli.listing import show_rows
from countersign.cli.projections.verb import ALL, Exit, Verb, all_named
from countersign.cli.screen import say, show_json
from countersign.cli.spans import span_of
from countersign.cli.tables import require_tables

_LISTED: Final = ("name", "version", "build", "position", "events", "seconds", "state", "letters", "error")
_LAGGING: Final = (
    "name",
    "state",
    "events",
    "seconds",
    "rate",
    "caught_up_in",
    "holder",
    "held_for",
    "error_class",
)


def list_all(invocation: Invocation) -> int:
    """Every read model, with its lag and its letters."""
    rows = _looked_up(invocation, ALL)
    if invocation.arguments.json:
        show_json({"projections": rows})
    else:
        rounded = [{**row, "seconds": round(row["seconds"], 1)} for row in rows]
        show_rows(_LISTED, rounded, title="events and seconds: how far each is behind the log")
    return Exit.DONE


def _lag(invocation: Invocation) -> int:
    rows = _looked_up(invocation, invocation.arguments.name)
    if invocation.arguments.json:
        show_json({"projections": rows})
    else:
        show_rows(_LAGGING, list(map(_spoken, rows)), title="rate: events a second")
        _say_who_is_missing(rows)
    return Exit.DONE


def _looked_up(invocation: Invocation, name: str) -> list[dict[str, Any]]:
    wanted = {projection.name for projection in all_named(name)}
    with ledger(invocation.settings) as opened:
        require_tables(opened.databases)
        return [asdict(lag) for lag in opened.lags() if lag.name in wanted]


def _spoken(row: dict[str, Any]) -> dict[str, Any]:
    since, left = row["held_since"], row["catch_up_s"]
    return {
        **row,
        "seconds": round(row["seconds"], 1),
        "rate": round(row["rate"], 1),
        "caught_up_in": None if left is None else span_of(left) if row["events"] else "now",
        "held_for": None if since is None else span_of((utc_now() - since).total_seconds()),
    }


def _say_who_is_missing(rows: Sequence[dict[str, Any]]) -> None:
    if idle := [row["name"] for row in rows if row["holder"] is None]:
        which = "them" if len(idle) == len(rows) else ", ".join(idle)
        say(f"\nNobody moves {which}: start `countersign work`.")


def _add_lag_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", default=ALL, metavar="NAME", help="one of the list (default: all)")


LIST: Final = Verb(
    name="list",
    summary="every read model: version, position, lag, letters",
    run=list_all,
    add_arguments=lambda _: None,
)
LAG: Final = Verb(
    name="lag",
    summary="how far behind, how fast, caught up when, held by whom since when, last error",
    run=_lag,
    add_arguments=_add_lag_arguments,
)
