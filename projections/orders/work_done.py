"""How many documents and mails the events of the log have caused: what no rebuild causes again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, func, inspect, select

from countersign.projections.projection import view_of
from countersign.projections.work.job_board import jobs
from countersign.projections.work.job_states import JobKind

_view: Final = view_of(jobs)


@dataclass(frozen=True, slots=True)
class WorkDone:
    """As the job board has it."""

    mails: int
    documents: int


def work_done(connection: Connection) -> WorkDone | None:
    """All that was ever ordered; None while there is no job board."""
    if not inspect(connection).has_table(_view.name):
        return None
    query = select(_view.c.kind, func.count()).group_by(_view.c.kind)
    counts = {str(kind): int(count) for kind, count in connection.execute(query)}
    return WorkDone(mails=counts.get(JobKind.EMAIL, 0), documents=counts.get(JobKind.RENDERING, 0))
