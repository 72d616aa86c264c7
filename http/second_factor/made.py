"""The second factor as a command has just left it, to show what is shown once."""

from __future__ import annotations

from uuid import UUID

from countersign.aggregates.second_factor import SecondFactor, second_factor_id
from countersign.eventstore.aggregates import Aggregates
from countersign.eventstore.receipt import Receipt
from countersign.http.calls import as_left
from countersign.http.problems import Refusal


def just_made(aggregates: Aggregates, account: UUID, receipt: Receipt) -> SecondFactor:
    """What the command of the receipt made; a repeat is told it again, until anything else has happened.

    Raises:
        Refusal: 409, the answer that showed it is not given again.
    """
    made = as_left(aggregates, SecondFactor, second_factor_id(account), receipt)
    now = aggregates.find(SecondFactor, made.id)
    if receipt.repeated and (now is None or now.version != made.version):
        raise Refusal(409, "shown_once", "this was shown before, and is not shown again: make a new one")
    return made
