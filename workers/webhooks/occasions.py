"""What an event is about: for deciding who hears of it, and for telling them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from countersign.aggregates.incident import Incident
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root
from countersign.aggregates.webhook.delivery import WebhookDelivery
from countersign.aggregates.webhook.terms import Facts
from countersign.eventstore.aggregates import Aggregates
from countersign.workers.history import History
from countersign.workers.webhooks.payload import body_of, told_of_document, told_of_incident, told_of_report


class Occasions:
    """Reads the log."""

    def __init__(self, aggregates: Aggregates, history: History) -> None:
        self._aggregates = aggregates
        self._history = history

    def facts(self, stream: UUID, version: int) -> Facts | None:
        """What of the report decides who hears of an event of that stream; None when it is about none."""
        if self._aggregates.find(Incident, stream) is not None:
            return None
        rendering = self._aggregates.find(Rendering, stream)
        report = self._report(stream, version) if rendering is None else self._report(rendering.report_id)
        return Facts(report.report_type, report.project_reference, report.client_name)

    def body(self, delivery: WebhookDelivery) -> bytes:
        """What an endpoint is told."""
        if delivery.is_test:
            data: Mapping[str, Any] = {"webhook_id": str(delivery.webhook)}
            return body_of(delivery.event_type, delivery.created_on, delivery.position, data)
        event = self._history.event(delivery.source, delivery.source_version)
        return body_of(delivery.event_type, event.timestamp, delivery.position, self._told(event, delivery))

    def _told(self, event: Root.Event, delivery: WebhookDelivery) -> Mapping[str, Any]:
        if (incident := self._aggregates.find(Incident, delivery.source)) is not None:
            return told_of_incident(event, incident)
        if (rendering := self._aggregates.find(Rendering, delivery.source)) is not None:
            return told_of_document(event, self._report(rendering.report_id), rendering)
        return told_of_report(event, self._report(delivery.source, delivery.source_version))

    def _report(self, report_id: UUID, version: int | None = None) -> Report:
        report = self._aggregates.find(Report, report_id, version=version)
        if report is None:
            raise LookupError(f"no report {report_id} at version {version}")
        return report
