"""Finds documents: by their id, or by report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Select, select

from countersign.eventstore.databases import Database
from countersign.projections.projection import view_of
from countersign.projections.work.document_store import artifacts, documents

_view: Final = view_of(documents)
_files: Final = view_of(artifacts)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a document, kept under its digest."""

    format: str
    digest: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Document:
    """A rendering and what came of it; `status` is that of the rendering, `failure` its latest one."""

    rendering_id: UUID
    version: int
    report_id: UUID
    revision: str
    kind: str
    format: str
    status: str
    input_digest: str
    content_digest: str
    template_digest: str
    engine_version: str
    duration_ms: int | None
    failure: str | None
    requested_at: datetime
    completed_at: datetime | None
    files: tuple[StoredFile, ...]


def document(read: Database, rendering_id: UUID) -> Document | None:
    """One document, or None."""
    found = _documents(read, select(_view).where(_view.c.rendering_id == rendering_id))
    return found[0] if found else None


def documents_of(
    read: Database, report_id: UUID, *, revision: str | None = None, kind: str | None = None
) -> tuple[Document, ...]:
    """The documents of a report, the newest first."""
    query = select(_view).where(_view.c.report_id == report_id)
    if revision is not None:
        query = query.where(_view.c.revision == revision)
    if kind is not None:
        query = query.where(_view.c.kind == kind)
    return _documents(read, query)


def _documents(read: Database, query: Select[Any]) -> tuple[Document, ...]:
    newest_first = query.order_by(_view.c.requested_at.desc(), _view.c.rendering_id)
    with read.read() as connection:
        rows = connection.execute(newest_first).mappings().all()
        files = _files_of(connection, [row["rendering_id"] for row in rows])
    return tuple(Document(**row, files=tuple(files.get(row["rendering_id"], ()))) for row in rows)


def _files_of(connection: Connection, ids: list[UUID]) -> dict[UUID, list[StoredFile]]:
    found: dict[UUID, list[StoredFile]] = {}
    query = select(_files).where(_files.c.rendering_id.in_(ids)).order_by(_files.c.format)
    for row in connection.execute(query):
        found.setdefault(row.rendering_id, []).append(StoredFile(row.format, row.digest, row.size_bytes))
    return found
