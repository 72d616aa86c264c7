"""Everything that the service does in the background."""

from __future__ import annotations

from uuid import UUID

from falcon import Request, Response

from countersign.http.endpoints import query
from countersign.http.jobs.job_answer import JobsAnswer, job_answer
from countersign.http.past.moments import AsOfPaging
from countersign.http.past.past import Past
from countersign.projections.work.job_board_queries import job_page
from countersign.projections.work.job_states import JobKind, JobState


class JobsWanted(AsOfPaging):
    """Which jobs; what is left out does not matter."""

    kind: JobKind | None = None
    state: JobState | None = None
    report_id: UUID | None = None


class Jobs:
    """`GET /v1/jobs`."""

    def __init__(self, past: Past) -> None:
        self._past = past

    @query("Jobs", reads=("job_board",), action="ViewJobs")
    def on_get(self, req: Request, resp: Response, query: JobsWanted) -> JobsAnswer:
        """List jobs, the newest first, as they are now or as they were."""
        with self._past.tables(req, resp, query, "job_board", key=query.report_id) as then:
            page = job_page(
                then.read,
                kind=query.kind,
                state=query.state,
                report_id=query.report_id,
                cursor=then.cursor,
                limit=query.limit,
            )
        items = [job_answer(job) for job in page.rows]
        return JobsAnswer(items=items, next_cursor=then.next_cursor(page.next_cursor))
