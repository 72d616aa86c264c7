from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import POSTGRESQL, SQLITE
from tests.e2e.demo_process import DemoProcess
from tests.e2e.finished_job import FinishedJob
from tests.e2e.finished_jobs import FinishedJobs
from tests.e2e.served_job import ServedJob
from tests.e2e.served_jobs import ServedJobs
from tests.postgres_servers import PostgresServers

Demo = Callable[..., DemoProcess]


@pytest.fixture(scope="session")
def folders() -> Iterator[Callable[[], Path]]:
    """New folders; not pytest's, in which the path of a socket would be too long."""
    with ExitStack() as stack:

        def new() -> Path:
            folder = Path(tempfile.mkdtemp(prefix="cs-e2e-"))
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            return folder / "demo"

        yield new


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """Starts demos; none of them outlives the test run."""
    with ExitStack() as stack:

        def start(folder: Path, *arguments: str) -> DemoProcess:
            process = DemoProcess(folder, *arguments)
            stack.callback(process.end)
            return process

        yield start


@pytest.fixture(scope="session")
def finished_jobs(
    demo: Demo, folders: Callable[[], Path], postgres_servers: PostgresServers
) -> Iterator[FinishedJobs]:
    with ExitStack() as stack:
        yield FinishedJobs(demo, folders, postgres_servers, stack)


@pytest.fixture(scope="session")
def served_jobs(finished_jobs: FinishedJobs, demo: Demo) -> Iterator[ServedJobs]:
    with ExitStack() as stack:
        yield ServedJobs(finished_jobs, demo, stack)


@pytest.fixture(scope="module", params=[SQLITE, POSTGRESQL])
def redis_of_job(request: pytest.FixtureRequest) -> str:
    """The Redis of a job on PostgreSQL; none for one on SQLite."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("redis_server"))


@pytest.fixture(scope="module")
def finished_job(redis_of_job: str, finished_jobs: FinishedJobs) -> Iterator[FinishedJob]:
    """The whole job, done; what becomes of it in one file of tests, no other file sees."""
    with finished_jobs.copy(redis_of_job) as job:
        yield job


@pytest.fixture
def served(redis_of_job: str, served_jobs: ServedJobs) -> ServedJob:
    """The installation of the finished job, serving on; other tests have their own reports in it."""
    return served_jobs.on(redis_of_job)
