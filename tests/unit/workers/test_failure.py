"""When a failed effect is tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from countersign.workers.failure import EffectFailed, pause_before_retry
from countersign.workers.options import QueueOptions

OPTIONS = QueueOptions(max_attempts=4, backoff_base_s=60.0, backoff_cap_s=200.0)


@pytest.mark.parametrize(("attempt", "longest_s"), [(1, 60.0), (2, 120.0), (3, 200.0)])
def test_the_pause_doubles_up_to_the_cap_and_chance_decides_its_second_half(
    attempt: int, longest_s: float
) -> None:
    pauses = [
        pause_before_retry(OPTIONS, EffectFailed("transient", "away"), attempt, chance)
        for chance in (0.0, 0.5, 1.0)
    ]

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
    failure = EffectFailed(failure_class, "no")
    tried = [pause_before_retry(OPTIONS, failure, attempt, 0.5) for attempt in range(1, attempts + 1)]

    assert tried[-1] is None
    assert all(tried[:-1])


def test_no_class_is_tried_more_often_than_the_queue_allows() -> None:
    once = QueueOptions(max_attempts=1)

    assert pause_before_retry(once, EffectFailed("unknown", "no"), 1, 0.5) is None


@pytest.mark.parametrize("failure_class", ["rate_limited", "transient"])
def test_who_is_told_how_long_to_wait_waits_so_long_and_no_longer_than_the_longest_pause(
    failure_class: str,
) -> None:
    told = [EffectFailed(failure_class, "wait", timedelta(seconds=seconds)) for seconds in (7, 86_400, -1)]

    pauses = [pause_before_retry(OPTIONS, failure, 1, 0.5) for failure in told]

    assert pauses == [timedelta(seconds=7), timedelta(seconds=200), timedelta(0)]


def test_what_was_too_much_for_somebody_waits_for_their_next_window() -> None:
    pauses = [pause_before_retry(OPTIONS, EffectFailed("rate_limited", "429"), 1, at) for at in (0, 1)]

    assert pauses == [timedelta(seconds=60), timedelta(seconds=120)]
