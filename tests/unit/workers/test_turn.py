"""What the schedule says when it looks at a kind of work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from countersign.aggregates.periodic_work import MissedPolicy
from countersign.aggregates.schedule.cadence import InvalidSchedule
from countersign.workers.options import Periodic
from countersign.workers.periodic.rule import MOST_TIMES, ByCron, Every, rule_of, spoken
from countersign.workers.periodic.turn import Turn, turn

GRACE = timedelta(seconds=60)
HOURLY = Every(3600)
ONCE, SKIP = MissedPolicy.ONCE, MissedPolicy.SKIP


def at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 3, 1, hour, minute, second, tzinfo=UTC)


def test_a_due_time_that_has_just_come_is_due_and_nothing_was_missed() -> None:
    for policy in MissedPolicy:
        assert turn(HOURLY, at(11), at(12, 0, 8), GRACE, policy) == Turn(at(12), at(12))


def test_between_two_due_times_there_is_nothing_to_say() -> None:
    assert turn(HOURLY, at(12), at(12, 59, 59), GRACE, ONCE) == Turn(None, None)


def test_one_run_makes_up_for_all_that_was_missed() -> None:
    assert turn(HOURLY, at(9), at(12, 30), GRACE, ONCE) == Turn(at(12), at(12), (at(10), at(11)))


def test_late_alone_is_not_missed_where_it_is_made_up_for() -> None:
    assert turn(HOURLY, at(11), at(12, 30), GRACE, ONCE) == Turn(at(12), at(12))


def test_what_was_missed_is_left_out_where_the_policy_says_so() -> None:
    assert turn(HOURLY, at(9), at(12, 30), GRACE, SKIP) == Turn(at(12), None, (at(10), at(11), at(12)))


def test_what_is_skipped_goes_on_with_the_time_that_has_just_come() -> None:
    assert turn(HOURLY, at(9), at(12, 0, 30), GRACE, SKIP) == Turn(at(12), at(12), (at(10), at(11)))


def test_of_times_before_the_first_look_nothing_counts_as_missed() -> None:
    assert turn(HOURLY, None, at(12, 30), GRACE, ONCE) == Turn(at(12), at(12))
    assert turn(HOURLY, None, at(12, 30), GRACE, SKIP) == Turn(at(12), None)


def test_a_clock_that_was_far_ahead_does_not_stop_the_work() -> None:
    assert turn(HOURLY, at(12) + timedelta(days=365), at(12, 0, 1), GRACE, SKIP) == Turn(at(12), at(12))


def test_a_clock_that_was_set_back_a_little_says_the_same_due_time_again() -> None:
    assert turn(HOURLY, at(13), at(12, 59, 59), GRACE, ONCE) == Turn(at(12), at(12))


@pytest.mark.parametrize(
    ("now", "every_s", "due"),
    [
        ("2026-03-01T12:00:59+00:00", 60, "2026-03-01T12:00:00+00:00"),
        ("2026-03-01T12:01:00+00:00", 60, "2026-03-01T12:01:00+00:00"),
        ("2026-03-01T23:59:59+00:00", 86_400, "2026-03-01T00:00:00+00:00"),
    ],
)
def test_due_times_are_multiples_of_the_interval(now: str, every_s: int, due: str) -> None:
    found = Every(every_s).between(None, datetime.fromisoformat(now))
    assert found == (datetime.fromisoformat(due),)
    assert Every(every_s).next(found[0]) == found[0] + timedelta(seconds=every_s)


def test_of_very_many_missed_times_only_the_latest_are_told() -> None:
    for rule in (Every(60), ByCron("* * * * *", "UTC")):
        times = rule.between(at(0) - timedelta(days=20), at(0))
        assert times[-1] == at(0)
        assert MOST_TIMES <= len(times) <= 1441


def test_the_latest_time_of_a_rare_rule_is_found_however_long_ago_it_was() -> None:
    rare = ByCron("0 6 29 2 *", "Europe/Berlin")
    assert rare.between(None, at(12))[-1] == datetime(2024, 2, 29, 5, tzinfo=UTC)
    assert rare.between(datetime(2019, 1, 1, tzinfo=UTC), at(12)) == (
        datetime(2020, 2, 29, 5, tzinfo=UTC),
        datetime(2024, 2, 29, 5, tzinfo=UTC),
    )
    assert ByCron("0 0 31 2 *", "UTC").between(None, at(12)) == ()


def test_a_rule_is_an_interval_or_a_cron_expression() -> None:
    assert spoken(Periodic(every_s=60)) == "every 60 s"
    nightly = Periodic(cron="30 3 * * *", time_zone="Europe/Berlin")
    assert spoken(nightly) == "30 3 * * * (Europe/Berlin)"
    assert rule_of(nightly).next(at(0)) == at(2, 30)
    with pytest.raises(InvalidSchedule):
        rule_of(Periodic(cron="never"))
