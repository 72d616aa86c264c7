"""What an order would touch, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from countersign.cli.listing import show_rows
from countersign.cli.screen import say
from countersign.cli.spans import span_of
from countersign.projections.orders.impact import Fate, Impact, Order, Touched

_FATES: Final[Mapping[Fate, str]] = {
    Fate.MADE: "made anew",
    Fate.COMPARED: "compared, not changed",
    Fate.SHOWN: "shown to readers",
    Fate.KEPT: "replaced, kept to go back to",
    Fate.DROPPED: "dropped",
    Fate.WRITTEN: "written on",
    Fate.LEFT: "left as it is",
}
_UNITS: Final = ("B", "kB", "MB", "GB")
_STEP: Final = 1_000


def show_impact(found: Impact) -> None:
    """The tables, the positions, the time that it takes, and what is not done again."""
    build = "" if found.build is None else f", build {found.build}"
    say(f"{found.order} of {found.projection}{build}:\n")
    show_rows(("table", "rows", "size", "what_happens"), [_row(table) for table in found.tables])
    say(f"\nReaders are at position {found.position} of {found.head}. {_work(found)}")
    if found.order in (Order.RETRY, Order.DISCARD):
        say(f"{found.letters} dead letters of the shown build are open.")
    say(_effects(found))


def _row(table: Touched) -> dict[str, Any]:
    made = table.fate is Fate.MADE
    size = None if table.size_bytes is None else _size(table.size_bytes)
    rows = f"about {table.rows}" if made else str(table.rows)
    return {"table": table.table, "rows": rows, "size": size, "what_happens": _FATES[table.fate]}


def _size(size_bytes: int) -> str:
    size, units = float(size_bytes), list(_UNITS)
    while size >= _STEP and len(units) > 1:
        size, units = size / _STEP, units[1:]
    return f"{size:.0f} {units[0]}" if units[0] == "B" else f"{size:.1f} {units[0]}"


def _work(found: Impact) -> str:
    if not found.events:
        return "No event is read again."
    basis = "as earlier rebuilds took" if found.measured else "a guess: no larger one was made here yet"
    return f"{found.events} events are read, which takes about {span_of(found.seconds)} ({basis})."


def _effects(found: Impact) -> str:
    if found.mails is None or found.documents is None:
        return "No mail is sent and no document is made: read tables cause nothing."
    return (
        f"It causes nothing: the {found.mails} mails and {found.documents} documents that these events have "
        "caused stay as they are, and none is sent or made again."
    )
