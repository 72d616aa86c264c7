"""`kill -9` of any process at any moment: the job goes on, and everything happens once."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from countersign.cli.demo.run_file import Folder
from tests.e2e.conftest import Demo
from tests.e2e.finished_job import FinishedJob
from tests.e2e.finished_jobs import SEVERAL
from tests.e2e.outcome import require_good_outcome

pytestmark = [pytest.mark.slow, pytest.mark.chaos]

LONGEST_PAUSE_S = 0.4
KILLS = (
    ("Start mail", "scheduler"),
    ("begins a site", "api/worker"),
    ("fills every section", "worker-1"),
    ("signs and submits:", "api"),
    ("submits again", "worker-1"),
    ("project manager approves", "worker-1"),
    ("issues it to the client", "mail"),
)
"""After what was said, which process dies: somewhat later, so that the next thing is under way."""

DEATHS = ("begins a site", "signs and submits:", "project manager approves")
"""After what was said the demo itself dies, and with it all of its processes."""


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.node.name)


def test_every_process_of_the_demo_may_be_killed(
    demo: Demo, folders: Callable[[], Path], chance: random.Random
) -> None:
    running = demo(folders(), "--exit")
    for moment, victim in KILLS:
        running.wait_until_said(moment)
        time.sleep(chance.uniform(0, LONGEST_PAUSE_S))
        running.kill_one(victim)
    running.finish()
    require_good_outcome(FinishedJob(running.folder))


def test_a_demo_that_is_killed_again_and_again_goes_on_where_it_was(
    demo: Demo, folders: Callable[[], Path], chance: random.Random
) -> None:
    folder = folders()
    for moment in DEATHS:
        running = demo(folder, "--exit")
        running.wait_until_said(moment)
        time.sleep(chance.uniform(0, LONGEST_PAUSE_S))
        running.kill()
    demo(folder, "--exit").finish()
    require_good_outcome(FinishedJob(Folder(folder)))


@pytest.mark.postgres
@pytest.mark.redis
def test_several_processes_on_postgresql_and_redis_may_be_killed(
    demo: Demo, folders: Callable[[], Path], postgres_url: str, redis_url: str, chance: random.Random
) -> None:
    folder, several = folders(), (*SEVERAL, "--database-url", postgres_url, "--redis-url", redis_url)
    running = demo(folder, "--exit", *several)
    for moment, victim in (
        ("begins a site", "worker-1"),
        ("fills every section", "api/worker"),
        ("signs and submits:", "worker-2"),
        ("submits again", "worker-1"),
    ):
        running.wait_until_said(moment)
        time.sleep(chance.uniform(0, LONGEST_PAUSE_S))
        running.kill_one(victim)
    running.wait_until_said("project manager approves")
    running.kill()
    demo(folder, "--exit", *SEVERAL).finish()
    require_good_outcome(FinishedJob(Folder(folder)))
