"""Old workers of the API server go when the new ones answer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from threading import Timer
from types import SimpleNamespace

import pytest

from countersign.cli.relief import Relief
from countersign.cli.serve import APPLICATION

# Importing must open nothing that a fork would share, and start no thread that a fork would lose.
_WHAT_IMPORTING_LEAVES = """
import os, threading
import countersign.cli.gunicorn_hooks as hooks
before = set(os.listdir("/proc/self/fd"))
__import__("{module}")
after = set(os.listdir("/proc/self/fd")) - before
print(threading.active_count(), sorted(os.readlink(f"/proc/self/fd/{{each}}") for each in after))
"""


@dataclass
class Arbiter:
    """As much of gunicorn's as an exchange needs: it starts two workers and ends those that are too many."""

    worker_age: int = 2
    ages: list[int] = field(default_factory=lambda: [1, 2])
    told: list[str] = field(default_factory=list)
    dying: frozenset[int] = frozenset()

    @property
    def WORKERS(self) -> dict[int, SimpleNamespace]:  # noqa: N802 - gunicorn's name
        return {100 + age: SimpleNamespace(age=age) for age in self.ages}

    def exchange(self) -> None:
        for _ in range(2):
            self.worker_age += 1
            self.ages.append(self.worker_age)
        self.manage_workers()

    def reap_workers(self) -> None:
        self.ages = [age for age in self.ages if age not in self.dying]

    def manage_workers(self) -> None:
        self.told.append("the old ones go")
        self.ages = self.ages[-2:]


@pytest.fixture
def relief() -> Iterator[Relief]:
    with closing(Relief(patience_s=0.3)) as made:
        yield made


def exchange(relief: Relief, arbiter: Arbiter, *answering: int) -> None:
    """With workers of these ages that answer one after the other."""

    def answer(age: int) -> None:
        arbiter.told.append(f"{age} answers")
        relief.answers(age)

    timers = [Timer(0.05 * (number + 1), answer, [age]) for number, age in enumerate(answering)]
    for timer in timers:
        timer.start()
    with relief.newcomers_first(arbiter):
        arbiter.exchange()
    for timer in timers:
        timer.join()


def test_the_old_ones_go_when_all_new_ones_answer(relief: Relief) -> None:
    arbiter = Arbiter()
    exchange(relief, arbiter, 4, 3)
    exchange(relief, arbiter, 5, 6)
    gone = "the old ones go"
    assert arbiter.told == ["4 answers", "3 answers", gone, "5 answers", "6 answers", gone]


def test_one_that_could_not_start_is_not_waited_for(relief: Relief) -> None:
    arbiter = Arbiter(dying=frozenset({3}))
    exchange(relief, arbiter, 4)
    assert arbiter.told == ["4 answers", "the old ones go"]


def test_after_a_while_they_go_all_the_same_and_it_is_said(
    relief: Relief, caplog: pytest.LogCaptureFixture
) -> None:
    arbiter = Arbiter()
    exchange(relief, arbiter, 4)
    assert arbiter.told == ["4 answers", "the old ones go"]
    assert "new workers do not answer" in caplog.text


def test_afterwards_gunicorn_manages_its_workers_as_ever(relief: Relief) -> None:
    arbiter = Arbiter()
    exchange(relief, arbiter, 3, 4)
    arbiter.ages.append(9)
    arbiter.manage_workers()
    assert arbiter.told[-1] == "the old ones go"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_what_workers_inherit_by_the_fork_has_opened_nothing() -> None:
    script = _WHAT_IMPORTING_LEAVES.format(module=APPLICATION.partition(":")[0])
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert said.stdout.split("\n")[0] == "1 []"
