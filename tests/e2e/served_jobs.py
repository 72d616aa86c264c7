"""Finished jobs whose installations serve on, for all tests that do not mind each other."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

from countersign.cli.demo.client import connections
from tests.e2e.demo_process import DemoProcess
from tests.e2e.finished_jobs import SEVERAL, FinishedJobs
from tests.e2e.served_job import ServedJob


class ServedJobs:
    """Each is started when it is first asked for, with several processes of each kind."""

    def __init__(self, jobs: FinishedJobs, demo: Callable[..., DemoProcess], stack: ExitStack) -> None:
        self._jobs = jobs
        self._demo = demo
        self._stack = stack
        self._served: dict[str, ServedJob] = {}

    def on(self, redis_url: str) -> ServedJob:
        """On PostgreSQL with a Redis, on SQLite without."""
        if redis_url not in self._served:
            job = self._stack.enter_context(self._jobs.copy(redis_url))
            running = self._demo(job.folder.path, *SEVERAL)
            self._stack.callback(running.end)
            running.wait_until_said("Serving at")
            self._served[redis_url] = ServedJob(job, self._stack.enter_context(connections()))
        return self._served[redis_url]
