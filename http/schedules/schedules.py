"""The schedules that people keep."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.permissions import permitted
from countersign.aggregates.schedule.schedule import Schedule
from countersign.commands.permit import NotPermitted
from countersign.commands.schedule.change_schedule import ChangeSchedule
from countersign.commands.schedule.create_schedule import CreateSchedule
from countersign.commands.schedule.delete_schedule import DeleteSchedule
from countersign.commands.schedule.pause_schedule import PauseSchedule
from countersign.commands.schedule.resume_schedule import ResumeSchedule
from countersign.commands.schedule.run_schedule import RunSchedule
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import NotFound
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command, query
from countersign.http.parameters import Paging
from countersign.http.preconditions import expected_version, tag_version
from countersign.http.reports.people import People
from countersign.http.schedules.forms import ScheduleForm
from countersign.http.schedules.schedule_answer import (
    ScheduleAnswer,
    SchedulesAnswer,
    answer_of_log,
    answer_of_row,
)
from countersign.http.services import Services
from countersign.http.tokens import Claims
from countersign.projections.work.schedules_queries import schedules_of

VIEW = "ViewSchedules"


class Schedules:
    """`/v1/schedules`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Schedules", reads=("schedules", "people"), refusals=(403,))
    def on_get(self, req: Request, _resp: Response, query: Paging) -> SchedulesAnswer:
        """List the schedules that one keeps, or as an operator or administrator all, by name."""
        claims, read = req.context.claims, self._services.read
        everybody = permitted(claims.role, VIEW, scopes=claims.scopes)
        if not everybody and not permitted(claims.role, VIEW, own=True, scopes=claims.scopes):
            raise NotPermitted(f"your role ({claims.role}) or scopes do not allow {VIEW}")
        page = schedules_of(read, None if everybody else claims.owner, cursor=query.cursor, limit=query.limit)
        people = People(read, (each for row in page.rows for each in (row.owner, *row.plan.recipients)))
        items = [answer_of_row(row, people) for row in page.rows]
        return SchedulesAnswer(items=items, next_cursor=page.next_cursor)

    @command("Schedules", status=201, refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, form: ScheduleForm) -> ScheduleAnswer:
        """Have reports told of again and again, by mail with a CSV file."""
        call = call_of(req)
        schedule_id = call.new_id("schedule")
        wanted = CreateSchedule(schedule_id=schedule_id, plan=form.plan())
        receipt = self._services.dispatch(wanted, call.context)
        resp.location = f"/v1/schedules/{schedule_id}"
        return _answer_left(self._services, resp, schedule_id, receipt)


class OneSchedule:
    """`/v1/schedules/{schedule_id}`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Schedules", reads=("people",))
    def on_get(self, req: Request, resp: Response, schedule_id: UUID) -> ScheduleAnswer:
        """Show a schedule, when it is due next, and how its latest run went."""
        schedule = _visible(self._services, req.context.claims, schedule_id)
        tag_version(resp, schedule.version)
        return answer_of_log(schedule, _people(self._services, schedule))

    @command("Schedules", if_match="schedule", refusals=(403, 409))
    def on_put(self, req: Request, resp: Response, schedule_id: UUID, form: ScheduleForm) -> ScheduleAnswer:
        """Have a schedule do something else from now on. One that is paused stays so."""
        version = expected_version(req)
        wanted = ChangeSchedule(schedule_id=schedule_id, expected_version=version, plan=form.plan())
        receipt = _give(self._services, req, schedule_id, wanted)
        return _answer_left(self._services, resp, schedule_id, receipt)

    @command("Schedules", status=204, refusals=(403,))
    def on_delete(self, req: Request, resp: Response, schedule_id: UUID) -> None:
        """Keep a schedule no longer."""
        answer_receipt(resp, _give(self._services, req, schedule_id, DeleteSchedule(schedule_id=schedule_id)))


class SchedulePause:
    """`POST /v1/schedules/{schedule_id}/pause`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Schedules", refusals=(403,))
    def on_post(self, req: Request, resp: Response, schedule_id: UUID) -> ScheduleAnswer:
        """Send nothing until the schedule is resumed; what would have been due meanwhile is not missed."""
        receipt = _give(self._services, req, schedule_id, PauseSchedule(schedule_id=schedule_id))
        return _answer_left(self._services, resp, schedule_id, receipt)


class ScheduleResumption:
    """`POST /v1/schedules/{schedule_id}/resume`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Schedules", refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, schedule_id: UUID) -> ScheduleAnswer:
        """Go on with the due times from now on."""
        receipt = _give(self._services, req, schedule_id, ResumeSchedule(schedule_id=schedule_id))
        return _answer_left(self._services, resp, schedule_id, receipt)


class ScheduleRun:
    """`POST /v1/schedules/{schedule_id}/run`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Schedules", status=202, refusals=(403, 409))
    def on_post(self, req: Request, resp: Response, schedule_id: UUID) -> ScheduleAnswer:
        """Run a schedule now, besides its due times; `latest_run` tells how far it is."""
        receipt = _give(self._services, req, schedule_id, RunSchedule(schedule_id=schedule_id))
        resp.location = f"/v1/schedules/{schedule_id}"
        return _answer_left(self._services, resp, schedule_id, receipt)


def _visible(services: Services, claims: Claims, schedule_id: UUID) -> Schedule:
    schedule = services.aggregates.find(Schedule, schedule_id)
    if schedule is None or schedule.deleted or not _may_see(schedule, claims):
        raise NotFound(f"there is no schedule with the id {schedule_id}")
    return schedule


def _may_see(schedule: Schedule, claims: Claims) -> bool:
    return permitted(claims.role, VIEW, own=schedule.owner == claims.owner, scopes=claims.scopes)


def _give(services: Services, req: Request, schedule_id: UUID, command: Any) -> Receipt:
    schedule = services.aggregates.find(Schedule, schedule_id)
    if schedule is None or not _may_see(schedule, req.context.claims):
        raise NotFound(f"there is no schedule with the id {schedule_id}")
    return services.dispatch(command, call_of(req).context)


def _answer_left(services: Services, resp: Response, schedule_id: UUID, receipt: Receipt) -> ScheduleAnswer:
    schedule = as_left(services.aggregates, Schedule, schedule_id, receipt)
    answer_receipt(resp, receipt)
    tag_version(resp, schedule.version)
    return answer_of_log(schedule, _people(services, schedule))


def _people(services: Services, schedule: Schedule) -> People:
    return People(services.read, (schedule.owner, *schedule.plan.recipients))
