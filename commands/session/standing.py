"""Whether a session still stands for somebody: it does while its account is active and has not ended it."""

from __future__ import annotations

from countersign.aggregates.account import Account
from countersign.aggregates.session import Session, SessionEnded


def require_standing(account: Account | None, session: Session) -> Account:
    """The account behind a session.

    Raises:
        SessionEnded: it is not active, or has ended all its sessions since this one was started.
    """
    if account is None or not account.is_active:
        raise SessionEnded("there is no active account behind this session")
    account.require_current(session.id, session.generation)
    return account
