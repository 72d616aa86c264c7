"""The second factor of somebody who has one."""

from __future__ import annotations

from uuid import UUID

from countersign.aggregates.second_factor import SecondFactor, SecondFactorNotEnabled, second_factor_id
from countersign.eventstore.store import Store


def enabled_factor(store: Store, account: UUID) -> SecondFactor:
    """The second factor in force, to be changed.

    Raises:
        SecondFactorNotEnabled: there is none.
    """
    factor = store.find(SecondFactor, second_factor_id(account))
    if factor is None or not factor.is_enabled:
        raise SecondFactorNotEnabled("there is no second factor: enrol one first")
    return factor
