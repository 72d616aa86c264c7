"""What a schedule is to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from countersign.aggregates.periodic_work import MissedPolicy
from countersign.aggregates.schedule.cadence import Cadence, InvalidSchedule, Rhythm
from countersign.aggregates.schedule.cron_expression import CronExpression
from countersign.aggregates.schedule.density import least_minutes_between
from countersign.aggregates.schedule.report_query import ReportQuery

LONGEST_NAME: Final = 100
MOST_RECIPIENTS: Final = 50
LEAST_MINUTES_BETWEEN: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a schedule does: what it tells of, how often, to whom, and what becomes of missed due times.

    It tells of the reports that a saved `search` finds, or without one of those that the query wants.
    """

    name: str
    query: ReportQuery
    cadence: Cadence
    recipients: tuple[UUID, ...]
    missed: MissedPolicy = MissedPolicy.ONCE
    search: UUID | None = None

    def require_sound(self) -> None:
        """Refuse one that nobody could make use of.

        Raises:
            InvalidSchedule: with a pointer to each fault.
        """
        self.cadence.require_sound()
        if faults := tuple(self._faults()):
            raise InvalidSchedule("this schedule cannot be kept", faults)

    def _faults(self) -> Iterator[tuple[str, str]]:
        yield from self.query.faults()
        if self.search is not None and self.query != ReportQuery():
            yield "/query", "does not go with a saved search"
        if not 0 < len(self.name.strip()) <= len(self.name) <= LONGEST_NAME or not self.name.isprintable():
            yield "/name", f"has 1 to {LONGEST_NAME} printable characters"
        if not 0 < len(self.recipients) <= MOST_RECIPIENTS:
            yield "/recipients", f"are 1 to {MOST_RECIPIENTS} people"
        if len(set(self.recipients)) < len(self.recipients):
            yield "/recipients", "names somebody twice"
        if is_due_too_often(self.cadence):
            yield "/cadence/expression", f"is due more often than every {LEAST_MINUTES_BETWEEN} minutes"


def is_due_too_often(cadence: Cadence) -> bool:
    """Whether two of its times are closer together than `LEAST_MINUTES_BETWEEN`."""
    if cadence.rhythm is not Rhythm.CRON:
        return False  # once a day at the most
    return least_minutes_between(CronExpression.parse(cadence.expression)) < LEAST_MINUTES_BETWEEN
