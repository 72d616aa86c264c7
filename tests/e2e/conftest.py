from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from countersign.cli.demo.run_file import Folder
from tests.conftest import POSTGRESQL, SQLITE, PostgresServers
from tests.e2e.demo_process import DemoProcess
from tests.e2e.finished_job import FinishedJob

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
def finished_job(
    request: pytest.FixtureRequest, demo: Demo, folders: Callable[[], Path]
) -> Iterator[FinishedJob]:
    """The whole job, done once: on SQLite, and by several processes of each kind on PostgreSQL and Redis."""
    folder, arguments = folders(), tuple[str, ...]()
    with ExitStack() as stack:
        if request.param == "postgresql":
            servers: PostgresServers = request.getfixturevalue("postgres_servers")
            url = servers.new_database("postgresql")
            stack.callback(servers.drop, url)
            redis_url = request.getfixturevalue("redis_server")
            arguments = (*SEVERAL, "--database-url", url, "--redis-url", redis_url)
        demo(folder, *arguments).finish()
        yield FinishedJob(Folder(folder))
