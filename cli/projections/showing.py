"""`projections show`: one read model with its builds, their parts, and what differed."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from countersign.aggregates.read_model import ReadModel, read_model_id
from countersign.cli.foundation import foundation
from countersign.cli.invocation import Invocation
from countersign.cli.listing import show_rows
from countersign.cli.projections.verb import Exit, Verb, add_name, named
from countersign.cli.refusal import refuse
from countersign.cli.screen import say, show_json
from countersign.cli.tables import require_tables
from countersign.projections.orders.inspection import BuildStanding, Inspection, inspected

_BUILDS: Final = (
    "build",
    "status",
    "version",
    "segments",
    "position",
    "behind",
    "different",
    "letters",
    "note",
)
_UNITS: Final = (
    "build",
    "segment",
    "position",
    "state",
    "rate",
    "holder",
    "held_since",
    "error_class",
    "error",
)


def _show(invocation: Invocation) -> int:
    given = invocation.arguments
    projection = named(given.name)
    with foundation(invocation.settings) as base:
        require_tables(base.databases)
        with base.databases.read.read() as connection:
            seen = inspected(connection, base.databases.read, projection, base.log.head())
        ordered = base.store.aggregates.find(ReadModel, read_model_id(projection.name))
    if given.build is not None:
        return _show_build(seen, given.build, as_json=given.json)
    if given.json:
        show_json(_document(seen, ordered))
    else:
        _show_all(seen, ordered)
    return Exit.DONE


def _show_all(seen: Inspection, ordered: ReadModel | None) -> None:
    tables = ", ".join(table.name for table in seen.projection.tables)
    say(f"{seen.projection.name} in version {seen.projection.version}: {tables}.")
    if ordered and ordered.paused:
        say("It is paused.")
    say("")
    show_rows(_BUILDS, [_build_row(each, seen.head) for each in seen.builds])
    say("")
    show_rows(_UNITS, [row for each in seen.builds for row in _unit_rows(each)])
    if ordered and ordered.proposals:
        at = ", ".join(map(str, ordered.proposals))
        say(f"\nWaiting for a second person, to be discarded: the letters at {at}.")


def _show_build(seen: Inspection, number: int, *, as_json: bool) -> int:
    found = seen.of(number)
    if found is None:
        return refuse(f"{seen.projection.name} has no build {number}.")
    if as_json:
        show_json(_build_document(found, seen.head))
        return Exit.DONE
    show_rows(_BUILDS, [_build_row(found, seen.head)])
    say("")
    _show_report(found.build.report)
    return Exit.DONE


def _show_report(report: Mapping[str, Any] | None) -> None:
    if report is None:
        say("It was not compared.")
        return
    if report["different"] is None:
        say(f"It has {report['rows']} rows at position {report['position']}: {report['why']}.")
        return
    say(f"Compared at position {report['position']}: {report['different']} of {report['rows']} rows differ.")
    rows = [
        {**row, "table": table, "key": " ".join(row["key"])}
        for table, differing in report["tables"].items()
        for row in differing["sample"]
    ]
    if rows:
        say("")
        show_rows(("table", "key", "before", "after"), rows, title="a sample of what differs")


def _document(seen: Inspection, ordered: ReadModel | None) -> dict[str, Any]:
    proposals = ordered.proposals if ordered else {}
    return {
        "name": seen.projection.name,
        "version": seen.projection.version,
        "head": seen.head,
        "paused": bool(ordered and ordered.paused),
        "builds": [_build_document(each, seen.head) for each in seen.builds],
        "proposals": {str(at): asdict(proposal) for at, proposal in proposals.items()},
    }


def _build_document(each: BuildStanding, head: int) -> dict[str, Any]:
    build = asdict(each.build)
    times = {name: _time(build[name]) for name in ("created_at", "finished_at")}
    units = _unit_rows(each)
    return {**build, **times, "letters": each.letters, **_distance(each, head), "units": units}


def _build_row(each: BuildStanding, head: int) -> dict[str, Any]:
    different = (each.build.report or {}).get("different")
    return {**asdict(each.build), "letters": each.letters, "different": different, **_distance(each, head)}


def _distance(each: BuildStanding, head: int) -> dict[str, Any]:
    there = bool(each.units)
    return {
        "position": each.position if there else None,
        "behind": max(0, head - each.position) if there else None,
    }


def _unit_rows(each: BuildStanding) -> list[dict[str, Any]]:
    return [
        {
            **asdict(unit),
            "holder": each.holders.get(unit.segment),
            "held_since": _time(unit.held_since) if unit.segment in each.holders else None,
            "moved_at": _time(unit.moved_at),
            "rate": round(unit.rate, 1),
        }
        for unit in each.units
    ]


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_name(parser)
    parser.add_argument("--build", type=int, metavar="N", help="only this build, with what differed in it")


SHOW: Final = Verb(
    name="show",
    summary="one read model: its builds, their parts, what differed",
    run=_show,
    add_arguments=_add_arguments,
)
