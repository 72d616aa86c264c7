"""Who signs: the person behind the call, with the proof of identity that they have just given."""

from __future__ import annotations

from typing import cast

from countersign.aggregates.report.signature import Signer
from countersign.aggregates.role import Role
from countersign.commands.permit import acting_account, require_reauthentication
from countersign.eventstore.store import Store


def signer_of(store: Store, window_s: int) -> Signer:
    """The signer of this call.

    Raises:
        ReauthenticationRequired: the identity was not proved within the last `window_s` seconds.
    """
    proof = require_reauthentication(store, window_s)
    account = acting_account(store)
    return Signer(
        account=account.id,
        printed_name=str(account.name),
        role=cast("Role", account.role),  # permit lets nobody by who has none
        factors=proof.factors,
        authenticated_at=proof.at,
    )
