"""What is told of an event: documents, revisions, stages and digests; no person, nor what they wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import singledispatch
from typing import Any

import msgspec

from countersign.aggregates.incident import Incident
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root
from countersign.workers.webhooks.incident_words import subject_of, told_of_state


def body_of(event_type: str, at: datetime, position: int, data: Mapping[str, Any]) -> bytes:
    """The body: the same bytes at each attempt."""
    told = {
        "type": event_type,
        "timestamp": at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "position": position,
        "data": data,
    }
    return msgspec.json.encode(told)


def told_of_report(event: Root.Event, report: Report) -> Mapping[str, Any]:
    """The `data` about a report, which is given as the event left it."""
    header = {
        "title": report.title,
        "project_reference": report.project_reference,
        "client_name": report.client_name,
    }
    return {**_identity(report), **header, **_what(event)}


def told_of_document(event: Root.Event, report: Report, rendering: Rendering) -> Mapping[str, Any]:
    """The `data` about a document; of its report what never changes."""
    document = {
        "revision": rendering.revision,
        "rendering_id": str(rendering.id),
        "kind": str(rendering.kind),
        "format": str(rendering.format),
    }
    return {**_identity(report), **document, **_what(event)}


def told_of_incident(event: Root.Event, incident: Incident) -> Mapping[str, Any]:
    """The `data` about something that the service leans on."""
    about = {
        "incident_id": str(incident.id),
        "component": str(subject_of(incident.component)),
        "since": incident.since.isoformat(),
    }
    return {**about, **_how(event, incident.component)}


def _how(event: Root.Event, component: str) -> Mapping[str, Any]:
    match event:
        case Incident.Created(severity=severity) | Incident.Escalated(severity=severity):
            return {"severity": str(severity), **told_of_state(component, severity)}
        case Incident.Resolved():
            return told_of_state(component, None)
    raise TypeError(f"nothing is told of {type(event).__qualname__}")


@singledispatch
def _what(event: Root.Event) -> Mapping[str, Any]:
    raise TypeError(f"nothing is told of {type(event).__qualname__}")


@_what.register
def _(event: Report.Created) -> Mapping[str, Any]:
    return {"revision": event.revision}


@_what.register
def _(event: Report.RevisionSubmitted) -> Mapping[str, Any]:
    return {
        "revision": event.revision,
        "content_digest": event.content_digest,
        "stages": [{"stage": each.n, "role": str(each.role)} for each in event.stages],
    }


@_what.register
def _(event: Report.SubmissionWithdrawn) -> Mapping[str, Any]:
    return {"revision": event.revision}


@_what.register
def _(event: Report.StageOpened) -> Mapping[str, Any]:
    return {
        "revision": event.revision,
        "stage": event.stage,
        "role": str(event.role),
        "due_at": event.due_at.isoformat(),
    }


@_what.register
def _(event: Report.StageApproved) -> Mapping[str, Any]:
    return {"revision": event.revision, "stage": event.stage, "review_code": event.review_code}


@_what.register
def _(event: Report.ChangesRequested) -> Mapping[str, Any]:
    return {"revision": event.revision, "stage": event.stage, "review_code": event.review_code}


@_what.register
def _(event: Report.RevisionApproved) -> Mapping[str, Any]:
    return {"revision": event.revision, "content_digest": event.content_digest}


@_what.register
def _(event: Report.RevisionIssued) -> Mapping[str, Any]:
    return {
        "revision": event.revision,
        "issue_status": str(event.issue_status),
        "rendering_id": str(event.rendering_id),
        "document_digest": event.document_digest,
    }


@_what.register
def _(event: Rendering.Completed) -> Mapping[str, Any]:
    made = [
        {"format": str(each.format), "digest": each.digest, "size_bytes": each.size_bytes}
        for each in event.artifacts
    ]
    return {"artifacts": made}


@_what.register
def _(event: Rendering.DeadLettered) -> Mapping[str, Any]:
    return {"failure_class": str(event.failure_class)}


def _identity(report: Report) -> Mapping[str, Any]:
    return {
        "report_id": str(report.id),
        "document_number": report.document_number,
        "report_type": report.report_type,
    }
