"""What waits at a given time: open stages, how many are overdue, and since when the oldest has waited."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import case, func, literal, select

from countersign.eventstore.databases import Database
from countersign.projections.figures.figures_groups import (
    MOST_FIGURES,
    Group,
    group_of,
    of_owner,
    require_few,
    with_report,
)
from countersign.projections.figures.report_figures import stages
from countersign.projections.projection import view_of
from countersign.projections.reading import every

_view: Final = view_of(stages)


class WorkloadBy(StrEnum):
    """What open stages are told apart by; the person is who decides."""

    NONE = "none"
    CLIENT = "client"
    TYPE = "type"
    PROJECT = "project"
    PERSON = "person"
    STAGE = "stage"


@dataclass(frozen=True, slots=True)
class Workload:
    """The open stages of a group; without any there is no oldest, and none that is due next."""

    group: Group
    open: int
    overdue: int
    oldest_since: datetime | None
    next_due_at: datetime | None


def workload(
    read: Database, now: datetime, by: WorkloadBy = WorkloadBy.PERSON, owner: UUID | None = None
) -> list[Workload]:
    """Who has the oldest comes first; a stage is overdue when it was due before `now`.

    Raises:
        TooManyFigures: there are too many groups.
    """
    nobody = literal("")
    group = group_of(by, none=nobody, person=_view.c.approver, stage=_view.c.stage)
    oldest = func.min(_view.c.opened_at)
    told: tuple[Any, ...] = (
        group.label("group"),
        func.count().label("open"),
        func.coalesce(func.sum(case((_view.c.due_at < now, 1), else_=0)), 0).label("overdue"),
        oldest.label("oldest_since"),
        func.min(_view.c.due_at).label("next_due_at"),
    )
    open_ones = select(*told).select_from(with_report(_view)).where(_view.c.ended_at.is_(None))
    query = of_owner(owner, open_ones).order_by(oldest).limit(MOST_FIGURES + 1)
    found = every(read, Workload, query if by is WorkloadBy.NONE else query.group_by(group))
    require_few(len(found))
    return sorted(found, key=lambda one: (one.oldest_since is None, one.oldest_since, str(one.group)))
