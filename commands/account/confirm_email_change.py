"""A person shows that they read the mail of their new address."""

from __future__ import annotations

from dataclasses import dataclass, field

from countersign.aggregates.account import Account
from countersign.aggregates.email_identity import EmailIdentity
from countersign.aggregates.one_time_ticket import invalid_one_time_token
from countersign.commands.account.enrolment import claim_address
from countersign.commands.account.one_time_tokens import stream_of, token_hash
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmEmailChange:
    token: str = field(repr=False)


def confirm_email_change(command: ConfirmEmailChange, store: Store) -> Receipt:
    """Put the new address in force and let go of the old one. The code is the permission.

    Raises:
        InvalidOneTimeToken: the code confirms nothing, was used, or has run out.
        EmailTaken: the address has become another account's.
    """
    account = store.find(Account, stream_of(command.token))
    if account is None or not account.is_active:
        raise invalid_one_time_token()
    store.identify(account.id)
    old = store.load(EmailIdentity, account.email_identity)
    account.confirm_email_change(store.now, token_hash(command.token))
    new = claim_address(account.email_identity, account.id, store)
    old.release(store.now)
    return store.save(account, old, new)
