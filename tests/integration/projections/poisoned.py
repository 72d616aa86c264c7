"""A projection for tests of dead letters: it writes down, for each report, what happened in which order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import singledispatch
from uuid import UUID

from sqlalchemy import Column, MetaData, Table, Text, Uuid, select

from countersign.aggregates.report.report import Report
from countersign.eventstore.databases import Database
from countersign.eventstore.mapper import Happened
from countersign.projections.folding.rows import Rows
from countersign.projections.projection import Projection

NAME = "told"
metadata = MetaData()
told = Table(
    f"{NAME}_v1",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("sections", Text, nullable=False),
)


def telling(poison: Collection[str] = ()) -> Projection:
    """Sections named `poison` cannot be told: the person who changed them is named in the error."""

    @singledispatch
    def project(event: object, meta: Happened, rows: Rows) -> None:
        """Other things are not told."""

    @project.register
    def _(event: Report.Created, meta: Happened, rows: Rows) -> None:
        rows.upsert(told, report_id=meta.stream, sections="")

    @project.register
    def _(event: Report.SectionSaved, meta: Happened, rows: Rows) -> None:
        before = rows.existing(told, report_id=meta.stream)["sections"]
        rows.upsert(told, report_id=meta.stream, sections=f"{before}{event.section},")
        if event.section in poison:
            raise ValueError(f"{event.section} cannot be told")

    return Projection(NAME, 1, project, (told,))


def told_of(read: Database) -> Mapping[UUID, str]:
    """What stands in its table: the sections of each report in the order in which they were taken."""
    with read.read() as connection:
        return {row.report_id: row.sections for row in connection.execute(select(told))}
