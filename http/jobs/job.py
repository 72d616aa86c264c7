"""One job, and waiting for it."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from typing import Annotated, Final
from uuid import UUID

from falcon import Request, Response
from pydantic import Field

from countersign.aggregates.permissions import permitted
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.eventstore.store import NotFound
from countersign.eventstore.wakeups import READ
from countersign.http.endpoints import query
from countersign.http.jobs.job_answer import SETTLED, JobAnswer, job_answer, job_of_rendering, underway
from countersign.http.past.moments import AsOf
from countersign.http.past.past import Past
from countersign.http.reports.visibility import is_visible
from countersign.http.services import Services
from countersign.http.tokens import Claims
from countersign.http.waiting_room import WaitingRoom
from countersign.projections.work import job_board_queries

_POLL_S: Final = 0.25


class Patience(AsOf):
    """How many seconds to wait for the job to be settled; the service may answer earlier.

    With `as_of`, a `version:7` of it, `position:1234` or a time, it is shown as it was, at once.
    """

    wait: Annotated[float, Field(ge=0, le=300, allow_inf_nan=False)] = 0


class OneJob:
    """`GET /v1/jobs/{job_id}`."""

    def __init__(self, services: Services, past: Past, room: WaitingRoom, wait_max_s: float) -> None:
        self._services = services
        self._past = past
        self._room = room
        self._wait_max_s = wait_max_s

    @query("Jobs", reads=("job_board",))
    def on_get(self, req: Request, resp: Response, job_id: UUID, query: Patience) -> JobAnswer:
        """Show a job, now or as it was; with `wait`, as soon as it is settled or the time is over."""
        job = self._job(req.context.claims, job_id)
        if query.as_of is not None:
            return self._then(req, resp, job_id, query)
        if query.wait and job.state not in SETTLED:
            job = self._settled(req.context.claims, job, query.wait)
            resp.set_header("As-Of-Position", str(self._services.freshness.as_of("job_board")))
        if job.state not in SETTLED:
            resp.set_header("Retry-After", "1")
        return job

    def _then(self, req: Request, resp: Response, job_id: UUID, query: AsOf) -> JobAnswer:
        with self._past.tables(req, resp, query, "job_board", key=job_id, thing=job_id) as then:
            found = job_board_queries.job(then.read, job_id)
        if found is None:
            raise NotFound(f"there is no job with the id {job_id}")
        return job_answer(found)

    def _settled(self, claims: Claims, job: JobAnswer, wait_s: float) -> JobAnswer:
        with self._room.seat() as seated:
            looking = self._looking(claims, job.id, min(wait_s, self._wait_max_s)) if seated else ()
            for latest in looking:
                job = latest
                if job.state in SETTLED:
                    break
        return job

    def _looking(self, claims: Claims, job_id: UUID, wait_s: float) -> Iterator[JobAnswer]:
        deadline = monotonic() + wait_s
        with self._services.wakeups.listen(READ) as listener:
            yield self._job(claims, job_id)
            while (remaining_s := deadline - monotonic()) > 0:
                listener.wait(min(remaining_s, _POLL_S))
                yield self._job(claims, job_id)

    def _job(self, claims: Claims, job_id: UUID) -> JobAnswer:
        return visible_or_not_found(self._services, claims, job_id)


def visible_or_not_found(services: Services, claims: Claims, job_id: UUID) -> JobAnswer:
    """A job that the caller may see, as it stands and goes.

    Raises:
        NotFound: there is none that they may see.
    """
    job = visible_job(services, claims, job_id)
    if job is None:
        raise NotFound(f"there is no job with the id {job_id}")
    return job if job.state in SETTLED else underway(job, services.work.underway(job_id))


def visible_job(services: Services, claims: Claims, job_id: UUID) -> JobAnswer | None:
    """A job that the caller may see: any for who watches over jobs, else those of visible reports."""
    job = _known_job(services, job_id)
    if job is None or permitted(claims.role, "ViewJobs", scopes=claims.scopes):
        return job
    report = None if job.report_id is None else services.aggregates.find(Report, job.report_id)
    return job if report is not None and is_visible(report, claims) else None


def _known_job(services: Services, job_id: UUID) -> JobAnswer | None:
    found = job_board_queries.job(services.read, job_id)
    if found is not None:
        return job_answer(found)
    rendering = services.aggregates.find(Rendering, job_id)  # so that Location leads somewhere at once
    return None if rendering is None else job_of_rendering(rendering)
