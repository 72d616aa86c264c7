"""What every request asks for is looked up seldom, and nobody goes by what was never looked up."""

from __future__ import annotations

from threading import Barrier, Event, Thread
from typing import Any, cast
from uuid import UUID

from countersign.aggregates.feature_flags import FEATURE_FLAGS_ID, FeatureFlags
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.watched import FRESH_S, Watched


class SlowLog:
    """A log that answers when a test lets it, and counts how often it was asked."""

    def __init__(self) -> None:
        self.begun, self.answers = Event(), Event()
        self.asked = 0

    def find(self, _cls: type, _stream: UUID) -> str:
        self.asked += 1
        self.begun.set()
        assert self.answers.wait(10)
        return f"answer {self.asked}"


def watched(log: SlowLog, at_s: list[float]) -> Watched[Any]:
    return Watched(cast("Aggregates", log), FeatureFlags, FEATURE_FLAGS_ID, lambda: at_s[0])


def test_at_first_all_wait_for_one_answer() -> None:
    log, seen, together = SlowLog(), [], Barrier(5)
    state = watched(log, [0.0])

    def ask() -> None:
        together.wait(10)
        seen.append(state.known())

    asking = [Thread(target=ask) for _ in range(4)]
    for thread in asking:
        thread.start()
    together.wait(10)
    log.answers.set()
    for thread in asking:
        thread.join(10)

    assert (seen, log.asked) == (["answer 1"] * 4, 1)


def test_later_one_looks_and_the_others_go_by_what_is_known() -> None:
    log, at_s = SlowLog(), [0.0]
    state = watched(log, at_s)
    log.answers.set()
    state.known()
    log.answers.clear()
    log.begun.clear()
    at_s[0] += FRESH_S

    looking = Thread(target=state.known)
    looking.start()
    assert log.begun.wait(10)
    assert state.known() == "answer 1"

    log.answers.set()
    looking.join(10)
    assert (state.known(), log.asked) == ("answer 2", 2)
