"""A projection for tests of the runner: it counts events, and fails on command."""

from __future__ import annotations

from functools import singledispatch

from sqlalchemy import BigInteger, Column, MetaData, String, Table

from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root
from countersign.eventstore.mapper import Happened
from countersign.projections.folding.rows import Rows
from countersign.projections.projection import Projection


def counting(version: int = 1, poison: str | None = None) -> Projection:
    """Counts the events of reports by topic; an event about the section `poison` cannot be projected."""
    metadata = MetaData()
    counts = Table(
        f"counted_v{version}",
        metadata,
        Column("topic", String(60), primary_key=True),
        Column("events", BigInteger, nullable=False),
        Column("last", BigInteger, nullable=False),
    )

    @singledispatch
    def project(event: object, meta: Happened, rows: Rows) -> None:
        """Other things are not counted."""

    @project.register
    def _(event: Root.Event, meta: Happened, rows: Rows) -> None:
        before = rows.get(counts, topic=meta.topic)
        events = (before["events"] if before else 0) + 1
        rows.upsert(counts, topic=meta.topic, events=events, last=meta.position)
        if isinstance(event, Report.SectionSaved) and event.section == poison:
            raise ValueError(f"{poison} cannot be counted")

    return Projection("counted", version, project, (counts,))
