"""How many effects a minute."""

from __future__ import annotations

from countersign.workers.rate import Rate


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def test_in_any_minute_no_more_than_the_rate_pass() -> None:
    watch = Watch()
    rate = Rate(3, watch)

    rate.count(2)
    watch.at += 30
    rate.count(1)

    assert rate.free(5) == 0
    assert rate.wait_s() == 30
    watch.at += 30
    assert rate.free(5) == 2
    assert rate.wait_s() == 0


def test_only_what_has_passed_counts() -> None:
    rate = Rate(3, Watch())

    assert rate.free(2) == 2
    assert rate.free(5) == 3


def test_a_rate_of_zero_lets_everything_through() -> None:
    rate = Rate(0, Watch())
    rate.count(10_000)

    assert rate.free(7) == 7
    assert rate.wait_s() == 0
