"""What says how often something is due, and what does not."""

from __future__ import annotations

from typing import Any

import pytest

from countersign.aggregates.schedule.cadence import Cadence, InvalidSchedule, Rhythm, Weekday
from countersign.aggregates.schedule.cron_expression import BadExpression, CronExpression

SOUND: dict[Rhythm, dict[str, Any]] = {
    Rhythm.DAILY: {"at": "06:30"},
    Rhythm.WEEKLY: {"at": "06:30", "weekdays": (Weekday.MONDAY, Weekday.FRIDAY)},
    Rhythm.MONTHLY: {"at": "23:59", "day": 31},
    Rhythm.CRON: {"expression": "30 6 1-7 jan,7 MON-fri/2"},
}
WRONG = [
    (Rhythm.DAILY, {"at": "24:00"}, "at"),
    (Rhythm.DAILY, {"at": ""}, "at"),
    (Rhythm.DAILY, {"weekdays": (Weekday.MONDAY,)}, "weekdays"),
    (Rhythm.DAILY, {"day": 1}, "day"),
    (Rhythm.DAILY, {"day": -1}, "day"),
    (Rhythm.DAILY, {"expression": "* * * * *"}, "expression"),
    (Rhythm.DAILY, {"time_zone": "Europe/Nowhere"}, "time_zone"),
    (Rhythm.DAILY, {"time_zone": "localtime"}, "time_zone"),
    (Rhythm.WEEKLY, {"weekdays": ()}, "weekdays"),
    (Rhythm.MONTHLY, {"day": 0}, "day"),
    (Rhythm.MONTHLY, {"day": 32}, "day"),
    (Rhythm.CRON, {"at": "06:30"}, "at"),
    (Rhythm.CRON, {"expression": "* * * *"}, "expression"),
    (Rhythm.CRON, {"expression": ""}, "expression"),
]


@pytest.mark.parametrize("rhythm", Rhythm)
def test_each_rhythm_can_be_said(rhythm: Rhythm) -> None:
    Cadence(rhythm=rhythm, **SOUND[rhythm]).require_sound()


@pytest.mark.parametrize(("rhythm", "change", "field"), WRONG)
def test_what_does_not_say_when_is_refused_where_it_is_wrong(
    rhythm: Rhythm, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidSchedule) as refused:
        Cadence(rhythm=rhythm, **(SOUND[rhythm] | change)).require_sound()
    assert {pointer for pointer, _ in refused.value.pointers} == {f"/cadence/{field}"}


@pytest.mark.parametrize(
    "expression",
    [
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "* * * * 8",
        "5-1 * * * *",
        "*/0 * * * *",
        "a * * * *",
        "1- * * * *",
        "* * * * * *",
        "@daily",
        "0 0 1 1 *" + " " * 100,
        "1,,2 * * * *",
    ],
)
def test_what_no_crontab_would_take_is_refused(expression: str) -> None:
    with pytest.raises(BadExpression):
        CronExpression.parse(expression)


def test_spans_steps_and_names_are_read_as_a_crontab_reads_them() -> None:
    read = CronExpression.parse("*/20 8-18/5 10/10 Jan-mar,dec 5-7")
    assert read.minutes == (0, 20, 40)
    assert read.hours == (8, 13, 18)
    assert read.days == (10, 20, 30)
    assert read.months == (1, 2, 3, 12)
    assert read.weekdays == (0, 5, 6)
    assert not read.any_day
    assert not read.any_weekday
    assert CronExpression.parse("* * * * */2").weekdays == (0, 2, 4, 6)
