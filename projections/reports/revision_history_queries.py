"""Shows the revisions of a report, each with its steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from countersign.eventstore.databases import Database
from countersign.projections.projection import view_of
from countersign.projections.reading import every, having
from countersign.projections.reports.revision_history import history, steps

_view: Final = view_of(history)
_steps: Final = view_of(steps)


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A revision as it stands; what has not happened yet is None."""

    report_id: UUID
    revision: str
    status: str
    begun_at: datetime
    submissions: int
    submitted_at: datetime | None
    submitted_by: UUID | None
    content_digest: str | None
    template: UUID | None
    template_version: int | None
    approved_at: datetime | None
    issued_at: datetime | None
    issued_by: UUID | None
    issue_status: str | None
    rendering_id: UUID | None
    document_digest: str | None


@dataclass(frozen=True, slots=True)
class StepRow:
    """A revision reached a status; `reason` is the author's comment or why it went back."""

    report_id: UUID
    revision: str
    position: int
    status: str
    at: datetime
    actor: UUID
    reason: str | None


def revisions(read: Database, report_id: UUID) -> tuple[RevisionRow, ...]:
    """The revisions of a report, the first one first."""
    query = having(_view, RevisionRow, report_id=report_id)
    return every(read, RevisionRow, query.order_by(_view.c.begun_at, _view.c.revision))


def revision_steps(read: Database, report_id: UUID) -> tuple[StepRow, ...]:
    """Every change of status of a report's revisions, in order."""
    return every(read, StepRow, having(_steps, StepRow, report_id=report_id).order_by(_steps.c.position))
