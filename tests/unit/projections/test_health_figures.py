"""What is told of a component, while somebody looks at it and afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from countersign.projections.health.figure import of_health
from countersign.projections.health.health_readings import UNSEEN, Standing
from countersign.projections.health.reading import Condition

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def told(condition: Condition, age: timedelta) -> dict[str, float]:
    disk = Standing(
        component="disk:gone",
        condition=condition,
        says="",
        remedy="",
        figures={"free_bytes": 7.0},
        took_ms=1.0,
        at=NOW - age,
        since=NOW - age,
        run=1,
    )
    return {figure.name: figure.value for figure in of_health([disk], NOW)}


@pytest.mark.parametrize(
    ("condition", "number", "well"),
    [(Condition.OK, 0, 1), (Condition.ABSENT, 0, 1), (Condition.DEGRADED, 1, 0), (Condition.FAILED, 2, 0)],
)
def test_a_component_is_told_of_as_it_was_found(condition: Condition, number: int, well: int) -> None:
    assert told(condition, timedelta(seconds=30)) == {
        "component_reading_age_seconds": 30,
        "component_condition": number,
        "component_well": well,
        "component_figure": 7,
    }


def test_of_one_that_nobody_looks_at_any_more_only_its_age_is_told() -> None:
    age = UNSEEN + timedelta(seconds=1)
    assert told(Condition.FAILED, age) == {"component_reading_age_seconds": age.total_seconds()}
