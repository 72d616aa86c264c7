"""Lists broadcasts, for administrators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page
from countersign.projections.projection import view_of
from countersign.projections.reading import having, page
from countersign.projections.work.mail_broadcasts import broadcasts

_view: Final = view_of(broadcasts)
_ORDER: Final = Keyset("ordered_at", (_view.c.ordered_at, _view.c.broadcast_id), descending=True)


@dataclass(frozen=True, slots=True)
class BroadcastRow:
    """One broadcast: of its `recipients` so many mails are `planned`."""

    broadcast_id: UUID
    version: int
    topic: str
    roles: Sequence[str]
    ordered_by: UUID
    ordered_at: datetime
    status: str
    recipients: int
    planned: int
    cancelled_by: UUID | None
    cancelled_because: str | None


def broadcast_page(
    read: Database, *, status: str | None = None, cursor: str | None = None, limit: int = 50
) -> Page[BroadcastRow]:
    """Broadcasts, the newest first; those of a status.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    return page(read, BroadcastRow, _ORDER, having(_view, BroadcastRow, status=status), cursor, limit)
