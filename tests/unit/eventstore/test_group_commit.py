from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from time import monotonic, sleep

import pytest

from countersign.eventstore.group_commit import GroupCommit
from countersign.eventstore.log import LogUnavailable

Start = Callable[..., list[Future[int]]]


class Commits:
    """A commit that waits until it may, and remembers its batches."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.may = Event()
        self.failures: dict[int, BaseException] = {}

    def __call__(self, batch: Sequence[int]) -> list[int]:
        self.batches.append(list(batch))
        self.may.wait(10)
        if batch[0] in self.failures:
            raise self.failures[batch[0]]
        return [item * 10 for item in batch]


@pytest.fixture
def commits() -> Commits:
    return Commits()


@pytest.fixture
def start(commits: Commits) -> Iterator[Start]:
    """Submits items one after the other, each by a thread that waits."""
    with ThreadPoolExecutor(20) as pool:

        def run(group: GroupCommit[int, int], *items: int, size_bytes: int = 1) -> list[Future[int]]:
            futures = []
            for item in items:
                futures.append(pool.submit(group.submit, item, size_bytes))
                sleep(0.02)
            return futures

        yield run
        commits.may.set()


def test_who_waits_goes_out_in_the_next_commit_together(commits: Commits, start: Start) -> None:
    futures = start(GroupCommit[int, int](commits), 1, 2, 3, 4)
    commits.may.set()
    assert [future.result(5) for future in futures] == [10, 20, 30, 40]
    assert commits.batches == [[1], [2, 3, 4]]


def test_a_batch_is_capped_by_count(commits: Commits, start: Start) -> None:
    futures = start(GroupCommit[int, int](commits, max_count=2), 1, 2, 3, 4)
    commits.may.set()
    assert [future.result(5) for future in futures] == [10, 20, 30, 40]
    assert commits.batches == [[1], [2, 3], [4]]


def test_a_batch_is_capped_by_bytes_but_takes_one_item_of_any_size(commits: Commits, start: Start) -> None:
    futures = start(GroupCommit[int, int](commits, max_bytes=10), 1, 2, 3, size_bytes=11)
    commits.may.set()
    assert [future.result(5) for future in futures] == [10, 20, 30]
    assert commits.batches == [[1], [2], [3]]


def test_a_failure_reaches_everybody_in_the_batch_and_nobody_behind_it(
    commits: Commits, start: Start
) -> None:
    group = GroupCommit[int, int](commits, max_count=2)
    futures = start(group, 1, 2, 3, 4)
    commits.failures[1] = LogUnavailable("gone", retry_after_s=7)
    commits.may.set()
    raised = futures[0].exception(5)
    assert isinstance(raised, LogUnavailable)
    assert (raised.retry_after_s, raised.in_doubt) == (7, False)
    assert [future.result(5) for future in futures[1:]] == [20, 30, 40]


def test_a_bug_rises_as_it_is(commits: Commits) -> None:
    commits.may.set()
    commits.failures[1] = ZeroDivisionError("a bug")
    with pytest.raises(ZeroDivisionError):
        GroupCommit[int, int](commits).submit(1, 1)


def test_an_interrupted_commit_leaves_its_others_in_doubt_and_hands_on(
    commits: Commits, start: Start
) -> None:
    futures = start(GroupCommit[int, int](commits, max_count=2), 1, 2, 3, 4)
    commits.failures[2] = KeyboardInterrupt()
    commits.may.set()
    assert futures[0].result(5) == 10
    assert isinstance(futures[1].exception(5), KeyboardInterrupt)
    doubtful = futures[2].exception(5)
    assert isinstance(doubtful, LogUnavailable)
    assert doubtful.in_doubt
    assert futures[3].result(5) == 40


def test_one_that_waits_alone_does_not_wait_for_company(commits: Commits) -> None:
    commits.may.set()
    started = monotonic()
    assert GroupCommit[int, int](commits).submit(5, 1) == 50
    assert monotonic() - started < 1
