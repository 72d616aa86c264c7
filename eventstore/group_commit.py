"""Group commit: who waits while a commit is under way goes out in the next one, together with all others.

There is no timer and no extra thread: one of those who wait commits for everybody, and hands the lead on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from copy import copy
from threading import Lock
from typing import Generic, TypeVar

from countersign.eventstore.log import LogUnavailable

Item = TypeVar("Item")
Result = TypeVar("Result")


class GroupCommit(Generic[Item, Result]):
    """Belongs to one process. `commit` gets a batch and returns as many results, in the same order."""

    def __init__(
        self,
        commit: Callable[[Sequence[Item]], Sequence[Result]],
        max_count: int = 256,
        max_bytes: int = 1 << 21,
    ) -> None:
        self._commit = commit
        self._max_count = max_count
        self._max_bytes = max_bytes
        self._mutex = Lock()
        self._led = False
        self._queue: deque[_Place[Item, Result]] = deque()

    def submit(self, item: Item, size_bytes: int) -> Result:
        """Commit the item in the next batch and return its own result."""
        place = _Place[Item, Result](item, size_bytes)
        with self._mutex:
            leads, self._led = not self._led, True
            if not leads:
                self._queue.append(place)
        if not leads:
            leads = self._wait(place)
        if leads:
            self._lead(place)
        return place.outcome()

    def _wait(self, place: _Place[Item, Result]) -> bool:
        try:
            place.called.acquire()
        except BaseException:
            self._leave(place)
            raise
        return not place.settled

    def _leave(self, place: _Place[Item, Result]) -> None:
        with self._mutex:
            queued = place in self._queue
            if queued:
                self._queue.remove(place)
        if not queued and place.leads:
            self._hand_on()

    def _lead(self, place: _Place[Item, Result]) -> None:
        batch = self._batch(place)
        try:
            results = self._commit([each.item for each in batch])
            for each, result in zip(batch, results, strict=True):
                each.settle(result)
        except Exception as error:  # noqa: BLE001 - every caller of the batch raises it
            for each in batch:
                each.fail(error)
        except BaseException:
            for each in batch:
                each.fail(LogUnavailable("the commit was interrupted", in_doubt=True))
            raise
        finally:
            self._hand_on()
            for each in batch[1:]:
                each.called.release()

    def _batch(self, first: _Place[Item, Result]) -> list[_Place[Item, Result]]:
        batch, size = [first], first.size_bytes
        with self._mutex:
            while self._queue and len(batch) < self._max_count:
                size += self._queue[0].size_bytes
                if size > self._max_bytes:
                    break
                batch.append(self._queue.popleft())
        return batch

    def _hand_on(self) -> None:
        with self._mutex:
            if not self._queue:
                self._led = False
                return
            successor = self._queue.popleft()
            successor.leads = True
        successor.called.release()


class _Place(Generic[Item, Result]):
    __slots__ = ("_error", "_results", "called", "item", "leads", "settled", "size_bytes")

    def __init__(self, item: Item, size_bytes: int) -> None:
        self.item = item
        self.size_bytes = size_bytes
        self.called = Lock()
        self.called.acquire()
        self.settled = False
        self.leads = False
        self._results: list[Result] = []
        self._error: Exception | None = None

    def settle(self, result: Result) -> None:
        self._results.append(result)
        self.settled = True

    def fail(self, error: Exception) -> None:
        self._error = error
        self.settled = True

    def outcome(self) -> Result:
        if isinstance(self._error, LogUnavailable):
            # Each caller raises its own: a shared one would collect everybody's traceback.
            raise copy(self._error) from self._error
        if self._error is not None:
            raise self._error
        return self._results[0]
