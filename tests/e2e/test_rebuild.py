"""Everything that is read can be thrown away and comes back the same; nothing happens because of it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from countersign.cli.foundation import Foundation
from countersign.cli.projections.asking import host_context
from countersign.commands.read_model.order_rebuild import OrderRebuild
from countersign.projections.building import builds, schema
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.freshness import Freshness
from tests.e2e.demo_process import PATIENCE_S, countersign
from tests.e2e.finished_job import FinishedJob, read_tables, written_effects


def test_read_tables_come_back_equal_from_the_log_and_cause_nothing(finished_job: FinishedJob) -> None:
    with finished_job.opened() as base:
        tables, effects, head = read_tables(base), written_effects(base), base.log.head()
        mails = len(finished_job.mails)
        assert sum(len(rows) for rows in tables.values()) > head, "there is something to lose"
        schema.drop(base.databases.read, PROJECTIONS)
        schema.create(base.databases.read, PROJECTIONS)
        with working(finished_job):
            wait_for_read_tables(base, head)
        assert read_tables(base) == tables
        assert written_effects(base) == effects
        assert base.log.head() == head
    assert len(finished_job.mails) == mails


def test_a_rebuild_causes_nothing_but_the_note_that_it_was_shown(finished_job: FinishedJob) -> None:
    names = ("mail_outbox", "job_board", "document_store")
    with finished_job.opened() as base:
        effects, head = written_effects(base), base.log.head()
        tables, mails = read_tables(base), len(finished_job.mails)
        with working(finished_job):
            for name in names:
                order = OrderRebuild(name=name, reason="to prove that it is harmless")
                base.dispatcher.dispatch(order, host_context())
            wait_until_shown(base, names)
            wait_for_read_tables(base, base.log.head())
        happened = base.log.read(head, 1000)
        assert {recorded.topic.partition(".")[0] for recorded in happened} == {"read_model"}
        assert [recorded.topic for recorded in happened].count("read_model.promoted") == len(names)
        assert written_effects(base) == effects
        after = read_tables(base)
        assert {name: after[name] for name in tables if name.startswith(names)} == {
            name: rows for name, rows in tables.items() if name.startswith(names)
        }
    assert len(finished_job.mails) == mails


def wait_until_shown(base: Foundation, names: Sequence[str]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        with base.databases.read.read() as connection:
            shown = [builds.live(connection, name) for name in names]
        if all(build and build.build > 1 and build.announced for build in shown):
            return
        assert time.monotonic() < deadline
        time.sleep(0.1)


@contextmanager
def working(job: FinishedJob) -> Iterator[None]:
    """A worker with all its parts: reactions and queues too, which have nothing to do."""
    with (job.folder.logs / "rebuilding.log").open("wb") as log:
        worker = subprocess.Popen(countersign("work"), env=dict(job.variables), stdout=log, stderr=log)
        try:
            yield
        finally:
            worker.terminate()
            assert worker.wait(PATIENCE_S) == 0


def wait_for_read_tables(base: Foundation, head: int) -> None:
    freshness = Freshness(base.databases.read, base.log, base.wakeups, PROJECTIONS)
    assert freshness.wait_for(head, PATIENCE_S)
    time.sleep(1)  # for what should not happen to have its chance
