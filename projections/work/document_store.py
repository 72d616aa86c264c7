"""The documents that were made of reports, and the files that each consists of."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.rendering import Rendering, RenderingStatus
from countersign.aggregates.root import Root
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
metadata = MetaData()
documents = Table(
    f"document_store_v{VERSION}",
    metadata,
    Column("rendering_id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("report_id", Uuid, nullable=False),
    Column("revision", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("format", String(10), nullable=False),
    Column("status", String(20), nullable=False),
    Column("input_digest", String(64), nullable=False),
    Column("content_digest", String(64), nullable=False),
    Column("template_digest", String(64), nullable=False),
    Column("engine_version", String(40), nullable=False),
    Column("duration_ms", Integer),
    Column("failure", Text),
    Column("requested_at", Instant, nullable=False),
    Column("completed_at", Instant),
)
artifacts = Table(
    f"document_store_artifact_v{VERSION}",
    metadata,
    Column("rendering_id", Uuid, primary_key=True),
    Column("format", String(10), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
)
Index(f"{documents.name}_report", documents.c.report_id)


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """What is not a rendering is passed over."""


@project.register
def _(event: Rendering.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(
        documents,
        rendering_id=meta.stream,
        version=meta.version,
        report_id=event.report_id,
        revision=event.revision,
        kind=event.kind,
        format=event.format,
        status=RenderingStatus.QUEUED,
        input_digest=event.input_digest,
        content_digest=event.content_digest,
        template_digest=event.template_digest,
        engine_version=event.engine_version,
        requested_at=event.timestamp,
    )


@project.register
def _(event: Rendering.Started, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, RenderingStatus.RUNNING)


@project.register
def _(event: Rendering.Completed, meta: Happened, rows: Rows) -> None:
    made = {"duration_ms": event.duration_ms, "completed_at": event.timestamp, "failure": None}
    _change(meta, rows, RenderingStatus.COMPLETED, **made)
    for file in event.artifacts:
        key = {"rendering_id": meta.stream, "format": file.format}
        rows.upsert(artifacts, **key, digest=file.digest, size_bytes=file.size_bytes)


@project.register
def _(event: Rendering.AttemptFailed, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, RenderingStatus.RETRYING, failure=event.message)


@project.register
def _(event: Rendering.DeadLettered, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, RenderingStatus.DEAD_LETTERED, failure=event.message)


@project.register(Rendering.Cancelled)
@project.register(Rendering.Discarded)
def _(event: Rendering.Cancelled | Rendering.Discarded, meta: Happened, rows: Rows) -> None:
    cancelled = isinstance(event, Rendering.Cancelled)
    status = RenderingStatus.CANCELLED if cancelled else RenderingStatus.DISCARDED
    _change(meta, rows, status, failure=event.reason)


@project.register
def _(event: Rendering.Retried, meta: Happened, rows: Rows) -> None:
    _change(meta, rows, RenderingStatus.QUEUED)


def _change(meta: Happened, rows: Rows, status: RenderingStatus, **values: Any) -> None:
    rows.update(documents, {"rendering_id": meta.stream}, version=meta.version, status=status, **values)
