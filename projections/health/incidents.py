"""What was not well: since when, who saw to it, and how it ended."""

from __future__ import annotations

from functools import singledispatch

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text, Uuid

from countersign.aggregates.incident import Incident, IncidentStatus
from countersign.eventstore.mapper import Happened
from countersign.projections.columns import Instant
from countersign.projections.folding.rows import Rows

VERSION = 1
metadata = MetaData()
incidents = Table(
    f"incidents_v{VERSION}",
    metadata,
    Column("incident_id", Uuid, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("component", String(80), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("status", String(20), nullable=False),
    Column("reading", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("escalations", Integer, nullable=False),
    Column("escalated_at", Instant),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", Uuid),
    Column("acknowledged_note", Text),
    Column("resolved_at", Instant),
    Column("resolved_by", Uuid),
    Column("resolved_note", Text),
)
Index(f"{incidents.name}_position", incidents.c.position, unique=True)
Index(f"{incidents.name}_status", incidents.c.status, incidents.c.position)


@singledispatch
def project(event: object, meta: Happened, rows: Rows) -> None:
    """What is not about an incident is passed over."""


@project.register
def _(event: Incident.Created, meta: Happened, rows: Rows) -> None:
    rows.insert(
        incidents,
        incident_id=meta.stream,
        position=meta.position,
        component=event.component,
        severity=str(event.severity),
        status=str(IncidentStatus.OPEN),
        reading=event.reading,
        since=event.since,
        opened_at=event.timestamp,
        escalations=0,
    )


@project.register
def _(event: Incident.Escalated, meta: Happened, rows: Rows) -> None:
    known = rows.existing(incidents, incident_id=meta.stream)
    _change(
        meta,
        rows,
        severity=str(event.severity),
        reading=event.reading,
        escalations=known["escalations"] + 1,
        escalated_at=event.timestamp,
    )


@project.register
def _(event: Incident.Acknowledged, meta: Happened, rows: Rows) -> None:
    _change(
        meta,
        rows,
        status=str(IncidentStatus.ACKNOWLEDGED),
        acknowledged_at=event.timestamp,
        acknowledged_by=meta.metadata.actor,
        acknowledged_note=event.note,
    )


@project.register
def _(event: Incident.Resolved, meta: Happened, rows: Rows) -> None:
    _change(
        meta,
        rows,
        status=str(IncidentStatus.RESOLVED),
        resolved_at=event.timestamp,
        resolved_by=meta.metadata.actor,
        resolved_note=event.note or event.reading,
    )


def _change(meta: Happened, rows: Rows, **values: object) -> None:
    rows.update(incidents, {"incident_id": meta.stream}, **values)
