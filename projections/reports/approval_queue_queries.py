"""What waits for a person's signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page
from countersign.projections.projection import view_of
from countersign.projections.reading import having, page
from countersign.projections.reports.approval_queue import queue

_view: Final = view_of(queue)
_ORDER: Final = Keyset("due_at", (_view.c.due_at, _view.c.report_id, _view.c.stage))


@dataclass(frozen=True, slots=True)
class WaitingStage:
    """A stage whose turn it is; `version` and `content_digest` are what an approval has to name."""

    report_id: UUID
    stage: int
    role: str
    approver: UUID
    since: datetime
    due_at: datetime
    version: int
    revision: str
    content_digest: str
    document_number: str
    title: str
    owner: UUID


def waiting_stages(
    read: Database,
    approver: UUID | None = None,
    *,
    owner: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[WaitingStage]:
    """What waits for that person, or for anybody, of that owner's reports, or of all: the most urgent first.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    wanted = having(_view, WaitingStage, approver=approver, owner=owner)
    return page(read, WaitingStage, _ORDER, wanted, cursor, limit)
