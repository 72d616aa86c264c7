"""Settings of periodic work: what is due how often, and the one process that says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Annotated, Final, Literal
from zoneinfo import available_timezones

from countersign.config.bounds import Between, Matching, Seconds

Cron = Annotated[
    str,
    Matching(r"(\S+( +\S+){4})?", "minute, hour, day, month and day of the week, as in a crontab, or empty"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How often a kind of work is due, and what becomes of due times that were missed.

    It is due at the multiples of `every_s`, or, where that is 0, by `cron` in `scheduler.time_zone`.
    What was missed is made up for `once`, or left out with `skip`.
    """

    every_s: Annotated[int, Between(0, 86_400)]
    cron: Cron
    missed: Literal["once", "skip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedules:
    """The kinds of periodic work there are."""

    health_check: Schedule
    metrics_samples: Schedule
    operations_report_daily: Schedule
    operations_report_weekly: Schedule
    operations_report_monthly: Schedule
    clean_up: Schedule
    api_client_expiry: Schedule
    api_usage_roll_up: Schedule
    certificate_check: Schedule
    database_optimise: Schedule
    retention_list: Schedule
    mail_digest: Schedule
    backup: Schedule
    log_backup: Schedule
    backup_verification: Schedule


ABOUT_BACKUPS: Final = frozenset({"backup", "log_backup", "backup_verification"})
"""Due only where there is a target for backups."""


def kinds_of_work() -> frozenset[str]:
    """The kinds of periodic work that this program knows."""
    return frozenset(each.name for each in fields(Schedules))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduler:
    """The lease of the one process that says what is due, and how many schedules a person may keep going.

    A due time has been missed when it is `grace_s` past and nobody has said so yet.
    """

    lease_s: Seconds
    heartbeat_s: Seconds
    grace_s: Seconds
    time_zone: str
    active_per_owner_max: Annotated[int, Between(1, 1000)]


def schedule_rules(schedules: Schedules, scheduler: Scheduler) -> Iterator[tuple[str, str]]:
    """The path of each setting that does not go with the others, and what was expected."""
    if scheduler.heartbeat_s * 2 > scheduler.lease_s:
        yield "scheduler.heartbeat_s", "expected at most half of scheduler.lease_s"
    if scheduler.time_zone not in available_timezones():
        yield "scheduler.time_zone", "expected the name of a time zone, such as Europe/Berlin"
    for each in fields(schedules):
        schedule = getattr(schedules, each.name)
        if bool(schedule.every_s) is bool(schedule.cron):
            yield f"schedules.{each.name}.every_s", f"expected 0 together with schedules.{each.name}.cron"
