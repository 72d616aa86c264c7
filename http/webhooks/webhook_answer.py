"""A webhook as the API shows it: its secret once, the values of its headers never."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Self
from uuid import UUID

from countersign.aggregates.webhook.delivery import DeliveryStatus
from countersign.aggregates.webhook.subscription import PausedBy, WebhookSubscription
from countersign.http.answers import Answer
from countersign.http.reports.people import People, PersonAnswer
from countersign.http.staleness import Item
from countersign.projections.work.webhooks_queries import Webhook


class OnlyAnswer(Answer):
    """The reports that it hears of; what is empty does not matter."""

    report_types: list[str]
    project_reference: str
    client_name: str


class WebhookAnswer(Item):
    """An endpoint that is told. Of its `headers` only the names are shown; no `event_types` means all.

    `paused_by` a user, by the circuit after 20 failures in a row (then `probe_at` says when it is tried
    again), or because it is gone (410). After a rotation both secrets sign until `retiring_until`.
    """

    HANGS_ON = ("id",)
    id: UUID
    version: int
    name: str
    url: str
    event_types: list[str]
    only: OnlyAnswer
    headers: list[str]
    registered_by: PersonAnswer
    registered_at: datetime
    signing_number: int
    retiring_until: datetime | None
    paused_by: PausedBy | None
    probe_at: datetime | None
    failures: int


class ListedWebhookAnswer(WebhookAnswer):
    """A webhook and how much waits for it, or was given up; `test_error` is empty after a good test."""

    paused_because: str | None
    paused_at: datetime | None
    tested_at: datetime | None
    test_error: str | None
    waiting: int
    given_up: int

    @classmethod
    def of(cls, row: Webhook, people: People, counts: Mapping[str, int]) -> Self:
        """A webhook from the read tables."""
        waiting = counts.get(DeliveryStatus.QUEUED, 0) + counts.get(DeliveryStatus.RETRYING, 0)
        return cls(
            id=row.webhook_id,
            version=row.version,
            name=row.name,
            url=row.url,
            event_types=row.event_types,
            only=OnlyAnswer(**row.only),
            headers=row.headers,
            registered_by=people.person(row.registered_by),
            registered_at=row.registered_at,
            signing_number=row.secret_number,
            retiring_until=row.retiring_until,
            paused_by=None if row.paused_by is None else PausedBy(row.paused_by),
            probe_at=row.probe_at,
            failures=row.failures,
            paused_because=row.paused_because,
            paused_at=row.paused_at,
            tested_at=row.tested_at,
            test_error=row.test_error,
            waiting=waiting,
            given_up=counts.get(DeliveryStatus.DEAD_LETTERED, 0),
        )


class NewSecretAnswer(WebhookAnswer):
    """A webhook with its newest secret, which is shown here and nowhere else: keep it.

    Whoever repeats the command within some minutes, because the answer was lost, gets it again; later it is
    null.
    """

    secret: str | None


class WebhooksAnswer(Answer):
    """A page of webhooks, by name."""

    items: list[ListedWebhookAnswer]
    next_cursor: str | None


def told_of(webhook: WebhookSubscription, people: People) -> dict[str, object]:
    """The fields of an answer, from the log."""
    only = webhook.only
    return {
        "id": webhook.id,
        "version": webhook.version,
        "name": webhook.name,
        "url": webhook.url,
        "event_types": list(webhook.event_types),
        "only": OnlyAnswer(
            report_types=list(only.report_types),
            project_reference=only.project_reference,
            client_name=only.client_name,
        ),
        "headers": [each.name for each in webhook.headers],
        "registered_by": people.person(webhook.registered_by),
        "registered_at": webhook.created_on,
        "signing_number": webhook.secret_number,
        "retiring_until": webhook.retiring_until,
        "paused_by": webhook.paused_by,
        "probe_at": webhook.probe_at,
        "failures": webhook.failures,
    }
