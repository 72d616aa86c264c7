from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.projections.reports.result_counts import COUNTS, recounted, retested

RESULTS = ("pass", "fail", "na", "not_tested", "")


def counts(**some: int) -> dict[str, int]:
    return dict.fromkeys(COUNTS, 0) | some


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ([], counts()),
        ({"text": "pass"}, counts()),
        ([{"id": "1", "model": "M"}], counts()),
        ([{"id": "1", "result": "pass"}, {"id": "2", "result": "fail"}], counts(passed=1, failed=1)),
        ([{"id": "1", "result": "na"}, {"id": "2", "result": ""}], counts(not_applicable=1, not_tested=1)),
    ],
)
def test_rows_are_counted_by_their_result(content: Any, expected: dict[str, int]) -> None:
    assert recounted(content, 99) == expected


def test_rows_that_are_not_at_hand_are_uncounted() -> None:
    assert recounted(None, 99) == counts(uncounted=99)


@given(st.lists(st.sampled_from(RESULTS), min_size=1), st.data())
def test_a_changed_result_counts_as_if_the_section_had_been_saved_with_it(
    results: list[str], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(results) - 1))
    result = data.draw(st.sampled_from(RESULTS))
    after = [*results[:at], result, *results[at + 1 :]]
    saved = recounted([{"result": each} for each in results], len(results))
    assert retested(saved, results[at], result) == recounted([{"result": each} for each in after], len(after))
