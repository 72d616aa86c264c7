from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from time import sleep
from typing import Any
from uuid import uuid4

import pytest

from countersign.eventstore.leases import Leases
from countersign.projections.building.schema import create, drop
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.freshness import Freshness
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.story import Story
from tests.integration.projections.tables import contents

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(story: Story) -> Iterator[Start]:
    with ExitStack() as stack:

        def start(holder: str, *freeze_at: str) -> subprocess.Popen[str]:
            module = "tests.integration.projections.follower"
            url = story.databases.options.url
            process = subprocess.Popen(
                [sys.executable, "-m", module, url, holder, *freeze_at], stdout=subprocess.PIPE, text=True
            )
            stack.callback(end, process)
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            return process

        yield start


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def rebuilt(story: Story, make_runner: MakeRunner) -> dict[str, Any]:
    """What the read tables hold after they were dropped and made again by one undisturbed runner."""
    drop(story.databases.read, PROJECTIONS)
    create(story.databases.read, PROJECTIONS)
    make_runner("undisturbed").catch_up()
    return contents(story.databases.read)


def stop_in_order(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def tell(story: Story, stop: threading.Event) -> None:
    while not stop.is_set():
        report = story.report(number=str(uuid4()))
        story.section_saved(report, "alarms", [{"id": "1", "result": ""}])
        story.tested(report, "alarms", "1", "", "pass")
        story.submitted(report)
        story.stage_opened(report)
        stop.wait(0.05)  # what matters is the moment of the kill, not how much there is to catch up


def test_killed_at_any_moment_the_next_process_goes_on_and_the_tables_are_right(
    story: Story, start: Start, make_runner: MakeRunner, freshness: Freshness
) -> None:
    stop = threading.Event()
    teller = threading.Thread(target=tell, args=(story, stop))
    teller.start()
    try:
        for attempt in range(3):
            process = start(f"follower {attempt}")
            sleep(0.3 + attempt * 0.17)
            process.send_signal(signal.SIGKILL)
            process.wait()
    finally:
        stop.set()
        teller.join()
    last = start("last")
    assert freshness.wait_for(story.log.head(), timeout_s=30)
    stop_in_order(last)
    assert contents(story.databases.read) == rebuilt(story, make_runner)


def test_a_frozen_process_loses_its_projections_and_cannot_write_when_it_thaws(
    story: Story, start: Start, make_runner: MakeRunner, freshness: Freshness
) -> None:
    frozen = start("frozen")
    story.report()
    assert freshness.wait_for(1, timeout_s=20)
    frozen.send_signal(signal.SIGSTOP)
    other = start("other")
    for _ in range(10):
        story.report()
    assert freshness.wait_for(11, timeout_s=20)
    assert Leases(story.databases.read).holder_of("projection:people:1:0") == "other"
    frozen.send_signal(signal.SIGCONT)
    for _ in range(10):
        story.report()
    assert freshness.wait_for(21, timeout_s=20)
    stop_in_order(frozen, other)
    assert contents(story.databases.read) == rebuilt(story, make_runner)
