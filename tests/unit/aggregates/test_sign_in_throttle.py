"""Guessing is slowed down, and whoever is guessed at is not locked out by it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countersign.aggregates.failure_count import MOST_COUNTED, FailureCount, ThrottleRule
from countersign.aggregates.sign_in_throttle import SignInDelayed, SignInThrottle, Throttled

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ANNA, ADMIN, THROTTLE = UUID(int=1), UUID(int=2), UUID(int=9)
DESK, CAFE = UUID(int=21), UUID(int=22)
RULE = ThrottleRule(failures=5, window_s=900, delay_s=30, delay_cap_s=120)
MOMENT = timedelta(microseconds=1)


def throttle(kind: Throttled = Throttled.ACCOUNT) -> SignInThrottle:
    return SignInThrottle.open(THROTTLE, NOW, kind)


def fail(each: SignInThrottle, times: int = 1, *, at: datetime = NOW, network: UUID = CAFE) -> None:
    for _ in range(times):
        each.fail(at, "password", network=network, account=ANNA, rule=RULE)


def is_open(each: SignInThrottle, at: datetime, network: UUID = CAFE) -> bool:
    try:
        each.require_open(at, network)
    except SignInDelayed:
        return False
    return True


def test_the_fifth_failure_within_the_window_locks_and_the_fourth_does_not() -> None:
    guessed = throttle()

    fail(guessed, 4)
    assert is_open(guessed, NOW)
    fail(guessed)

    with pytest.raises(SignInDelayed) as refusal:
        guessed.require_open(NOW, CAFE)
    assert (refusal.value.status, refusal.value.code) == (429, "sign_in_delayed")
    assert refusal.value.retry_after_s == 30
    assert is_open(guessed, NOW + timedelta(seconds=30))
    assert not is_open(guessed, NOW + timedelta(seconds=30) - MOMENT)


def test_the_lock_is_recorded_with_its_end_and_what_led_to_it() -> None:
    guessed = throttle()
    fail(guessed, 5)

    locked = guessed.collect_events()[-1]
    assert isinstance(locked, SignInThrottle.AccountLocked)
    assert (locked.account, locked.until) == (ANNA, NOW + timedelta(seconds=30))
    assert (locked.count, locked.locks) == (5, 1)


def test_failures_that_lie_a_window_back_do_not_count() -> None:
    guessed = throttle()
    fail(guessed, 4)

    fail(guessed, at=NOW + timedelta(seconds=900))

    assert is_open(guessed, NOW + timedelta(seconds=900))


def test_each_failure_soon_after_a_lock_waits_twice_as_long_up_to_the_cap() -> None:
    guessed, at, waits = throttle(), NOW, []
    fail(guessed, 5)
    for _ in range(4):
        with pytest.raises(SignInDelayed) as refusal:
            guessed.require_open(at, CAFE)
        waits.append(refusal.value.retry_after_s)
        at += timedelta(seconds=refusal.value.retry_after_s or 0)
        fail(guessed, at=at)

    assert waits == [30, 60, 120, 120]


def test_a_quiet_window_after_a_lock_begins_anew() -> None:
    guessed = throttle()
    fail(guessed, 5)

    quiet = NOW + timedelta(seconds=30 + 900)
    fail(guessed, 4, at=quiet)
    assert is_open(guessed, quiet)
    fail(guessed, at=quiet)
    assert guessed.count_of("elsewhere").locks == 1


def test_guessing_elsewhere_does_not_stop_the_person_at_a_network_they_are_known_at() -> None:
    guessed = throttle()
    guessed.succeed(NOW, ANNA, DESK)
    fail(guessed, 5)

    assert not is_open(guessed, NOW, CAFE)
    assert is_open(guessed, NOW, DESK)


def test_a_known_network_is_locked_by_its_own_failures_alone() -> None:
    guessed = throttle()
    guessed.succeed(NOW, ANNA, DESK)
    fail(guessed, 5, network=DESK)

    assert not is_open(guessed, NOW, DESK)
    assert is_open(guessed, NOW, CAFE)


def test_signing_in_forgets_the_failures_of_that_place_and_is_noted_once() -> None:
    guessed = throttle()
    fail(guessed, 4, network=DESK)
    guessed.succeed(NOW, ANNA, DESK)
    assert (guessed.failed_because, guessed.count_of("elsewhere")) == (None, FailureCount())
    guessed.collect_events()

    guessed.succeed(NOW, ANNA, DESK)
    assert not guessed.pending_events

    fail(guessed, network=DESK)
    guessed.succeed(NOW, ANNA, DESK)
    assert guessed.count_of(str(DESK)) == FailureCount()


def test_only_the_latest_networks_are_remembered() -> None:
    guessed = throttle()
    for number in range(25):
        guessed.succeed(NOW, ANNA, UUID(int=100 + number))

    assert len(guessed.networks) == 20
    assert guessed.knows(UUID(int=124))
    assert not guessed.knows(UUID(int=104))


def test_an_administrator_unlocks_every_place_and_an_open_one_needs_no_event() -> None:
    guessed = throttle()
    guessed.succeed(NOW, ANNA, DESK)
    fail(guessed, 5, network=DESK)
    fail(guessed, 5, network=CAFE)

    guessed.unlock(NOW, ANNA, ADMIN)
    assert is_open(guessed, NOW, DESK)
    assert is_open(guessed, NOW, CAFE)
    assert guessed.knows(DESK)
    guessed.collect_events()

    guessed.unlock(NOW, ANNA, ADMIN)
    assert not guessed.pending_events


def test_a_network_is_locked_under_its_own_name() -> None:
    office = throttle(Throttled.NETWORK)
    fail(office, 5)

    assert isinstance(office.collect_events()[-1], SignInThrottle.NetworkLocked)


def test_no_more_failures_are_kept_than_can_be_asked_for() -> None:
    count = FailureCount()
    for second in range(MOST_COUNTED + 50):
        count = count.failed(NOW + timedelta(seconds=second))

    assert len(count.times) == MOST_COUNTED


def test_a_thousand_locks_in_a_row_still_end_at_the_cap() -> None:
    assert ThrottleRule(delay_cap_s=900).delay(1000) == timedelta(seconds=900)


@given(st.lists(st.integers(0, 600), min_size=1, max_size=60))
def test_within_any_window_no_more_than_the_limit_and_the_locks_ends_are_tried(waits: list[int]) -> None:
    guessed, at, tried = throttle(), NOW, []
    for wait_s in waits:
        at += timedelta(seconds=wait_s)
        if is_open(guessed, at):
            fail(guessed, at=at)
            tried.append(at)
    window, shortest = timedelta(seconds=RULE.window_s), timedelta(seconds=RULE.delay_s)
    for place, (one, following) in enumerate(pairwise(tried)):
        recent = sum(one - earlier < window for earlier in tried[: place + 1])
        assert recent < RULE.failures or following - one >= shortest
