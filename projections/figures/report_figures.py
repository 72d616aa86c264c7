"""What figures are made of: when each report reached what, and how long each stage of it took.

Every time is that of an event. No clock is asked: what is overdue now is for the query to say.
"""

from __future__ import annotations

from enum import StrEnum
from functools import singledispatch
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import Instant
from countersign.projections.figures.lapse import seconds_between
from countersign.projections.folding.row import Row
from countersign.projections.folding.rows import Rows


class Milestone(StrEnum):
    """What a report can reach, once or again."""

    CREATED = "created"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    ISSUED = "issued"


class Outcome(StrEnum):
    """How an opened stage ended."""

    APPROVED = "approved"
    CHANGES_REQUESTED = "changes_requested"
    WITHDRAWN = "withdrawn"


VERSION = 1
metadata = MetaData()
reports = Table(
    f"report_figures_v{VERSION}",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("report_type", String(40), nullable=False),
    Column("project_reference", Text, nullable=False),
    Column("client_name", Text, nullable=False),
    Column("owner", Uuid, nullable=False),
    Column("revision", String(20), nullable=False),
    Column("round", Integer, nullable=False, default=0),  # submissions of the revision so far
    Column("returns", Integer, nullable=False, default=0),  # how often the revision was sent back
    Column("written_since", Instant, nullable=False),
    Column("first_submitted_at", Instant),
    Column("openings", Integer, nullable=False, default=0),
    Column("opening", Integer),
)
milestones = Table(
    f"report_figures_milestone_v{VERSION}",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("milestone", String(20), nullable=False),
    Column("at", Instant, nullable=False),
    Column("revision", String(20), nullable=False),
    Column("round", Integer, nullable=False),
    Column("returns", Integer, nullable=False),
    Column("took_s", BigInteger),  # submitted: written; approved: since the first submission
)
stages = Table(
    f"report_figures_stage_v{VERSION}",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("opening", Integer, primary_key=True),
    Column("revision", String(20), nullable=False),
    Column("round", Integer, nullable=False),
    Column("stage", Integer, nullable=False),
    Column("role", String(30), nullable=False),
    Column("approver", Uuid, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", String(20)),
    Column("waited_s", BigInteger),  # until the decision; a withdrawal is none
)
Index(f"{milestones.name}_at", milestones.c.at)
Index(f"{stages.name}_ended_at", stages.c.ended_at)


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """What moves no report along is passed over."""


@project.register
def _(event: Report.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(
        reports,
        report_id=meta.stream,
        report_type=event.report_type,
        project_reference=event.project_reference,
        client_name=event.client_name,
        owner=event.owner,
        revision=event.revision,
        written_since=event.timestamp,
    )
    _reach(Milestone.CREATED, rows.existing(reports, report_id=meta.stream), meta, rows)


@project.register
def _(event: Report.HeaderChanged, meta: Happened, rows: Rows) -> None:
    shown = ("project_reference", "client_name")
    if changed := {name: event.changes[name].new for name in shown if name in event.changes}:
        rows.update(reports, {"report_id": meta.stream}, **changed)


@project.register
def _(event: Report.RevisionSubmitted, meta: Happened, rows: Rows) -> None:
    before = rows.existing(reports, report_id=meta.stream)
    written_s = seconds_between(before["written_since"], event.timestamp)
    known = before if before["revision"] == event.revision else {**before, **_new_revision(event.revision)}
    moved = {
        "revision": event.revision,
        "round": known["round"] + 1,
        "returns": known["returns"],
        "first_submitted_at": known["first_submitted_at"] or event.timestamp,
    }
    rows.update(reports, {"report_id": meta.stream}, **moved)
    _reach(Milestone.SUBMITTED, {**known, **moved}, meta, rows, took_s=written_s)


@project.register
def _(event: Report.StageOpened, meta: Happened, rows: Rows) -> None:
    report = rows.existing(reports, report_id=meta.stream)
    opening = report["openings"] + 1
    rows.insert(
        stages,
        report_id=meta.stream,
        opening=opening,
        revision=event.revision,
        round=report["round"],
        stage=event.stage,
        role=event.role,
        approver=event.approver,
        opened_at=event.timestamp,
        due_at=event.due_at,
    )
    rows.update(reports, {"report_id": meta.stream}, openings=opening, opening=opening)


@project.register
def _(event: Report.StageReassigned, meta: Happened, rows: Rows) -> None:
    report = rows.existing(reports, report_id=meta.stream)
    if event.due_at is not None:
        key = {"report_id": meta.stream, "opening": report["opening"]}
        rows.update(stages, key, approver=event.approver, due_at=event.due_at)


@project.register
def _(event: Report.StageApproved, meta: Happened, rows: Rows) -> None:
    _end_stage(Outcome.APPROVED, rows.existing(reports, report_id=meta.stream), meta, rows)


@project.register
def _(event: Report.RevisionApproved, meta: Happened, rows: Rows) -> None:
    report = rows.existing(reports, report_id=meta.stream)
    begun = report["first_submitted_at"]
    took_s = None if begun is None else seconds_between(begun, event.timestamp)
    _reach(Milestone.APPROVED, report, meta, rows, took_s=took_s)


@project.register
def _(event: Report.ChangesRequested, meta: Happened, rows: Rows) -> None:
    report = rows.existing(reports, report_id=meta.stream)
    _end_stage(Outcome.CHANGES_REQUESTED, report, meta, rows)
    returned = {"returns": report["returns"] + 1, "written_since": event.timestamp}
    rows.update(reports, {"report_id": meta.stream}, **returned)
    _reach(Milestone.REJECTED, {**report, **returned}, meta, rows)


@project.register
def _(event: Report.SubmissionWithdrawn, meta: Happened, rows: Rows) -> None:
    report = rows.existing(reports, report_id=meta.stream)
    _end_stage(Outcome.WITHDRAWN, report, meta, rows)
    rows.update(reports, {"report_id": meta.stream}, written_since=event.timestamp)
    _reach(Milestone.WITHDRAWN, report, meta, rows)


@project.register
def _(event: Report.RevisionIssued, meta: Happened, rows: Rows) -> None:
    _reach(Milestone.ISSUED, rows.existing(reports, report_id=meta.stream), meta, rows)


def _new_revision(revision: str) -> dict[str, Any]:
    return {"revision": revision, "round": 0, "returns": 0, "first_submitted_at": None}


def _reach(milestone: Milestone, report: Row, meta: Happened, rows: Rows, took_s: int | None = None) -> None:
    rows.insert(
        milestones,
        report_id=meta.stream,
        version=meta.version,
        milestone=milestone,
        at=meta.event.timestamp,
        revision=report["revision"],
        round=report["round"],
        returns=report["returns"],
        took_s=took_s,
    )


def _end_stage(outcome: Outcome, report: Row, meta: Happened, rows: Rows) -> None:
    if report["opening"] is None:
        return
    key, ended_at = {"report_id": meta.stream, "opening": report["opening"]}, meta.event.timestamp
    opened_at = rows.existing(stages, **key)["opened_at"]
    waited_s = None if outcome is Outcome.WITHDRAWN else seconds_between(opened_at, ended_at)
    rows.update(stages, key, ended_at=ended_at, outcome=outcome, waited_s=waited_s)
    rows.update(reports, {"report_id": meta.stream}, opening=None)
