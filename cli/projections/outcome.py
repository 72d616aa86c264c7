"""What became of a build, for people and for scripts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from countersign.cli.projections.verb import Exit
from countersign.projections.building.builds import UNDER_WAY, Build, Status
from countersign.projections.orders.impact import Order

_GIVEN_UP: Final = (Status.RETIRING, Status.RETIRED, Status.CANCELLED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a build stands at the end; `done` says it in a sentence, `exit` to a script."""

    projection: str
    build: int
    status: str
    exit: Exit
    rows: int | None
    position: int | None
    different: int | None
    note: str | None
    done: str


def outcome_of(build: Build, order: Order) -> Outcome:
    """How a build stands that nothing more happens to without another order."""
    report = build.report or {}
    told, exit_status = _told(build, order, report)
    return Outcome(
        projection=build.name,
        build=build.build,
        status=build.status,
        exit=exit_status,
        rows=report.get("rows"),
        position=report.get("position") if order in (Order.REBUILD, Order.COMPARE) else build.shown_from,
        different=report.get("different"),
        note=build.note,
        done=f"{build.name}: {told}",
    )


def _told(build: Build, order: Order, report: Mapping[str, Any]) -> tuple[str, Exit]:
    number, note = f"build {build.build}", build.note or _why_unsaid(build)
    if build.status in _GIVEN_UP:
        return f"{number} was given up meanwhile.", Exit.REFUSED
    if build.status is Status.LIVE:
        return _shown(build, order, report), Exit.DONE
    if build.status is not Status.FOLLOWING:
        return f"{number} is not finished: {note}.", Exit.UNFINISHED
    if report.get("different"):
        return f"{_compared(report)} {number} is not shown: {note}.", Exit.DIFFERS
    if order is Order.COMPARE:
        return f"{_compared(report)} {number} follows the log: promote it or cancel it.", Exit.DONE
    return f"{number} is ready and not shown: {note}.", Exit.UNFINISHED


def _why_unsaid(build: Build) -> str:
    if build.status in UNDER_WAY:  # only a pause stops one without a note
        return f"{build.name} is paused; `countersign projections resume {build.name}` lets it go on"
    return "whoever moves what readers see has not taken it up yet"


def _shown(build: Build, order: Order, report: Mapping[str, Any]) -> str:
    if order is Order.REBUILD:
        return f"{_compared(report)} Readers see build {build.build}."
    return f"readers see build {build.build}, from position {build.shown_from} on."


def _compared(report: Mapping[str, Any]) -> str:
    different = report.get("different")
    rows = f"{report.get('rows')} rows at position {report.get('position')}"
    if different is None:
        return f"{rows}, {report.get('why', 'nothing to compare with')}."
    return f"{rows}, {different or 'no'} {'row' if different == 1 else 'rows'} different from before."
