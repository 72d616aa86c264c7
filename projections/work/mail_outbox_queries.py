"""Lists mails for operators, and shows one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page
from countersign.projections.projection import view_of
from countersign.projections.reading import having, one, page
from countersign.projections.work.mail_outbox import outbox

_view: Final = view_of(outbox)
_ORDER: Final = Keyset("queued_at", (_view.c.queued_at, _view.c.email_id), descending=True)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail; `recipient` is a person's id, `attachments` are `{filename, digest, media_type}`."""

    email_id: UUID
    version: int
    purpose: str
    report_id: UUID | None
    cause: UUID
    recipient: UUID
    message_id: str
    attachments: tuple[Mapping[str, str], ...]
    state: str
    attempts: int
    worker: str | None
    reply_code: int | None
    reply: str | None
    why: str | None
    next_at: datetime | None
    queued_at: datetime
    attempted_at: datetime | None
    settled_at: datetime | None


def mail(read: Database, email_id: UUID) -> Mail | None:
    """One mail, or None."""
    return one(read, Mail, having(_view, Mail, email_id=email_id))


def mails(
    read: Database,
    *,
    state: str | None = None,
    purpose: str | None = None,
    report_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Mail]:
    """Mails, the newest first.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    wanted = having(_view, Mail, state=state, purpose=purpose, report_id=report_id)
    return page(read, Mail, _ORDER, wanted, cursor, limit)
