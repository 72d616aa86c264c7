"""Who works, and at what."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from countersign.eventstore.databases import Database
from countersign.workers import presence
from countersign.workers.course import Progress
from countersign.workers.effects import Effects
from countersign.workers.load import Load
from countersign.workers.presence import Presence
from countersign.workers.workers_table import Worker, Workers
from tests.integration.workers.effects_rig import NOON, a_cause, a_wish, want
from tests.integration.workers.running import now, running, wait_until

ONE = Worker(
    name="here:1",
    host="here",
    pid=1,
    version="0.1.0",
    parts=("mail",),
    since=NOON,
    seen_at=NOON,
    draining=False,
    finished=7,
    memory_bytes=9,
)


def test_a_process_is_on_the_roll_from_its_first_beat_until_its_work_has_come_to_rest(
    read: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presence, "BEAT_S", 0.02)
    workers, load = Workers(read), Load()
    load.begin([])

    with running(Presence(workers, "me", "0.1.0", ("mail", "rendering"), load, now).run) as stop:
        wait_until(workers.all)
        (first,) = workers.all()
        wait_until(lambda: workers.all()[0].seen_at > first.seen_at)
        stop.set()
        wait_until(lambda: workers.all()[0].draining)
        load.rest()

    assert (first.pid, first.parts, first.draining) == (os.getpid(), ("mail", "rendering"), False)
    assert first.memory_bytes > 1_000_000
    assert workers.all() == []


def test_one_that_fell_silent_is_forgotten_after_a_day(read: Database) -> None:
    workers = Workers(read)
    workers.enter(ONE)
    later = replace(ONE, name="there:2", host="there", seen_at=NOON + timedelta(hours=23))
    workers.enter(later)
    assert workers.all() == [ONE, later]

    workers.enter(replace(later, seen_at=NOON + timedelta(hours=25)))

    assert [each.name for each in workers.all()] == ["there:2"]


def test_the_roll_tells_what_each_is_at(read: Database, effects: Effects) -> None:
    job = uuid4()
    want(read, (replace(a_wish(), job=job), a_cause()), (a_wish("later"), a_cause(2)))
    (held,) = effects.claim("work", "here:1", NOON, 60, 1)
    effects.keep_progress([(held, Progress(40, "counting"))])

    found = Workers(read).at_work()

    assert list(found) == ["here:1"]
    (task,) = found["here:1"]
    assert (task.id, task.queue, task.kind, task.job) == (held.id, "work", "greet", job)
    assert (task.claimed_at, task.percent, task.step) == (NOON, 40, "counting")
