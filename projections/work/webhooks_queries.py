"""Lists webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page
from countersign.projections.projection import view_of
from countersign.projections.reading import having, one, page
from countersign.projections.work.webhooks import webhooks

_view: Final = view_of(webhooks)
_ORDER: Final = Keyset("name", (_view.c.name, _view.c.webhook_id))


@dataclass(frozen=True, slots=True)
class Webhook:
    """An endpoint; of its `headers` only the names are known, of its secrets nothing."""

    webhook_id: UUID
    version: int
    name: str
    url: str
    event_types: list[str]
    only: Mapping[str, Any]
    headers: list[str]
    registered_by: UUID
    secret_number: int
    retiring_until: datetime | None
    paused_by: str | None
    paused_because: str | None
    paused_at: datetime | None
    probe_at: datetime | None
    failures: int
    tested_at: datetime | None
    test_error: str | None
    registered_at: datetime


def webhook(read: Database, webhook_id: UUID) -> Webhook | None:
    """One webhook that is not deleted, or None."""
    return one(read, Webhook, having(_view, Webhook, webhook_id=webhook_id))


def webhook_page(
    read: Database, *, paused_by: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[Webhook]:
    """Webhooks by name.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    return page(read, Webhook, _ORDER, having(_view, Webhook, paused_by=paused_by), cursor, limit)
