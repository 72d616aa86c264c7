"""Lists the addresses that mail is held back from, for operators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page
from countersign.projections.projection import view_of
from countersign.projections.reading import having, page
from countersign.projections.work.mail_suppressions import suppressions

_view: Final = view_of(suppressions)
_ORDER: Final = Keyset("placed_at", (_view.c.placed_at, _view.c.suppression_id), descending=True)


@dataclass(frozen=True, slots=True)
class HeldBack:
    """One address; `person` is whose it is, `email_id` the mail that came back from there."""

    suppression_id: UUID
    version: int
    person: UUID
    email_id: UUID
    reply_code: int
    reply: str
    in_force: bool
    placed_at: datetime
    lifted_at: datetime | None
    lifted_by: UUID | None
    lifted_because: str | None


def suppression_page(
    read: Database,
    *,
    in_force: bool | None = None,
    person: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[HeldBack]:
    """The addresses, the newest first; those of one person, or those that mail is still held back from.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    wanted = having(_view, HeldBack, in_force=in_force, person=person)
    return page(read, HeldBack, _ORDER, wanted, cursor, limit)
