"""A kind of periodic work: what is worth knowing of its due times besides the jobs that they led to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from countersign.aggregates.root import DomainError, Root, derived_id


class MissedPolicy(StrEnum):
    """What becomes of due times that nobody saw to."""

    ONCE = "once"  # one run makes up for all of them
    SKIP = "skip"


class NotedAhead(DomainError):
    """Due times were noted as missed that have not come: a clock was ahead, or this is decided late."""

    code = "noted_ahead"
    status = 503


def periodic_work_id(kind: str) -> UUID:
    """The work of that kind."""
    return derived_id("periodic_work", kind)


class PeriodicWork(Root):
    """Work of one kind that is due again and again."""

    TOPIC = "periodic_work"
    kind: str
    missed_until: datetime | None = None

    class Created(Root.Created):
        TOPIC = "periodic_work.opened"
        kind: str

    class Missed(Root.Event):
        TOPIC = "periodic_work.missed"
        kind: str
        first_due: datetime
        last_due: datetime
        count: int
        policy: MissedPolicy

        def apply(self, work: PeriodicWork) -> None:
            work.missed_until = self.last_due

    @classmethod
    def open(cls, at: datetime, kind: str) -> Self:
        """Begin to keep a record of work of that kind."""
        return cls._create(cls.Created, id=periodic_work_id(kind), timestamp=at, kind=kind)

    def noted_until(self, at: datetime, *, anew: bool) -> datetime | None:
        """Up to which due time it is noted what was missed; `anew` takes no notice of times yet to come.

        Raises:
            NotedAhead: the note is of times that have not come by the clock of who decides.
        """
        noted = self.missed_until
        if noted is None or noted <= at:
            return noted
        if not anew:
            raise NotedAhead(f"of {self.kind} it is noted what was missed until {noted.isoformat()}")
        return None

    def miss(self, at: datetime, times: Sequence[datetime], policy: MissedPolicy) -> None:
        """Note that nobody saw to these due times, which are in order; of none there is nothing to note."""
        if not times:
            return
        self.trigger_event(
            self.Missed,
            timestamp=at,
            kind=self.kind,
            first_due=times[0],
            last_due=times[-1],
            count=len(times),
            policy=policy,
        )
