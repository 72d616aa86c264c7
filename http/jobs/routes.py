"""The addresses about jobs and those who do them."""

from __future__ import annotations

from typing import Any

from falcon import App

from countersign.http.jobs.figures import JobStatistics
from countersign.http.jobs.following import JobEvents
from countersign.http.jobs.job import OneJob
from countersign.http.jobs.jobs import Jobs
from countersign.http.jobs.remedies import Cancel, Discard, Resolve, Retry
from countersign.http.jobs.workers import Workers
from countersign.http.past.past import Past
from countersign.http.services import Services
from countersign.http.waiting_room import WaitingRoom

_JOB = "/v1/jobs/{job_id:uuid}"


def add_job_routes(
    app: App[Any, Any], services: Services, past: Past, room: WaitingRoom, wait_max_s: float
) -> None:
    """Give an app these addresses."""
    app.add_route("/v1/jobs", Jobs(past))
    app.add_route("/v1/jobs/statistics", JobStatistics(services))
    app.add_route(_JOB, OneJob(services, past, room, wait_max_s))
    app.add_route(f"{_JOB}/events", JobEvents(services, room, wait_max_s))
    app.add_route(f"{_JOB}/retry", Retry(services))
    app.add_route(f"{_JOB}/cancel", Cancel(services))
    app.add_route(f"{_JOB}/discard", Discard(services))
    app.add_route(f"{_JOB}/resolve", Resolve(services))
    app.add_route("/v1/workers", Workers(services))
