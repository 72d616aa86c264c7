"""How close together the times of a cron expression are."""

from __future__ import annotations

import pytest

from countersign.aggregates.schedule.cadence import Cadence, Rhythm
from countersign.aggregates.schedule.cron_expression import CronExpression
from countersign.aggregates.schedule.density import least_minutes_between
from countersign.aggregates.schedule.plan import is_due_too_often


@pytest.mark.parametrize(
    ("expression", "minutes"),
    [
        ("* * * * *", 1),
        ("*/15 * * * *", 15),
        ("0,50 * * * *", 10),  # from 50 to the next hour
        ("30 6 * * *", 24 * 60),
        ("30 6,18 * * *", 12 * 60),
        ("0,55 0,23 * * mon", 55),  # no Tuesday follows
        ("0,55 0,23 * * mon,tue", 5),
        ("0,55 0,23 1 * *", 55),
        ("0,55 0,23 1,31 * *", 5),  # the first follows the thirty-first
        ("0,55 0,23 29 2 *", 55),
        ("0,55 0,23 1 3 sat", 5),  # a Saturday in March that is the last of February's next day
        ("0,55 0,23 1-7 * */7", 55),  # both: the first Sunday of a month
        ("0,55 0,23 */30 2,3 *", 55),
    ],
)
def test_the_shortest_time_between_two_due_times_is_found(expression: str, minutes: int) -> None:
    assert least_minutes_between(CronExpression.parse(expression)) == minutes


def test_only_cron_can_be_due_too_often() -> None:
    assert is_due_too_often(Cadence(rhythm=Rhythm.CRON, expression="*/14 * * * *"))
    assert not is_due_too_often(Cadence(rhythm=Rhythm.CRON, expression="*/15 * * * *"))
    assert not is_due_too_often(Cadence(rhythm=Rhythm.DAILY, at="06:00"))
