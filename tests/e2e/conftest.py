from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from countersign.cli.demo.client import connections
from countersign.cli.demo.run_file import Folder
from tests.conftest import POSTGRESQL, SQLITE
from tests.e2e.demo_process import DemoProcess
from tests.e2e.finished_job import FinishedJob
from tests.e2e.served_job import ServedJob
from tests.postgres_servers import PostgresServers

Demo = Callable[..., DemoProcess]
SEVERAL = ("--api-processes", "2", "--worker-processes", "2")


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


@pytest.fixture(scope="session", params=[SQLITE, POSTGRESQL])
def stores(request: pytest.FixtureRequest) -> Iterator[tuple[str, ...]]:
    """How a demo is told where to keep its data: SQLite, or PostgreSQL with Redis."""
    if request.param == "sqlite":
        yield ()
        return
    servers: PostgresServers = request.getfixturevalue("postgres_servers")
    url = servers.new_database("postgresql")
    yield ("--database-url", url, "--redis-url", request.getfixturevalue("redis_server"))
    servers.drop(url)


@pytest.fixture(scope="session")
def finished_job(stores: tuple[str, ...], demo: Demo, folders: Callable[[], Path]) -> FinishedJob:
    """The whole job, done once: on SQLite, and by several processes of each kind on PostgreSQL and Redis."""
    folder, several = folders(), SEVERAL if stores else ()
    demo(folder, "--exit", *several, *stores).finish()
    return FinishedJob(Folder(folder))


@pytest.fixture(scope="module")
def served(finished_job: FinishedJob, demo: Demo) -> Iterator[ServedJob]:
    """The installation of the finished job, serving on with several processes of each kind."""
    running = demo(finished_job.folder.path, *SEVERAL)
    running.wait_until_said("Serving at")
    with connections() as held:
        yield ServedJob(finished_job, held)
    running.end()
