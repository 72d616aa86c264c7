"""Everything that the service does in the background."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.http.endpoints import query
from countersign.http.jobs.job_answer import JobsAnswer, job_answer
from countersign.http.parameters import Paging
from countersign.http.services import Services
from countersign.projections.job_board import JobKind, JobState
from countersign.projections.job_board_queries import job_page


class JobsWanted(Paging):
    """Which jobs; what is left out does not matter."""

    kind: JobKind | None = None
    state: JobState | None = None
    report_id: UUID | None = None


class Jobs:
    """`GET /v1/jobs`."""

    def __init__(self, services: Services) -> None:
        self._read = services.read

    @query("Jobs", reads=("job_board",), action="ViewJobs")
    def on_get(self, _req: Request, _resp: Response, query: JobsWanted) -> JobsAnswer:
        """List jobs, the newest first."""
        page = job_page(
            self._read,
            kind=query.kind,
            state=query.state,
            report_id=query.report_id,
            cursor=query.cursor,
            limit=query.limit,
        )
        return JobsAnswer(items=[job_answer(job) for job in page.rows], next_cursor=page.next_cursor)
