"""What a schedule is to do, and how a run of it went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from countersign.aggregates.periodic_work import MissedPolicy
from countersign.aggregates.root import derived_id
from countersign.aggregates.schedule.cadence import Cadence, InvalidSchedule
from countersign.aggregates.schedule.report_query import ReportQuery

LONGEST_NAME: Final = 100
MOST_RECIPIENTS: Final = 50


class RunState(StrEnum):
    """How far a run has come; one that failed is tried again for a while."""

    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """The latest run: due when, and how it went; `mails` went out with `rows` of reports in all."""

    run_id: UUID
    due_at: datetime
    state: RunState = RunState.RUNNING
    mails: int = 0
    rows: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a schedule does: what it tells of, how often, to whom, and what becomes of missed due times."""

    name: str
    query: ReportQuery
    cadence: Cadence
    recipients: tuple[UUID, ...]
    missed: MissedPolicy = MissedPolicy.ONCE

    def require_sound(self) -> None:
        """Refuse one that nobody could make use of.

        Raises:
            InvalidSchedule: with a pointer to each fault.
        """
        self.cadence.require_sound()
        faults = list(self.query.faults())
        if not 0 < len(self.name.strip()) <= len(self.name) <= LONGEST_NAME or not self.name.isprintable():
            faults.append(("/name", f"has 1 to {LONGEST_NAME} printable characters"))
        if not 0 < len(self.recipients) <= MOST_RECIPIENTS:
            faults.append(("/recipients", f"are 1 to {MOST_RECIPIENTS} people"))
        if len(set(self.recipients)) < len(self.recipients):
            faults.append(("/recipients", "names somebody twice"))
        if faults:
            raise InvalidSchedule("this schedule cannot be kept", tuple(faults))


def run_id(schedule: UUID, due_at: datetime) -> UUID:
    """The run of a schedule for a time: two who fire it mean the same one."""
    return derived_id("schedule_run", str(schedule), due_at.isoformat())
