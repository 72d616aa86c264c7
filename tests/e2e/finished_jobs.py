"""The whole job is done once on each kind of store; each file of tests goes on with a copy of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import redis

from countersign.cli.demo.run_file import Folder, save_run
from tests.e2e.demo_process import DemoProcess
from tests.e2e.finished_job import FinishedJob
from tests.postgres_servers import PostgresServers

SEVERAL = ("--api-processes", "2", "--worker-processes", "2")


class FinishedJobs:
    """On SQLite, and by several processes of each kind on PostgreSQL and Redis."""

    def __init__(
        self,
        demo: Callable[..., DemoProcess],
        new_folder: Callable[[], Path],
        servers: PostgresServers,
        stack: ExitStack,
    ) -> None:
        self._demo = demo
        self._new_folder = new_folder
        self._servers = servers
        self._stack = stack
        self._done: dict[str, FinishedJob] = {}

    @contextmanager
    def copy(self, redis_url: str = "") -> Iterator[FinishedJob]:
        """A copy: on PostgreSQL with a Redis, on SQLite without."""
        if redis_url not in self._done:
            self._done[redis_url] = self._do(*self._stores(redis_url))
        first = self._done[redis_url]
        folder = self._new_folder()
        shutil.copytree(first.folder.path, folder)
        job = FinishedJob(Folder(folder))
        if not redis_url:
            yield job
            return
        with redis.Redis.from_url(redis_url) as client:
            client.flushdb()
        url = self._servers.copy(first.run.database_url)
        save_run(job.folder.run_file, replace(job.run, database_url=url))
        yield job
        self._servers.drop(url)

    def _stores(self, redis_url: str) -> tuple[str, ...]:
        if not redis_url:
            return ()
        url = self._servers.new_database("postgresql")
        self._stack.callback(self._servers.drop, url)
        return (*SEVERAL, "--database-url", url, "--redis-url", redis_url)

    def _do(self, *arguments: str) -> FinishedJob:
        folder = self._new_folder()
        self._demo(folder, "--exit", *arguments).finish()
        return FinishedJob(Folder(folder))
