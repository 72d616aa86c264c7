"""The processes that do the work."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from falcon import Request, Response

from countersign.http.answers import Answer
from countersign.http.endpoints import query
from countersign.http.jobs.held import OutwardHoldAnswer, outward_hold_answer
from countersign.http.services import Services


class TaskAnswer(Answer):
    """A piece of work that a process is at; `job` leads to what people know it as."""

    queue: str
    kind: str
    job: str | None
    since: datetime | None
    percent: int | None
    step: str | None


class WorkerAnswer(Answer):
    """A process: `working`, `draining` after it was told to stop, or `silent`: killed, cut off, or hanging.

    `finished` counts what has come to an end in it.
    """

    name: str
    host: str
    pid: int
    version: str
    parts: list[str]
    state: str
    since: datetime
    seen_at: datetime
    finished: int
    memory_bytes: int
    tasks: list[TaskAnswer]


class WorkersAnswer(Answer):
    """Everyone who works, by host; who is silent stays listed for a day.

    `held` is null unless mail and webhooks are held since the service was restored.
    """

    items: list[WorkerAnswer]
    held: OutwardHoldAnswer | None


class Workers:
    """`GET /v1/workers`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Jobs", reads=None, action="ViewJobs", refusals=(403,))
    def on_get(self, req: Request, resp: Response) -> WorkersAnswer:
        """List the worker and scheduler processes of all machines, and what each is at."""
        items = [_answer(seen) for seen in self._services.work.workers()]
        return WorkersAnswer(items=items, held=outward_hold_answer(self._services.read))


def _answer(seen: Any) -> WorkerAnswer:
    worker = seen.worker
    return WorkerAnswer(
        name=worker.name,
        host=worker.host,
        pid=worker.pid,
        version=worker.version,
        parts=list(worker.parts),
        state=str(seen.state),
        since=worker.since,
        seen_at=worker.seen_at,
        finished=worker.finished,
        memory_bytes=worker.memory_bytes,
        tasks=[
            TaskAnswer(
                queue=task.queue,
                kind=task.kind,
                job=_job(task.job),
                since=task.claimed_at,
                percent=task.percent,
                step=task.step,
            )
            for task in seen.tasks
        ],
    )


def _job(job: UUID | None) -> str | None:
    return None if job is None else f"/v1/jobs/{job}"
