from __future__ import annotations

from threading import Event

import pytest

from countersign.eventstore import shared_ears
from countersign.eventstore.shared_ears import SharedEars
from countersign.eventstore.wakeups import PollOnly

A_MOMENT_S = 0.01


class JustTooLate(Event):
    """What it waits for comes when the time is over, and before that is told to whoever waits."""

    def wait(self, timeout: float | None = None) -> bool:
        came = super().wait(timeout)
        if timeout == A_MOMENT_S:
            self.set()
        return came


def test_a_signal_that_comes_at_the_very_end_of_a_wait_is_heard_by_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shared_ears, "Event", JustTooLate)
    ears = SharedEars(lambda _channels: PollOnly())
    with ears.listen(["log"]) as listener:
        assert not listener.wait(A_MOMENT_S)
        assert listener.wait(0.0)
        assert not listener.wait(0.0)
    ears.close()
