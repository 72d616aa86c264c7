"""Keeps an e-mail address to one account."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from countersign.aggregates.root import Root


class EmailIdentity(Root):
    """The claim of one account on one address.

    Its id is a keyed digest of the canonical address, so a second claim collides with the first, and the log
    does not give the address away.
    """

    TOPIC = "email_identity"
    account: UUID

    class Created(Root.Created):
        TOPIC = "email_identity.claimed"
        account: UUID

    @classmethod
    def claim(cls, identity_id: UUID, at: datetime, account: UUID) -> Self:
        """Reserve the address for an account."""
        return cls._create(cls.Created, id=identity_id, timestamp=at, account=account)
