"""Whatever happens to process and database, only what is to blame is parked, and order is kept."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic, sleep
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.report.report import Report
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.leases import Leases
from countersign.eventstore.mapper import Happened
from countersign.eventstore.wakeups import NoWakeups
from countersign.projections.building.schema import create
from countersign.projections.folding.rows import Rows
from countersign.projections.following import positions
from countersign.projections.following.positions import State
from countersign.projections.following.runner import Options, Runner
from countersign.projections.letters import dead_letters
from countersign.projections.letters.dead_letters import Letter, Wanted
from countersign.projections.projection import Projection
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.poisoned import NAME, telling, told_of
from tests.integration.projections.story import DIGEST, Story
from tests.stoppable_postgres import stoppable_postgres

ONE, OTHER = UUID(int=1), UUID(int=2)


def save(story: Story, report: UUID, sections: Iterable[str]) -> None:
    """Append many at once."""
    known: dict[str, Any] = {"revision": "R0", "digest": DIGEST, "row_count": 0, "content": []}
    kept: dict[str, Any] = {"content_ref": None, "changed_paths": ()}
    story.happen_all(
        [story.made(report, Report.SectionSaved, section=each, **known, **kept) for each in sections]
    )


def letters(databases: Databases) -> Sequence[Letter]:
    with databases.read.read() as connection:
        return dead_letters.letters_of(connection, (NAME, 1, 0))


def retry(databases: Databases) -> None:
    with databases.read.write() as connection:
        dead_letters.want(connection, NAME, 1, Wanted.RETRY)


def interrupted(projection: Projection, at: str, interruption: Callable[[], None]) -> Projection:
    """The same one, but something happens in the middle of the event about that section, the first time."""
    once = [interruption]

    def project(event: Any, meta: Happened, rows: Rows) -> None:
        if getattr(event, "section", None) == at and once:
            once.pop()()
        projection.project(event, meta, rows)

    project.dispatch = lambda cls: (  # type: ignore[attr-defined]
        project if projection.project.dispatch(cls) is not projection.project.dispatch(object)
        else projection.project.dispatch(object)
    )  # fmt: skip
    project.registry = projection.project.registry  # type: ignore[attr-defined]
    return replace(projection, project=project)  # type: ignore[arg-type]


@contextmanager
def running(runner: Runner) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=runner.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = monotonic() + 20
    while not is_so():
        assert monotonic() < deadline, "it did not come to that"
        sleep(0.05)


@pytest.mark.postgres
@pytest.mark.parametrize(
    "before", ["", "poison"], ids=["on the fast path", "while a failing event is sought"]
)
def test_a_server_that_goes_away_in_the_middle_of_a_page_pauses_and_parks_nothing(
    before: str, caplog: pytest.LogCaptureFixture
) -> None:
    with stoppable_postgres() as server:
        databases = Databases(DatabaseOptions(url=server.url, timeout_s=2))
        story = Story(databases, NoWakeups("nobody listens"))
        story.create_tables()
        create(databases.read, [telling()])
        story.report(report=ONE)
        story.report(report=OTHER)
        save(story, OTHER, [before] if before else ["first"])
        save(story, ONE, ["a", "power cut", "b"])
        poisoned = interrupted(telling([before] if before else []), "power cut", server.stop)
        options = Options(lease_ttl_s=1.0, poll_s=0.1, longest_pause_s=0.2)
        decode, leases = story.store.mapper.happened, Leases(databases.read)
        runner = Runner(story.log, decode, databases.read, leases, story.wakeups, [poisoned], "one", options)
        with running(runner):
            wait_until(lambda: "the database does not answer" in caplog.text)
            server.start()
            wait_until(lambda: _position(databases) == 6)
        assert told_of(databases.read)[ONE] == "a,power cut,b,"
        assert {each.key for each in letters(databases)} == ({OTHER} if before else set())
        databases.close()


def _position(databases: Databases) -> int:
    with databases.read.read() as connection:
        at = positions.load(connection)[NAME, 1, 0]
    assert at.state is State.RUNNING
    return at.position


def test_a_database_that_is_locked_pauses_and_parks_nothing(
    story: Story, caplog: pytest.LogCaptureFixture
) -> None:
    create(story.databases.read, [telling()])
    impatient = Databases(replace(story.databases.options, lock_timeout_ms=100))
    options = Options(lease_ttl_s=60, poll_s=0.05, shortest_pause_s=0.05)
    decode, leases = story.store.mapper.happened, Leases(impatient.read)
    poisoned = telling(["poison"])
    runner = Runner(story.log, decode, impatient.read, leases, story.wakeups, [poisoned], "one", options)
    runner.catch_up()
    with running(runner):
        with story.databases.read.write() as connection:
            positions.lock(connection, [(NAME, 1, 0)])
            story.report(report=ONE)
            save(story, ONE, ["a", "poison", "b"])
            wait_until(lambda: "the database does not answer" in caplog.text)
        wait_until(lambda: _position(story.databases) == 4)
    impatient.close()
    assert [(each.position, each.failed) for each in letters(story.databases)] == [(3, True), (4, False)]


def test_killed_in_the_middle_of_a_drain_the_next_process_goes_on_in_order(
    story: Story, make_runner: MakeRunner
) -> None:
    create(story.databases.read, [telling()])
    story.report(report=ONE)
    sections = [f"s{number}" for number in range(1_300)]
    for some in (["poison"], sections[:700], sections[700:]):
        save(story, ONE, some)
    broken = make_runner(projections=[telling(["poison"])])
    broken.catch_up()
    broken.release()
    retry(story.databases)
    url = story.databases.options.url
    # A transaction takes 1000 letters: one dies in the first, one in the second.
    for dies_at, left in ((500, 1_301), (1_200, 301)):
        module = "tests.integration.projections.drainer"
        killed = subprocess.run([sys.executable, "-m", module, url, str(dies_at)], check=False, timeout=60)
        assert killed.returncode == -signal.SIGKILL
        assert len(letters(story.databases)) == left
    save(story, ONE, ["newer"])
    sleep(0.6)  # the lease of the one that died
    make_runner("next", [telling()]).catch_up()
    assert letters(story.databases) == []
    assert told_of(story.databases.read)[ONE] == ",".join(["poison", *sections, "newer", ""])


def test_drained_under_load_each_key_keeps_its_order(story: Story, make_runner: MakeRunner) -> None:
    create(story.databases.read, [telling()])
    for report in (ONE, OTHER):
        story.report(report=report)
    save(story, ONE, ["poison"])
    make_runner("broken", [telling(["poison"])], lease_ttl_s=0.0).catch_up()
    expected: dict[UUID, list[str]] = {ONE: ["poison"], OTHER: []}
    stop = threading.Event()

    def tell() -> None:
        while not stop.is_set():
            for report, told in expected.items():
                name = f"s{len(told)}"
                save(story, report, [name])
                told.append(name)

    teller = threading.Thread(target=tell)
    teller.start()
    try:
        with running(make_runner("mended", [telling()], lease_ttl_s=0.3)):
            wait_until(lambda: len(letters(story.databases)) > 20)
            retry(story.databases)
            wait_until(lambda: not letters(story.databases))
            stop.set()
            teller.join()
            wait_until(lambda: _position(story.databases) == story.log.head())
    finally:
        stop.set()
        teller.join()
    assert letters(story.databases) == []
    rows = told_of(story.databases.read)
    assert rows == {report: ",".join([*told, ""]) for report, told in expected.items()}
