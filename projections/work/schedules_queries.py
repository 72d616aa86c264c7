"""Lists schedules, and says which are due next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import select

from countersign.aggregates.schedule.plan import Plan
from countersign.eventstore.databases import Database
from countersign.projections.keyset import Keyset, Page
from countersign.projections.projection import view_of
from countersign.projections.work.schedules import schedules

_view: Final = view_of(schedules)
_ORDER: Final = Keyset("name", (_view.c.name, _view.c.schedule_id))


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A schedule as lists show it; what begins with `run` is of the latest run, if there was one."""

    schedule_id: UUID
    version: int
    owner: UUID
    name: str
    plan: Plan
    paused: bool
    paused_because: str | None
    next_due_at: datetime | None
    run_id: UUID | None
    run_due_at: datetime | None
    run_state: str | None
    run_mails: int | None
    run_rows: int | None
    run_error: str | None
    made_at: datetime


def schedules_of(
    read: Database, owner: UUID | None, *, cursor: str | None = None, limit: int = 50
) -> Page[ScheduleRow]:
    """Those that somebody keeps, or with None all, by name.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    kept = select(_view) if owner is None else select(_view).where(_view.c.owner == owner)
    with read.read() as connection:
        return _ORDER.page(connection, kept, cursor, limit, _row)


def _row(**row: Any) -> ScheduleRow:
    return ScheduleRow(**{**row, "plan": msgspec.convert(row["plan"], Plan)})
