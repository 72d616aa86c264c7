"""Periodic work: what was done, and doing a piece of it now."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from falcon import Request, Response
from pydantic import Field

from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.commands.maintenance.run_maintenance import RunMaintenance
from countersign.http.answers import Answer
from countersign.http.bodies import Form
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command, query
from countersign.http.fields import Key
from countersign.http.jobs.job_answer import JobsAnswer, job_answer
from countersign.http.parameters import Paging
from countersign.http.services import Services
from countersign.projections.work.job_board_queries import job_page
from countersign.projections.work.job_states import JobKind, JobState


class RunsWanted(Paging):
    """Which runs; what is left out does not matter."""

    kind: Key | None = None
    state: JobState | None = None


class MaintenanceRunForm(Form):
    """The kind of periodic work."""

    kind: Key = Field(examples=["database_optimise"])


class MaintenanceRunAnswer(Answer):
    """A run that was ordered; `job` tells how far it is and what came of it."""

    id: UUID
    kind: str
    due_at: datetime
    job: str


class Maintenance:
    """`/v1/maintenance`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Maintenance", reads=("job_board",), action="ViewMaintenance")
    def on_get(self, _req: Request, _resp: Response, query: RunsWanted) -> JobsAnswer:
        """List the runs of periodic work with their results, the newest first."""
        page = job_page(
            self._services.read,
            kind=JobKind.MAINTENANCE,
            subject=query.kind,
            state=query.state,
            cursor=query.cursor,
            limit=query.limit,
        )
        return JobsAnswer(items=list(map(job_answer, page.rows)), next_cursor=page.next_cursor)

    @command("Maintenance", status=202, refusals=(403,))
    def on_post(self, req: Request, resp: Response, form: MaintenanceRunForm) -> MaintenanceRunAnswer:
        """Have a piece of periodic work done now, besides its schedule."""
        receipt = self._services.dispatch(RunMaintenance(kind=form.kind), call_of(req).context)
        answer_receipt(resp, receipt)
        job_id, _ = receipt.streams[0]
        job = as_left(self._services.aggregates, MaintenanceJob, job_id, receipt)
        resp.location = f"/v1/jobs/{job_id}"
        return MaintenanceRunAnswer(id=job_id, kind=job.kind, due_at=job.due_at, job=resp.location)
