"""When a worker process is exchanged for a new one."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest

from countersign.workers import recycling
from countersign.workers.load import Load
from countersign.workers.recycling import RecycleDue, RecycleOptions, Recycling


@dataclass
class Queue:
    """What a queue tells of itself."""

    finished: int = 0
    stuck: int = 0
    abandoned: int = 0


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recycling, "LOOK_S", 0.001)


def a_load(*queues: Queue) -> Load:
    load = Load()
    load.begin(queues)
    return load


@pytest.mark.parametrize(
    ("queues", "why"),
    [
        ([Queue(finished=3), Queue(finished=2)], "5 effects are done"),
        ([Queue(stuck=1)], "1 effects do not end"),
    ],
)
def test_a_process_that_has_done_enough_or_is_stuck_begins_anew(queues: list[Queue], why: str) -> None:
    watch = Recycling(RecycleOptions(after_effects=5), a_load(*queues), lambda: 0)

    with pytest.raises(RecycleDue, match=why):
        watch.run(threading.Event())


def test_a_process_that_has_grown_begins_anew() -> None:
    sizes = iter([100 << 20, 140 << 20, 151 << 20])
    watch = Recycling(RecycleOptions(growth_bytes=50 << 20), a_load(), lambda: next(sizes))

    with pytest.raises(RecycleDue, match="grown by 51 MiB"):
        watch.run(threading.Event())


def test_without_limits_a_process_goes_on_until_it_is_told_to_stop() -> None:
    stop = threading.Event()
    looks: list[int] = []

    def resident() -> int:
        looks.append(len(looks) << 40)
        if len(looks) == 5:
            stop.set()
        return looks[-1]

    Recycling(RecycleOptions(), a_load(Queue(finished=10_000)), resident).run(stop)

    assert len(looks) == 5


def test_a_load_rests_when_its_queues_do() -> None:
    load = Load()
    assert load.wait_for_rest(0)
    load.begin([Queue(abandoned=2)])
    assert (load.wait_for_rest(0), load.abandoned) == (False, 2)

    load.rest()

    assert load.wait_for_rest(0)
