"""What work may ask of its course, and what its course keeps."""

from __future__ import annotations

import pytest

from countersign.workers.course import Cancelled, Course, Progress, TimeLimitReached


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
