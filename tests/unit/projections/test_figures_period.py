"""Days, weeks and months of a time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.projections.figures.figures_period import MOST_SLICES, BadPeriod, Period, Unit, local_day

ZONES = ("UTC", "Europe/Athens", "America/Sao_Paulo", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kathmandu")


def lengths(period: Period) -> list[timedelta]:
    return [part.end - part.begin for part in period.slices()]


def test_a_day_on_which_the_clocks_change_is_shorter_or_longer() -> None:
    hour = timedelta(hours=1)
    spring = Period(date(2026, 3, 28), date(2026, 3, 30), "Europe/Athens", Unit.DAY)
    autumn = Period(date(2026, 10, 25), date(2026, 10, 25), "Europe/Athens", Unit.DAY)

    assert lengths(spring) == [24 * hour, 23 * hour, 24 * hour]
    assert spring.slices()[0].begin == datetime(2026, 3, 27, 22, tzinfo=UTC)
    assert lengths(autumn) == [25 * hour]


def test_a_midnight_that_there_is_not_is_the_moment_of_the_jump() -> None:
    (day,) = Period(date(2018, 11, 4), date(2018, 11, 4), "America/Sao_Paulo").slices()

    assert (day.begin, day.end) == (
        datetime(2018, 11, 4, 3, tzinfo=UTC),
        datetime(2018, 11, 5, 2, tzinfo=UTC),
    )


def test_a_day_that_a_zone_left_out_is_none() -> None:
    days = Period(date(2011, 12, 29), date(2011, 12, 31), "Pacific/Apia", Unit.DAY).slices()

    assert [day.first_day.day for day in days] == [29, 31]


def test_weeks_begin_on_mondays_and_months_on_their_first_within_the_period() -> None:
    first, last = date(2026, 1, 15), date(2026, 3, 2)
    weeks = Period(first, last, unit=Unit.WEEK).slices()
    months = Period(first, last, unit=Unit.MONTH).slices()

    assert [part.first_day for part in weeks[:3]] == [first, date(2026, 1, 19), date(2026, 1, 26)]
    assert (weeks[-1].first_day, weeks[-1].end) == (last, datetime(2026, 3, 3, tzinfo=UTC))
    assert [part.first_day for part in months] == [first, date(2026, 2, 1), date(2026, 3, 1)]


@given(
    st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    st.integers(0, 300),
    st.sampled_from(ZONES),
    st.sampled_from(Unit),
)
def test_the_parts_cover_the_period_without_gap_or_overlap(
    first: date, days: int, zone: str, unit: Unit
) -> None:
    last = first + timedelta(days=days)
    whole = Period(first, last, zone).slices()
    parts = Period(first, last, zone, unit).slices()

    assert all(one.end == other.begin for one, other in pairwise(parts))
    if whole:
        assert (parts[0].begin, parts[-1].end) == (whole[0].begin, whole[0].end)
    assert all(local_day(part.begin, zone) >= part.first_day for part in parts)
    assert all(local_day(part.end - timedelta(microseconds=1), zone) <= last for part in parts)


@pytest.mark.parametrize(
    ("first", "last", "zone", "unit"),
    [
        (date(2026, 1, 2), date(2026, 1, 1), "UTC", Unit.DAY),
        (date(1, 1, 1), date(2026, 1, 1), "UTC", Unit.MONTH),
        (date(2026, 1, 1), date(9999, 12, 31), "UTC", Unit.WHOLE),
        (date(2026, 1, 1), date(2026, 1, 1), "Europe/Nowhere", Unit.DAY),
        (date(2026, 1, 1), date(2026, 1, 1), "../../etc/passwd", Unit.DAY),
        (date(2026, 1, 1), date(2026, 1, 1), "Europe", Unit.DAY),
        (date(2026, 1, 1), date(2026, 1, 1) + timedelta(days=MOST_SLICES), "UTC", Unit.DAY),
        (date(1900, 1, 1), date(9000, 1, 1), "UTC", Unit.MONTH),
    ],
)
def test_a_period_that_cannot_be_told_is_refused(first: date, last: date, zone: str, unit: Unit) -> None:
    with pytest.raises(BadPeriod) as refused:
        Period(first, last, zone, unit)

    assert refused.value.pointers


def test_the_day_that_it_is_depends_on_where_one_is() -> None:
    moment = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)

    assert (local_day(moment, "UTC").day, local_day(moment, "Europe/Athens").day) == (1, 2)
    with pytest.raises(BadPeriod):
        local_day(moment, "Mars/Phobos")
