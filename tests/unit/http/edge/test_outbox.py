"""Notes never hold a request up, and none is lost without being counted."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Event
from typing import Any

import falcon
import pytest
from falcon.testing import create_environ

from countersign.aggregates.root import DomainError
from countersign.aggregates.security_event import SecurityEventKind
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.log import LogUnavailable
from countersign.eventstore.receipt import Receipt
from countersign.http.edge.peer import TrustedProxies
from countersign.http.security_events import outbox
from countersign.http.security_events.outbox import Outbox
from countersign.http.security_notes import SecurityNotes
from countersign.http.trace import Trace

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Desk:
    """Takes commands once it is open; those it is told to refuse, it refuses."""

    def __init__(self, *refusals: Exception, is_open: bool = True) -> None:
        self.refusals = list(refusals)
        self.taken: list[Any] = []
        self.contexts: list[Context] = []
        self.opened = Event()
        if is_open:
            self.opened.set()

    def __call__(self, command: Any, context: Context) -> Receipt:
        self.opened.wait(10)
        if self.refusals:
            raise self.refusals.pop(0)
        self.taken.append(command)
        self.contexts.append(context)
        return Receipt(position=1, streams=())


def a_request() -> falcon.Request:
    req = falcon.Request(create_environ(remote_addr="198.51.100.7"))
    Trace(1, TrustedProxies()).process_request(req, falcon.Response())
    return req


def test_what_is_offered_is_given_by_the_system_as_part_of_its_trail() -> None:
    desk = Desk()
    box = Outbox(desk, lambda: [("a sum", "summary")], lambda _: None)
    assert box.offer("a note", "trail")
    box.close()

    assert desk.taken == ["a note", *["a sum"] * (len(desk.taken) - 1)]
    assert (desk.contexts[0].actor, desk.contexts[0].correlation) == (SYSTEM, "trail")


def test_more_than_it_holds_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_CAPACITY", 5)
    desk = Desk(is_open=False)
    box = Outbox(desk, lambda: (), lambda _: None)
    taken = sum(box.offer(n, "trail") for n in range(100))
    desk.opened.set()
    box.close()

    assert taken in (5, 6)
    assert desk.taken == list(range(taken))


@pytest.mark.parametrize("refusal", [DomainError("no"), LogUnavailable("away"), ZeroDivisionError()])
def test_what_is_refused_is_told_and_the_next_is_given(refusal: Exception) -> None:
    desk, told = Desk(refusal), list[Any]()
    box = Outbox(desk, lambda: (), told.append)
    box.offer("first", "trail")
    box.offer("second", "trail")
    box.close()

    assert (told, desk.taken) == (["first"], ["second"])


def test_notes_that_found_no_room_or_no_log_are_in_the_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_CAPACITY", 2)
    desk = Desk(LogUnavailable("away"), is_open=False)
    notes = SecurityNotes(desk, lambda: NOW)
    kinds = (SecurityEventKind.INVALID_TOKEN, SecurityEventKind.ACCESS_DENIED)
    for kind in kinds * 50:
        notes.note(kind, a_request(), code=str(kind))
    desk.opened.set()
    notes.close()

    assert sum(command.noted.count for command in desk.taken) == 100
    assert len(desk.taken) <= 8


def test_a_service_that_refuses_nothing_has_no_thread_and_ends_at_once() -> None:
    SecurityNotes(Desk(), lambda: NOW).close()
