"""How a projection and its builds are shown over the API: nothing of what is in their tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from countersign.aggregates.read_model import ReadModel
from countersign.aggregates.read_model_builds import Promote
from countersign.http.answers import Answer
from countersign.projections.building.builds import Status
from countersign.projections.following.lag import Lag
from countersign.projections.following.positions import Position, State
from countersign.projections.orders.inspection import BuildStanding, Inspection


class StandingAnswer(Answer):
    """How far the build that readers see is behind the log.

    `events` are missing, the oldest for so many `seconds`; at `rate` events a second it has caught up in
    `catch_up_s`, which is null where nobody can tell. `holder` moves it, null when nobody does. `letters` are
    events that it could not take, or holds behind those; the rows of `parked_keys` are stale.
    """

    name: str
    version: int
    build: int | None
    segments: int
    position: int
    events: int
    seconds: float
    state: State
    failed_position: int | None
    error_class: str | None
    holder: str | None
    held_since: datetime | None
    rate: float
    catch_up_s: float | None
    letters: int
    parked_keys: int


class ProjectionsAnswer(Answer):
    """Every projection of the service."""

    items: list[StandingAnswer]


class PartAnswer(Answer):
    """One segment of the keys of a build, and who moves it."""

    segment: int
    position: int
    state: State
    failed_position: int | None
    error_class: str | None
    holder: str | None
    held_since: datetime | None
    rate: float


class DifferenceAnswer(Answer):
    """A row that was not as readers saw it: its key, and the columns that differ.

    `missing` says that there was none before (`before`), or is none in this build (`after`).
    """

    table: str
    key: list[str]
    columns: list[str]
    missing: Literal["before", "after"] | None


class ComparisonAnswer(Answer):
    """The comparison with what readers saw, both at `position`, and a sample of what differed.

    `different` is null where nothing could be compared; `why` says why not.
    """

    position: int
    rows: int
    different: int | None
    why: str | None
    sample: list[DifferenceAnswer]


class BuildAnswer(Answer):
    """One set of tables of a projection; readers see the `live` one.

    `promote` says when it is shown: when no row differs, in any case, or when it is ordered.
    """

    build: int
    version: int
    segments: int
    status: Status
    promote: Promote
    keep: bool
    note: str | None
    tables: list[str]
    position: int | None
    behind: int | None
    letters: int
    different: int | None
    created_at: datetime
    finished_at: datetime | None
    parts: list[PartAnswer]


class OneBuildAnswer(BuildAnswer):
    """A build with what differed in it, null when it was not compared."""

    report: ComparisonAnswer | None


class ProposalAnswer(Answer):
    """A letter that somebody wants discarded: it waits for a second person."""

    position: int
    by: UUID
    reason: str
    at: datetime


class ProjectionAnswer(StandingAnswer):
    """A projection with its builds, the oldest first."""

    paused: bool
    builds: list[BuildAnswer]
    proposals: list[ProposalAnswer]


def standing_answer(lag: Lag) -> StandingAnswer:
    """A projection in the list."""
    return StandingAnswer.model_validate(lag)


def projection_answer(lag: Lag, seen: Inspection, model: ReadModel | None) -> ProjectionAnswer:
    """A projection with everything about it."""
    proposals = model.proposals if model else {}
    return ProjectionAnswer(
        **{name: getattr(lag, name) for name in StandingAnswer.model_fields},
        paused=bool(model and model.paused),
        builds=[BuildAnswer(**_build_values(each, seen.head)) for each in seen.builds],
        proposals=[
            ProposalAnswer(position=at, by=one.by, reason=one.reason, at=one.at)
            for at, one in proposals.items()
        ],
    )


def build_answer(found: BuildStanding, head: int) -> OneBuildAnswer:
    """A build with its difference report."""
    return OneBuildAnswer(**_build_values(found, head), report=_report(found.build.report))


def _build_values(each: BuildStanding, head: int) -> dict[str, Any]:
    build = each.build
    there = bool(each.units)
    return {
        "build": build.build,
        "version": build.version,
        "segments": build.segments,
        "status": build.status,
        "promote": Promote(build.promote),
        "keep": build.keep,
        "note": build.note,
        "tables": list(build.tables),
        "position": each.position if there else None,
        "behind": max(0, head - each.position) if there else None,
        "letters": each.letters,
        "different": (build.report or {}).get("different"),
        "created_at": _time(build.created_at),
        "finished_at": None if build.finished_at is None else _time(build.finished_at),
        "parts": [_part(unit, each.holders.get(unit.segment)) for unit in each.units],
    }


def _part(unit: Position, holder: str | None) -> PartAnswer:
    return PartAnswer(
        segment=unit.segment,
        position=unit.position,
        state=unit.state,
        failed_position=unit.failed_position,
        error_class=unit.error_class,
        holder=holder,
        held_since=_time(unit.held_since) if holder and unit.held_since else None,
        rate=unit.rate,
    )


def _report(report: Mapping[str, Any] | None) -> ComparisonAnswer | None:
    if report is None:
        return None
    return ComparisonAnswer(
        position=report["position"],
        rows=report["rows"],
        different=report["different"],
        why=report.get("why"),
        sample=[
            _difference(table, row)
            for table, differing in report["tables"].items()
            for row in differing["sample"]
        ],
    )


def _difference(table: str, row: Mapping[str, Any]) -> DifferenceAnswer:
    sides = {side: row[side] for side in ("before", "after")}
    missing = next((side for side, there in sides.items() if there is None), None)
    columns = list(row["before"] or row["after"])
    return DifferenceAnswer.model_validate(
        {"table": table, "key": row["key"], "columns": columns, "missing": missing}
    )


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
