"""Lists background work, and shows one job."""

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
from countersign.projections.work.job_board import jobs

_view: Final = view_of(jobs)
_ORDER: Final = Keyset("created_at", (_view.c.created_at, _view.c.job_id), descending=True)


@dataclass(frozen=True, slots=True)
class Job:
    """A job; `kind` and `state` are those of the job board.

    `result` of a rendering is `{artifacts: [{format, digest, size_bytes}], duration_ms}`, of a mail
    `{reply_code, reply}`, of maintenance what it reports; None until it has succeeded.
    """

    job_id: UUID
    version: int
    kind: str
    subject: str
    report_id: UUID | None
    revision: str | None
    state: str
    attempts: int
    worker: str | None
    error_class: str | None
    error: str | None
    result: Mapping[str, Any] | None
    next_at: datetime | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


def job(read: Database, job_id: UUID) -> Job | None:
    """One job, or None."""
    return one(read, Job, having(_view, Job, job_id=job_id))


def job_page(
    read: Database,
    *,
    kind: str | None = None,
    subject: str | None = None,
    state: str | None = None,
    report_id: UUID | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Job]:
    """Jobs, the newest first.

    Raises:
        BadCursor: the cursor is not from this list.
    """
    wanted = having(_view, Job, kind=kind, subject=subject, state=state, report_id=report_id)
    return page(read, Job, _ORDER, wanted, cursor, limit)
