"""An operator has mail sent to an address again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from countersign.aggregates.account_refusals import reasoned
from countersign.aggregates.suppression import Suppression
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftSuppression:
    suppression_id: UUID
    reason: str


def lift_suppression(command: LiftSuppression, store: Store) -> Receipt:
    """Send mail there again; what was held back meanwhile is not sent by that.

    Raises:
        ReasonRequired: none was given.
        NotSuppressed: mail is sent to this address.
    """
    permit(store, "LiftSuppression")
    reason = reasoned(command.reason)
    suppression = store.load(Suppression, command.suppression_id)
    suppression.lift(store.now, store.context.actor, reason)
    return store.save(suppression)
