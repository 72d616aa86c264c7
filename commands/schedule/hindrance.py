"""What keeps a schedule from being run, though nobody has paused it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.permissions import permitted
from countersign.aggregates.root import DomainError
from countersign.aggregates.saved_search import SavedSearch
from countersign.aggregates.schedule.plan import LEAST_MINUTES_BETWEEN, Plan, is_due_too_often
from countersign.aggregates.schedule.schedule import Schedule
from countersign.eventstore.store import Store


class ScheduleHindered(DomainError):
    """What has paused the schedule has to be mended first."""

    code = "schedule_hindered"


def require_unhindered(schedule: Schedule, store: Store) -> None:
    """Refuse to run what cannot be run.

    Raises:
        ScheduleHindered: and why.
    """
    if reason := hindrance_of(schedule, store):
        raise ScheduleHindered(f"this schedule cannot be run: {reason}")


def hindrance_of(schedule: Schedule, store: Store) -> str:
    """Why it cannot be run; empty when it can."""
    return next(_hindrances(schedule.owner, schedule.plan, store), "")


def finds_search(store: Store, owner: UUID, search: UUID) -> bool:
    """Whether somebody keeps a saved search, or is let use it by who does."""
    account, kept = store.guard_or_none(Account, owner), store.guard_or_none(SavedSearch, search)
    return bool(account and account.role and kept and kept.is_for(owner, account.role))


def _hindrances(owner: UUID, plan: Plan, store: Store) -> Iterator[str]:
    account = store.guard_or_none(Account, owner)
    if account is None or not account.is_active:
        yield "the account of its owner is not active"
    elif account.role is None or not permitted(account.role, "CreateSchedule"):
        yield "the role of its owner keeps no schedules"
    elif plan.search is not None and not finds_search(store, owner, plan.search):
        yield "its saved search was deleted, or is not shared with its owner any more"
    elif is_due_too_often(plan.cadence):
        yield f"it is due more often than every {LEAST_MINUTES_BETWEEN} minutes"
