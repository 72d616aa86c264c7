"""Somebody has lost a password, or says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from countersign.aggregates.email_address import EmailAddress, email_address
from countersign.commands.account.even_lookup import account_at
from countersign.commands.account.mailboxes import mailbox_of
from countersign.commands.account.one_time_tokens import OneTimeTokens, TokenPurpose
from countersign.commands.options import AccountRules
from countersign.eventstore.context import ANONYMOUS
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPasswordReset:
    email: str


def request_password_reset(
    command: RequestPasswordReset, store: Store, rules: AccountRules, tokens: OneTimeTokens
) -> Receipt:
    """Have a code sent to the address, if it is somebody's.

    The same is done, and the same is answered, whether the address is known or not. After a few wishes for
    one address within an hour nothing is noted any more; the codes that were sent hold until they run out.

    Raises:
        InvalidEmail: it is none.
    """
    address = email_address(command.email)
    store.identify(ANONYMOUS)
    mailbox = mailbox_of(address, store)
    account = _account_of(address, store)
    if not mailbox.may_be_asked(TokenPurpose.PASSWORD_RESET, store.now, rules.letters_per_hour):
        return store.save()
    expires_at = store.now + timedelta(seconds=rules.password_reset_lifetime_s)
    ticket = tokens.ticket(TokenPurpose.PASSWORD_RESET, mailbox.id, expires_at)
    mailbox.request_password_reset(store.now, account, ticket)
    return store.save(mailbox)


def _account_of(address: EmailAddress, store: Store) -> UUID | None:
    account = account_at(store.private_id("email", address.canonical), store)
    return account.id if account and account.may_get_in else None
