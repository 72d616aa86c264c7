"""How a component stands, as the API tells it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from countersign.http.answers import Answer
from countersign.projections.health.health_readings import Standing
from countersign.projections.health.reading import Condition

UNSEEN: Final = timedelta(minutes=5)


class ComponentHealthAnswer(Answer):
    """A component at its last reading.

    It has been well, or not, since `since`, for `run` readings; one a minute is taken. `remedy` names what to
    do, with the command to run. `unseen`: nobody has looked for five minutes, so it may be otherwise by now.
    """

    component: str
    condition: Condition
    says: str
    remedy: str
    figures: Mapping[str, float]
    took_ms: float
    at: datetime
    since: datetime
    run: int
    unseen: bool


def component_answer(standing: Standing, now: datetime) -> ComponentHealthAnswer:
    """The answer about one."""
    return ComponentHealthAnswer(
        component=standing.component,
        condition=standing.condition,
        says=standing.says,
        remedy=standing.remedy,
        figures=standing.figures,
        took_ms=standing.took_ms,
        at=standing.at,
        since=standing.since,
        run=standing.run,
        unseen=now - standing.at > UNSEEN,
    )
