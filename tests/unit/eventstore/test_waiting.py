from __future__ import annotations

from threading import Event

from countersign.eventstore.waiting import DOUBT_S, RARER, SLICE_S, Waiting
from countersign.eventstore.wakeups import ListenerBase


class Ear(ListenerBase):
    """Lets time pass without a signal, unless there is one."""

    def __init__(self, *, hears: bool = True, signalled: bool = False) -> None:
        super().__init__()
        self.hears = hears
        self.signalled = signalled
        self.now = 0.0

    def wait(self, timeout_s: float) -> bool:
        self.now += 0.0 if self.signalled else timeout_s
        return self.signalled

    def waited_s(self, waiting: Waiting, at_most_s: float = 60.0) -> float:
        began = self.now
        assert waiting.wait(at_most_s) == self.signalled
        return self.now - began


def waiting_at(ear: Ear, stop: Event | None = None) -> Waiting:
    return Waiting(ear, 1.0, stop or Event(), lambda: ear.now)


def test_a_reader_whom_signals_reach_looks_by_itself_more_rarely() -> None:
    ear = Ear()
    waiting = waiting_at(ear)
    assert ear.waited_s(waiting) == RARER
    ear.hears = False
    assert ear.waited_s(waiting) == 1.0


def test_no_wait_is_longer_than_was_asked_for() -> None:
    ear = Ear()
    assert ear.waited_s(waiting_at(ear), 0.75) == 0.75
    ear.signalled = True
    assert ear.waited_s(waiting_at(ear)) == 0.0


def test_news_of_which_no_signal_told_let_it_look_often_for_a_while() -> None:
    ear = Ear()
    waiting = waiting_at(ear)
    ear.waited_s(waiting)
    waiting.found()
    assert ear.waited_s(waiting) == 1.0
    ear.now += DOUBT_S
    assert ear.waited_s(waiting) == RARER


def test_news_of_which_a_signal_told_raise_no_doubt() -> None:
    ear = Ear(signalled=True)
    waiting = waiting_at(ear)
    ear.waited_s(waiting)
    waiting.found()
    ear.signalled = False
    assert ear.waited_s(waiting) == RARER


def test_a_reader_that_is_to_stop_notices_it_soon() -> None:
    stop = Event()

    class Stopping(Ear):
        def wait(self, timeout_s: float) -> bool:
            stop.set()
            return super().wait(timeout_s)

    ear = Stopping()
    assert ear.waited_s(waiting_at(ear, stop)) == SLICE_S
