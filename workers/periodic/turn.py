"""What the schedule says when it looks at a kind of work: what is due, and what has been missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from countersign.aggregates.periodic_work import MissedPolicy
from countersign.workers.periodic.rule import Rule


@dataclass(frozen=True, slots=True)
class Turn:
    """`seen_to` is the latest due time that has come, or None when nothing is new.

    It is the one that is `due`, unless it is among the `missed` and those are skipped.
    """

    seen_to: datetime | None
    due: datetime | None
    missed: Sequence[datetime] = ()


def turn(rule: Rule, seen_to: datetime | None, now: datetime, grace: timedelta, policy: MissedPolicy) -> Turn:
    """What there is to say; `seen_to` is up to where it was said before.

    A clock that was far ahead and was set right leaves a `seen_to` of times that have not come: it counts for
    nothing. Nothing is done twice for that, since a job is known by its due time.
    """
    known = None if seen_to is not None and seen_to > now else seen_to
    times = rule.between(known, now)
    if not times:
        return Turn(None, None)
    latest, late = times[-1], now - times[-1] > grace
    if policy is MissedPolicy.SKIP and late:
        return Turn(latest, None, () if known is None else times)
    return Turn(latest, latest, times[:-1] if known is not None else ())
