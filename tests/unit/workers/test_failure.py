"""When a failed effect is tried again."""

from __future__ import annotations

import pytest

from countersign.workers.failure import pause_before_retry
from countersign.workers.options import QueueOptions

OPTIONS = QueueOptions(max_attempts=4, backoff_base_s=60.0, backoff_cap_s=200.0)


@pytest.mark.parametrize(("attempt", "longest_s"), [(1, 60.0), (2, 120.0), (3, 200.0)])
def test_the_pause_doubles_up_to_the_cap_and_chance_decides_its_second_half(
    attempt: int, longest_s: float
) -> None:
    pauses = [pause_before_retry(OPTIONS, "transient", attempt, chance) for chance in (0.0, 0.5, 1.0)]

    assert [pause and pause.total_seconds() for pause in pauses] == [
        longest_s / 2,
        longest_s * 0.75,
        longest_s,
    ]


@pytest.mark.parametrize(
    ("failure_class", "attempts"),
    [("transient", 4), ("rate_limited", 4), ("timeout", 4), ("unknown", 2), ("validation", 1)],
)
def test_the_class_of_the_failure_decides_how_often_it_is_tried(failure_class: str, attempts: int) -> None:
    tried = [pause_before_retry(OPTIONS, failure_class, attempt, 0.5) for attempt in range(1, attempts + 1)]

    assert tried[-1] is None
    assert all(tried[:-1])


def test_no_class_is_tried_more_often_than_the_queue_allows() -> None:
    once = QueueOptions(max_attempts=1)

    assert pause_before_retry(once, "unknown", 1, 0.5) is None
