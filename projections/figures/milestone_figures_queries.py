"""What reports reached in a period, and how long writing and review took: docs/figures.md defines it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import case, func

from countersign.eventstore.databases import Database
from countersign.projections.figures.figures_groups import (
    MOST_FIGURES,
    By,
    Group,
    falling,
    group_of,
    reports_seen,
    require_few,
    sliced,
)
from countersign.projections.figures.figures_period import Period, Slice
from countersign.projections.figures.figures_spread import NO_SPREAD, Spread, Spreads, spreads
from countersign.projections.figures.report_figures import Milestone, milestones
from countersign.projections.projection import view_of

_view: Final = view_of(milestones)


@dataclass(frozen=True, slots=True)
class MilestoneFigures:
    """The figures of a group in a part of a period.

    `first_pass` are approvals of revisions that were never sent back. `written` is about submissions,
    `reviewed` about approvals.
    """

    first_day: date
    group: Group
    reached: Counter[Milestone]
    first_pass: int
    written: Spread
    reviewed: Spread


def milestone_figures(
    read: Database, period: Period, by: By = By.NONE, owner: UUID | None = None
) -> list[MilestoneFigures]:
    """By part of the period and group; left out are groups in which nothing happened, but not the only one.

    Raises:
        TooManyFigures: there are too many.
    """
    slices = period.slices()
    parts = sliced(slices)
    group = group_of(by, none=parts.c.everything, person=reports_seen.c.owner)
    rows = falling(_view, _view.c.at, parts, owner, parts.c.number, group, _view.c.milestone)
    never_sent_back = func.sum(case((_view.c.returns == 0, 1), else_=0))
    counting = rows.add_columns(func.count(), never_sent_back).group_by(*rows.selected_columns)
    with read.read() as connection:
        counted = connection.execute(counting.limit(MOST_FIGURES * len(Milestone) + 1)).all()
        require_few(len({(number, key) for number, key, *_ in counted}))
        spread = spreads(connection, rows, _view.c.took_s)
    return list(_told(slices, by, counted, spread))


def _told(
    slices: tuple[Slice, ...], by: By, counted: Iterable[Any], spread: Spreads
) -> list[MilestoneFigures]:
    reached: dict[tuple[int, Group], Counter[Milestone]] = {}
    if by is By.NONE:
        reached = {(number, ""): Counter() for number in range(len(slices))}
    first_pass: Counter[tuple[int, Group]] = Counter()
    for number, group, milestone, count, never_sent_back in counted:
        reached.setdefault((number, group), Counter())[Milestone(milestone)] = count
        if milestone == Milestone.APPROVED:
            first_pass[number, group] = never_sent_back
    return [
        MilestoneFigures(
            first_day=slices[number].first_day,
            group=group,
            reached=counts,
            first_pass=first_pass[number, group],
            written=spread.get((number, group, Milestone.SUBMITTED), NO_SPREAD),
            reviewed=spread.get((number, group, Milestone.APPROVED), NO_SPREAD),
        )
        for (number, group), counts in sorted(reached.items(), key=lambda one: (one[0][0], str(one[0][1])))
    ]
