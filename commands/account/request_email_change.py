"""A person wants to be written to at another address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from countersign.aggregates.account import Account
from countersign.aggregates.email_address import email_address
from countersign.commands.account.mailboxes import mailbox_of
from countersign.commands.account.one_time_tokens import OneTimeTokens, TokenPurpose
from countersign.commands.options import Options
from countersign.commands.permit import permit, require_reauthentication
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEmailChange:
    email: str


def request_email_change(
    command: RequestEmailChange, store: Store, options: Options, tokens: OneTimeTokens
) -> Receipt:
    """Have a code sent to the new address; it comes into force when that is given back.

    Whether somebody else has it is not told here: its owner, who gets the code, would find out. After a few
    wishes for one address within an hour nothing is sent any more.

    Raises:
        ReauthenticationRequired: a proof of identity, a few minutes old at most, is needed.
        InvalidEmail: it is none.
    """
    permit(store, "RequestEmailChange", own=(store.context.actor,))
    require_reauthentication(store, options.reauthentication_window_s)
    address, rules = email_address(command.email), options.accounts
    account = store.load(Account, store.context.actor)
    identity = store.private_id("email", address.canonical)
    mailbox = mailbox_of(address, store)
    asked_enough = not mailbox.may_be_asked(TokenPurpose.EMAIL_CHANGE, store.now, rules.letters_per_hour)
    if identity == account.email_identity or asked_enough:
        return store.save()
    mailbox.seek_letter(store.now, TokenPurpose.EMAIL_CHANGE)
    expires_at = store.now + timedelta(seconds=rules.email_change_lifetime_s)
    ticket = tokens.ticket(TokenPurpose.EMAIL_CHANGE, account.id, expires_at)
    account.request_email_change(store.now, address.written, identity, ticket)
    return store.save(account, mailbox)
