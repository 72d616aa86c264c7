"""A plan can be kept when those whom it names are there."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.schedule.cadence import InvalidSchedule
from countersign.aggregates.schedule.plan import Plan
from countersign.commands.schedule.hindrance import finds_search
from countersign.eventstore.store import Store


def require_usable(plan: Plan, owner: UUID, store: Store) -> None:
    """Refuse a plan that is wrong, or names somebody or something that its owner does not find.

    Raises:
        InvalidSchedule: with a pointer to each fault.
    """
    plan.require_sound()
    if faults := tuple(_unknown(plan, owner, store)):
        raise InvalidSchedule("this schedule cannot be kept", faults)


def _unknown(plan: Plan, owner: UUID, store: Store) -> Iterator[tuple[str, str]]:
    for number, recipient in enumerate(plan.recipients):
        account = store.guard_or_none(Account, recipient)
        if account is None or not account.is_active:
            yield f"/recipients/{number}", "is nobody with an active account"
    if plan.search is not None and not finds_search(store, owner, plan.search):
        yield "/search", "is no saved search that the owner keeps, or that is shared with them"
