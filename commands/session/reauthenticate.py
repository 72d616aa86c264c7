"""A signed-in person proves again who they are, in order to sign."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from countersign.aggregates.session import Session
from countersign.commands.password_hashes import PasswordHashes
from countersign.commands.permit import acting_account, permit
from countersign.commands.session.log_in import BadCredentials
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Reauthenticate:
    session_id: UUID
    password: str = field(repr=False)


def reauthenticate(command: Reauthenticate, store: Store, passwords: PasswordHashes) -> Receipt:
    """Note the proof in the session: for some minutes it may sign.

    Raises:
        BadCredentials: it is not the person's password.
    """
    session = store.load(Session, command.session_id)
    permit(store, "Reauthenticate", own=(session.account,))
    if not passwords.verify(acting_account(store).password_hash, command.password):
        raise BadCredentials("the password is wrong")
    session.reauthenticate(store.now, ("password",))
    return store.save(session)
