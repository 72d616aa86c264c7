"""When something is due by the clocks of a place, also where they change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from countersign.aggregates.schedule.cadence import Cadence, Rhythm, Weekday
from countersign.commands.schedule.due_times import due_after, next_times

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def daily(at: str, zone: str = "Europe/Berlin") -> Cadence:
    return Cadence(rhythm=Rhythm.DAILY, at=at, time_zone=zone)


def cron(expression: str, zone: str = "Europe/Berlin") -> Cadence:
    return Cadence(rhythm=Rhythm.CRON, expression=expression, time_zone=zone)


def monthly(day: int) -> Cadence:
    return Cadence(rhythm=Rhythm.MONTHLY, at="08:00", day=day)


def shown(cadence: Cadence, after: str, count: int) -> list[str]:
    zone = ZoneInfo(cadence.time_zone)
    since = datetime.fromisoformat(after).replace(tzinfo=zone)
    return [f"{time.astimezone(zone):%m-%d %H:%M%z}" for time in next_times(cadence, since, count)]


def test_a_time_that_the_clocks_leave_out_is_due_once_as_long_after_the_change() -> None:
    assert shown(daily("02:30"), "2026-03-28T00:00", 3) == [
        "03-28 02:30+0100",
        "03-29 03:30+0200",
        "03-30 02:30+0200",
    ]


def test_a_time_that_the_clocks_show_twice_is_due_the_first_time_only() -> None:
    assert shown(daily("02:30"), "2026-10-24T00:00", 3) == [
        "10-24 02:30+0200",
        "10-25 02:30+0200",
        "10-26 02:30+0100",
    ]


def test_two_times_that_fall_together_when_the_clocks_go_forward_are_one() -> None:
    assert shown(cron("0,30 2,3 * * *"), "2026-03-28T12:00", 3) == [
        "03-29 03:00+0200",
        "03-29 03:30+0200",
        "03-30 02:00+0200",
    ]


def test_what_is_due_in_every_hour_is_due_in_the_hour_that_comes_twice_too() -> None:
    assert shown(cron("*/30 * * * *"), "2026-10-25T01:40", 6) == [
        "10-25 02:00+0200",
        "10-25 02:30+0200",
        "10-25 02:00+0100",
        "10-25 02:30+0100",
        "10-25 03:00+0100",
        "10-25 03:30+0100",
    ]


def test_what_is_due_in_every_hour_is_not_due_in_the_hour_that_is_left_out() -> None:
    assert shown(cron("15 * * * *"), "2026-03-29T00:30", 3) == [
        "03-29 01:15+0100",
        "03-29 03:15+0200",
        "03-29 04:15+0200",
    ]


def test_clocks_that_change_by_half_an_hour_are_followed_as_well() -> None:
    assert shown(daily("02:15", "Australia/Lord_Howe"), "2026-10-03T00:00", 3) == [
        "10-03 02:15+1030",
        "10-04 02:45+1100",
        "10-05 02:15+1100",
    ]


def test_a_month_that_is_too_short_has_it_on_its_last_day() -> None:
    since = datetime(2028, 1, 1, tzinfo=UTC)
    days = {day: [f"{time:%m-%d}" for time in next_times(monthly(day), since, 4)] for day in (28, 29, 30, 31)}
    assert days == {
        28: ["01-28", "02-28", "03-28", "04-28"],
        29: ["01-29", "02-29", "03-29", "04-29"],
        30: ["01-30", "02-29", "03-30", "04-30"],
        31: ["01-31", "02-29", "03-31", "04-30"],
    }


def test_days_of_the_week_count_from_sunday_as_in_every_crontab() -> None:
    weekly = Cadence(rhythm=Rhythm.WEEKLY, at="06:00", weekdays=(Weekday.SUNDAY,))
    since = datetime(2026, 11, 23, tzinfo=UTC)
    for sunday in (weekly, cron("0 6 * * 0", "UTC"), cron("0 6 * * 7", "UTC"), cron("0 6 * * sun", "UTC")):
        assert due_after(sunday, since) == datetime(2026, 11, 29, 6, tzinfo=UTC)


def test_a_day_is_enough_when_both_kinds_of_days_are_narrowed_down() -> None:
    assert shown(cron("0 6 13 * fri", "UTC"), "2026-04-04T00:00", 3) == [
        "04-10 06:00+0000",
        "04-13 06:00+0000",
        "04-17 06:00+0000",
    ]


def test_a_day_that_never_comes_is_never_due() -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    assert next_times(cron("0 0 31 2 *"), since, 3) == ()
    assert due_after(cron("0 * 31 2 *"), since) is None
    assert due_after(cron("0 0 29 2 *", "UTC"), since) == datetime(2028, 2, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca"]
)
def test_what_is_due_every_day_is_due_on_each_day_of_a_year(zone: str) -> None:
    since = datetime(2026, 1, 1, tzinfo=ZoneInfo(zone))
    times = next_times(daily("02:10", zone), since, 365)
    days = [time.astimezone(ZoneInfo(zone)).date() for time in times]
    assert days == [(since + timedelta(days=day)).date() for day in range(365)]


@given(
    st.sampled_from(["*/7 * * * *", "0 3 * * *", "15,45 1-3 * * *", "5 0,23 * * 0", "* 2 * * *"]),
    st.integers(0, 2 * 365 * 86_400).map(lambda second: BEGAN + timedelta(seconds=second)),
)
@settings(max_examples=150, deadline=None)
def test_due_times_rise_and_nothing_lies_between_two_of_them(expression: str, since: datetime) -> None:
    first, second = next_times(cron(expression), since, 2)
    assert since < first < second
    assert due_after(cron(expression), first - timedelta(microseconds=1)) == first
    assert due_after(cron(expression), first + (second - first) / 2) == second
