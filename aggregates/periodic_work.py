"""A kind of periodic work: what is worth knowing of its due times besides the jobs that they led to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from countersign.aggregates.root import Root, derived_id


class MissedPolicy(StrEnum):
    """What becomes of due times that nobody saw to."""

    ONCE = "once"  # one run makes up for all of them
    SKIP = "skip"


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

    def unnoted(self, times: Iterable[datetime]) -> tuple[datetime, ...]:
        """Those due times of which it was not noted before that they were missed."""
        known = self.missed_until
        return tuple(time for time in times if known is None or time > known)

    def miss(self, at: datetime, times: Sequence[datetime], policy: MissedPolicy) -> None:
        """Note that nobody saw to these due times, in order; of those that were noted before nothing is."""
        new = self.unnoted(times)
        if not new:
            return
        self.trigger_event(
            self.Missed,
            timestamp=at,
            kind=self.kind,
            first_due=new[0],
            last_due=new[-1],
            count=len(new),
            policy=policy,
        )
