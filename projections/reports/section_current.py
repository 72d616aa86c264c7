"""What each section of a report holds now: the content as saved, and the results recorded since."""

from __future__ import annotations

from functools import singledispatch
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.canonical_json import digest_of
from countersign.aggregates.report.report import Report
from countersign.aggregates.report.result_entry import ResultEntry
from countersign.aggregates.root import Root
from countersign.aggregates.type_definition import HEADER
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import CanonicalJson, Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
metadata = MetaData()
sections = Table(
    f"section_current_v{VERSION}",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("section", String(60), primary_key=True),
    Column("revision", String(20), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("row_count", Integer, nullable=False),
    Column("content", CanonicalJson),
    Column("content_ref", String(64)),
    Column("modified_by", Uuid, nullable=False),
    Column("modified_at", Instant, nullable=False),
)
results = Table(
    f"section_current_result_v{VERSION}",
    metadata,
    Column("report_id", Uuid, primary_key=True),
    Column("section", String(60), primary_key=True),
    Column("row_id", Text, primary_key=True),
    Column("cells", CanonicalJson, nullable=False),
)


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """What changes no content is passed over."""


@project.register
def _(event: Report.Created, meta: Happened, rows: Rows) -> None:
    _save(HEADER, meta, rows, revision=event.revision, digest=digest_of(event.header), content=event.header)


@project.register
def _(event: Report.HeaderChanged, meta: Happened, rows: Rows) -> None:
    before = rows.get(sections, report_id=meta.stream, section=HEADER)
    header = {**(before["content"] if before else {}), **{key: one.new for key, one in event.changes.items()}}
    _save(HEADER, meta, rows, revision=event.revision, digest=event.digest, content=header)


@project.register(Report.SectionSaved)
@project.register(Report.RowsImported)
def _(event: Report.SectionSaved | Report.RowsImported, meta: Happened, rows: Rows) -> None:
    _save(
        event.section,
        meta,
        rows,
        revision=event.revision,
        digest=event.digest,
        row_count=event.row_count,
        content=event.content,
        content_ref=event.content_ref,
    )
    rows.delete(results, report_id=meta.stream, section=event.section)


@project.register
def _(event: Report.TestResultRecorded, meta: Happened, rows: Rows) -> None:
    entry = ResultEntry(event.result, event.comment, event.verified_by, event.measured, event.unit)
    key = {"report_id": meta.stream, "section": event.section}
    rows.upsert(results, **key, row_id=event.row_id, cells=dict(entry.cells))
    rows.update(sections, key, revision=event.revision, digest=event.digest, **_by(meta))


@project.register
def _(event: Report.Disposed, meta: Happened, rows: Rows) -> None:
    for row in rows.find(sections, report_id=meta.stream):
        if row["section"] != HEADER:
            key = {"report_id": meta.stream, "section": row["section"]}
            rows.update(sections, key, content=None, content_ref=None)
    rows.delete(results, report_id=meta.stream)


def _save(section: str, meta: Happened, rows: Rows, **values: Any) -> None:
    kept = {"row_count": 0, "content": None, "content_ref": None, **values}
    rows.upsert(sections, report_id=meta.stream, section=section, **kept, **_by(meta))


def _by(meta: Happened) -> dict[str, Any]:
    actor: UUID = meta.metadata.actor
    return {"modified_by": actor, "modified_at": meta.event.timestamp}
