"""Who signed which digest with which meaning, and whether the signature still stands."""

from __future__ import annotations

from functools import singledispatch

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import CanonicalJson, Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
metadata = MetaData()
signatures = Table(
    f"signature_register_v{VERSION}",
    metadata,
    Column("signature_id", Uuid, primary_key=True),
    Column("report_id", Uuid, nullable=False),
    Column("revision", String(20), nullable=False),
    Column("stage", Integer, nullable=False),
    Column("signer", Uuid, nullable=False),
    Column("printed_name", Text, nullable=False),
    Column("role", String(30), nullable=False),
    Column("meaning", Text, nullable=False),
    Column("content_digest", String(64), nullable=False),
    Column("factors", CanonicalJson, nullable=False),
    Column("signed_at", Instant, nullable=False),
    Column("invalidated_at", Instant),
    Column("cause", Text),
)
Index(f"{signatures.name}_report", signatures.c.report_id)


@singledispatch
def project(event: Root.Event, meta: Happened, rows: Rows) -> None:
    """What neither makes nor breaks a signature is passed over."""


@project.register
def _(event: Report.SignatureApplied, meta: Happened, rows: Rows) -> None:
    rows.insert(
        signatures,
        signature_id=event.signature_id,
        report_id=meta.stream,
        revision=event.revision,
        stage=event.stage,
        signer=event.signer,
        printed_name=event.printed_name,
        role=event.role,
        meaning=event.meaning,
        content_digest=event.content_digest,
        factors=event.factors,
        signed_at=event.timestamp,
    )


@project.register
def _(event: Report.ApprovalsInvalidated, meta: Happened, rows: Rows) -> None:
    for signature in event.signatures:
        rows.update(
            signatures, {"signature_id": signature}, invalidated_at=event.timestamp, cause=event.cause
        )
