"""Readers see another build from one moment to the next, and none of them is turned away meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic

from sqlalchemy import text

from countersign.aggregates.read_model import ReadModel
from countersign.projections.building.showing import note
from countersign.projections.catalogue import projection_named
from countersign.projections.following.freshness import Freshness
from countersign.projections.following.runner import Runner
from countersign.projections.reports.report_register_queries import reports
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.desk import Desk
from tests.integration.projections.story import Story

REGISTER = projection_named("report_register")
CUT_OVERS = 20


@contextmanager
def at_work(*parts: Callable[[threading.Event], object]) -> Iterator[None]:
    """Each in a thread of its own; what one of them raises is raised here."""
    stop = threading.Event()
    with ThreadPoolExecutor(len(parts)) as threads:
        running = [threads.submit(part, stop) for part in parts]
        try:
            yield
        finally:
            stop.set()
    for part in running:
        part.result()


class Readers:
    """What they saw, each in its order."""

    def __init__(self, story: Story, freshness: Freshness) -> None:
        self.story = story
        self.freshness = freshness
        self.seen: list[list[int]] = []

    def count_reports(self, stop: threading.Event) -> None:
        self._look_on(lambda: len(reports(self.story.databases.read, limit=100).rows), stop)

    def ask_for_the_position(self, stop: threading.Event) -> None:
        self._look_on(lambda: self.freshness.as_of("report_register"), stop)

    def tell(self, stop: threading.Event) -> None:
        """So that there is something new to be seen."""
        for number in range(40):
            self.story.report(number=f"SAT-{number}")
            stop.wait(0.05)

    def _look_on(self, look: Callable[[], int], stop: threading.Event) -> None:
        mine: list[int] = []
        self.seen.append(mine)
        while not stop.is_set():
            mine.append(look())


def test_nobody_is_turned_away_during_twenty_cut_overs(
    story: Story, make_runner: MakeRunner, freshness: Freshness
) -> None:
    story.report()
    desk, readers = Desk(story), Readers(story, freshness)
    parts = [readers.count_reports] * 3 + [readers.ask_for_the_position, readers.tell]
    with at_work(make_runner(lease_ttl_s=3.0).run):
        assert freshness.wait_for(1, 20)
        desk.rebuild(REGISTER, keep=True)
        with at_work(*parts):
            for cut_over in range(CUT_OVERS):
                show(desk, build=1 + cut_over % 2)
        assert freshness.wait_for(story.log.head(), 20)
    assert [build.replaces for build in desk.announced] == [1, *[2, 1] * (CUT_OVERS // 2)]
    for numbers in readers.seen:
        assert len(numbers) > CUT_OVERS
        assert numbers == sorted(numbers), "nobody is shown an older state"
    assert len(reports(story.databases.read, limit=100).rows) == 41


def show(desk: Desk, build: int) -> None:
    desk.order("report_register", ReadModel.RollbackOrdered, build=build)
    deadline = monotonic() + 20
    while desk.live("report_register").build != build:
        assert monotonic() < deadline
        desk.builder.tidy()


def test_what_is_paused_is_not_exchanged(story: Story, runner: Runner, desk: Desk) -> None:
    story.report()
    runner.catch_up()
    desk.rebuild(REGISTER, keep=True)
    desk.order("report_register", ReadModel.Paused)
    desk.order("report_register", ReadModel.RollbackOrdered, build=1)
    desk.builder.tidy()
    assert desk.live("report_register").build == 2
    assert desk.build("report_register", 1).note == "it is not shown yet: what readers see is paused"
    desk.order("report_register", ReadModel.Resumed)
    desk.builder.tidy()
    assert desk.live("report_register").build == 1


def test_what_another_process_has_shown_meanwhile_is_not_said_to_wait(
    story: Story, runner: Runner, desk: Desk
) -> None:
    runner.catch_up()
    desk.rebuild(REGISTER, keep=True)
    seen = desk.build("report_register", 1)
    desk.order("report_register", ReadModel.RollbackOrdered, build=1)
    desk.builder.tidy()
    note(story.databases.read, seen, "it is not shown yet")
    assert (desk.live("report_register").build, desk.live("report_register").note) == (1, None)


def test_who_reads_at_length_is_not_disturbed_and_keeps_nobody_else_from_reading(
    story: Story, runner: Runner, desk: Desk
) -> None:
    runner.catch_up()
    desk.rebuild(REGISTER, keep=True)
    desk.order("report_register", ReadModel.RollbackOrdered, build=1)
    with story.databases.read.read() as long_reader:
        long_reader.execute(text("SELECT count(*) FROM report_register"))
        desk.builder.tidy()
        begun = monotonic()
        reports(story.databases.read)
        assert monotonic() - begun < 2
        if story.databases.read.dialect == "postgresql":  # where a view cannot be exchanged while it is read
            assert desk.live("report_register").build == 2
            assert "the tables are in use" in str(desk.build("report_register", 1).note)
        long_reader.execute(text("SELECT count(*) FROM report_register"))
    desk.builder.tidy()
    assert desk.live("report_register").build == 1
