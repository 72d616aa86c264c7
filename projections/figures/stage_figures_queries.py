"""How stages ended in a period, and how long they waited: docs/figures.md defines it."""

from __future__ import annotations

from collections import Counter
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
    require_few,
    sliced,
)
from countersign.projections.figures.figures_period import Period
from countersign.projections.figures.figures_spread import NO_SPREAD, Spread, spreads
from countersign.projections.figures.report_figures import Outcome, stages
from countersign.projections.projection import view_of

_view: Final = view_of(stages)
_DECISIONS: Final = (Outcome.APPROVED, Outcome.CHANGES_REQUESTED)


@dataclass(frozen=True, slots=True)
class StageFigures:
    """The figures of a stage of the route, of a group in a part of a period.

    `on_time` are decisions that came when they were due or before; `waited` is about decisions.
    """

    first_day: date
    group: Group
    stage: int
    ended: Counter[Outcome]
    on_time: int
    waited: Spread

    @property
    def decided(self) -> int:
        """How many were approved or sent back."""
        return sum(self.ended[each] for each in _DECISIONS)


def stage_figures(
    read: Database, period: Period, by: By = By.NONE, owner: UUID | None = None
) -> list[StageFigures]:
    """By part of the period, group and stage; what did not happen is left out.

    Raises:
        TooManyFigures: there are too many.
    """
    slices = period.slices()
    parts = sliced(slices)
    group = group_of(by, none=parts.c.everything, person=_view.c.approver)
    rows = falling(_view, _view.c.ended_at, parts, owner, parts.c.number, group, _view.c.stage)
    with read.read() as connection:
        counted = connection.execute(_counting(rows)).all()
        require_few(len({tuple(key) for *key, _, _, _ in counted}))
        waited = spreads(connection, rows, _view.c.waited_s)
    ended: dict[tuple[int, Group, int], Counter[Outcome]] = {}
    on_time: Counter[tuple[int, Group, int]] = Counter()
    for number, of, stage, outcome, count, in_time in counted:
        key = (number, of, stage)
        ended.setdefault(key, Counter())[Outcome(outcome)] = count
        on_time[key] += in_time if outcome in _DECISIONS else 0
    return [
        StageFigures(
            slices[key[0]].first_day, key[1], key[2], ended[key], on_time[key], waited.get(key, NO_SPREAD)
        )
        for key in sorted(ended, key=lambda key: (key[0], str(key[1]), key[2]))
    ]


def _counting(rows: Any) -> Any:
    in_time = func.sum(case((_view.c.ended_at <= _view.c.due_at, 1), else_=0))
    told = rows.add_columns(_view.c.outcome, func.count(), in_time)
    return told.group_by(*rows.selected_columns, _view.c.outcome).limit(MOST_FIGURES * len(Outcome) + 1)
