"""What work may ask of its course, and what its course keeps."""

from __future__ import annotations

import pytest

from countersign.workers.course import (
    Cancelled,
    Course,
    Interrupted,
    MemoryLimitReached,
    Progress,
    TimeLimitReached,
)


def test_work_goes_on_until_it_is_cancelled() -> None:
    course = Course()
    course.go_on()

    course.cancel()

    with pytest.raises(Cancelled):
        course.go_on()


def test_work_goes_on_until_its_time_is_over() -> None:
    now = [10.0]
    course = Course(time_limit_s=5.0, monotonic=lambda: now[0])
    now[0] = 14.9
    course.go_on()

    now[0] = 15.0

    with pytest.raises(TimeLimitReached, match="not finished after 5 s") as late:
        course.go_on()
    assert late.value.failure_class == "timeout"


def test_what_was_told_last_is_news_once() -> None:
    course = Course()
    course.tell(10, "reading")
    course.tell(250.7, "w" * 500)

    assert course.news() == Progress(100, "w" * 200)
    assert course.news() is None


def test_the_first_reason_to_end_is_the_one() -> None:
    course = Course()
    course.interrupt()
    course.cancel()

    with pytest.raises(Interrupted):
        course.go_on()


def test_work_that_cannot_ask_is_stopped_from_outside_while_it_is_watched() -> None:
    course, stopped = Course(), []

    with course.watched(lambda: stopped.append("first")):
        pass
    with course.watched(lambda: stopped.append("second")):
        course.overfill(5 << 20)

    assert stopped == ["second"]
    with pytest.raises(MemoryLimitReached, match="more than 5 MiB"), course.watched(lambda: None):
        pytest.fail("it was begun all the same")


def test_for_how_long_its_time_has_been_over() -> None:
    now = [10.0]
    course = Course(time_limit_s=5.0, monotonic=lambda: now[0])
    assert course.overdue_s == -5.0

    now[0] = 17.0
    course.time_out()

    assert course.overdue_s == 2.0
    with pytest.raises(TimeLimitReached):
        course.go_on()
