"""Reads the sections of a report as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, select

from countersign.aggregates.report.content import SectionState, resolve
from countersign.eventstore.blobs import Blobs
from countersign.eventstore.databases import Database
from countersign.projections.projection import view_of
from countersign.projections.reading import every, having
from countersign.projections.reports.section_current import results, sections

_view: Final = view_of(sections)
_results: Final = view_of(results)


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section without its content; `digest` is that of all it holds, recorded results included."""

    report_id: UUID
    section: str
    revision: str
    digest: str
    row_count: int
    modified_by: UUID
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class SectionParts:
    """What a section is put together from: content in place or named by `content_ref`, and later results."""

    about: SectionRow
    content: Any | None
    content_ref: str | None
    results: Mapping[str, Mapping[str, str]]

    def whole(self, blobs: Blobs) -> Any:
        """The content with its results: a mapping of the header, `{"text": ...}`, or rows.

        Raises:
            BlobMissing: the content that the log names is not there.
        """
        state = SectionState(
            self.about.digest, self.about.row_count, self.content, self.content_ref, self.results
        )
        return resolve(state, None if self.content_ref is None else blobs.get(self.content_ref))


def sections_of(read: Database, report_id: UUID) -> tuple[SectionRow, ...]:
    """Which sections of a report have been filled in, by name."""
    return every(read, SectionRow, having(_view, SectionRow, report_id=report_id).order_by(_view.c.section))


def section(read: Database, report_id: UUID, name: str) -> SectionParts | None:
    """One section, or None when nothing was saved in it."""
    with read.read() as connection:
        row = connection.execute(_one(report_id, name)).mappings().one_or_none()
        if row is None:
            return None
        stored = dict(row)
        content, ref = stored.pop("content"), stored.pop("content_ref")
        return SectionParts(SectionRow(**stored), content, ref, _later(connection, report_id, name))


def _one(report_id: UUID, name: str) -> Any:
    return select(_view).where(_view.c.report_id == report_id, _view.c.section == name)


def _later(connection: Connection, report_id: UUID, name: str) -> dict[str, Mapping[str, str]]:
    found = select(_results).where(_results.c.report_id == report_id, _results.c.section == name)
    return {row.row_id: row.cells for row in connection.execute(found)}
