"""Percentiles of waiting times."""

from __future__ import annotations

from statistics import median, quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.projections.figures.figures_spread import NO_SPREAD, percentile, spread_of

DURATIONS = st.lists(st.integers(0, 10**9), min_size=1, max_size=60).map(sorted)


def test_nothing_spreads_nowhere() -> None:
    assert spread_of([]) == NO_SPREAD
    assert (NO_SPREAD.count, NO_SPREAD.median_s, NO_SPREAD.p90_s) == (0, None, None)


@pytest.mark.parametrize(
    ("ordered", "fraction", "expected"),
    [
        ([7], 0.9, 7),
        ([10, 20], 0.5, 15),
        ([10, 20], 0.9, 19),
        ([0, 10, 20, 30], 0.5, 15),
        ([1, 2, 9], 0.5, 2),
    ],
)
def test_a_percentile_lies_on_the_line_between_its_neighbours(
    ordered: list[int], fraction: float, expected: float
) -> None:
    assert percentile(ordered, fraction) == pytest.approx(expected)


@given(DURATIONS)
def test_the_median_is_that_of_the_textbook(ordered: list[int]) -> None:
    assert spread_of(ordered).median_s == median(ordered)


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=60).map(sorted))
def test_the_ninth_decile_is_that_of_the_textbook(ordered: list[int]) -> None:
    assert spread_of(ordered).p90_s == pytest.approx(quantiles(ordered, n=10, method="inclusive")[8])


@given(DURATIONS, st.floats(0, 1), st.floats(0, 1))
def test_percentiles_rise_within_the_values(ordered: list[int], one: float, other: float) -> None:
    low, high = percentile(ordered, min(one, other)), percentile(ordered, max(one, other))

    assert ordered[0] <= low
    assert low <= high or low == pytest.approx(high)
    assert high <= ordered[-1]
