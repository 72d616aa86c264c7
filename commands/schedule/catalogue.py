"""Every command about schedules, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from countersign.commands.handler import Handler
from countersign.commands.options import Options
from countersign.commands.schedule.change_schedule import ChangeSchedule, change_schedule
from countersign.commands.schedule.create_schedule import CreateSchedule, create_schedule
from countersign.commands.schedule.delete_schedule import DeleteSchedule, delete_schedule
from countersign.commands.schedule.fire_schedule import FireSchedule, fire_schedule
from countersign.commands.schedule.pause_schedule import PauseSchedule, pause_schedule
from countersign.commands.schedule.record_schedule_run import RecordScheduleRun, record_schedule_run
from countersign.commands.schedule.resume_schedule import ResumeSchedule, resume_schedule
from countersign.commands.schedule.run_schedule import RunSchedule, run_schedule


def handlers(options: Options) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        ChangeSchedule: change_schedule,
        CreateSchedule: partial(create_schedule, options=options),
        DeleteSchedule: delete_schedule,
        FireSchedule: fire_schedule,
        PauseSchedule: pause_schedule,
        RecordScheduleRun: record_schedule_run,
        ResumeSchedule: partial(resume_schedule, options=options),
        RunSchedule: run_schedule,
    }
