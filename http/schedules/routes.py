"""The addresses about what is due when."""

from __future__ import annotations

from typing import Any, Final

from falcon import App

from countersign.http.schedules.periodic_work import PeriodicWork
from countersign.http.schedules.schedules import (
    OneSchedule,
    SchedulePause,
    ScheduleResumption,
    ScheduleRun,
    Schedules,
)
from countersign.http.services import Services

_SCHEDULE: Final = "/v1/schedules/{schedule_id:uuid}"


def add_schedule_routes(app: App[Any, Any], services: Services) -> None:
    """Give an app these addresses."""
    app.add_route("/v1/schedules", Schedules(services))
    app.add_route(_SCHEDULE, OneSchedule(services))
    app.add_route(f"{_SCHEDULE}/pause", SchedulePause(services))
    app.add_route(f"{_SCHEDULE}/resume", ScheduleResumption(services))
    app.add_route(f"{_SCHEDULE}/run", ScheduleRun(services))
    app.add_route("/v1/maintenance/schedule", PeriodicWork(services))
