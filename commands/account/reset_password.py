"""Somebody who has lost their password chooses another."""

from __future__ import annotations

from dataclasses import dataclass, field

from countersign.aggregates.account import Account
from countersign.aggregates.email_address import email_address
from countersign.aggregates.mailbox import Mailbox
from countersign.aggregates.one_time_ticket import invalid_one_time_token
from countersign.commands.account.new_password import hash_of_new_password
from countersign.commands.account.one_time_tokens import stream_of, token_hash
from countersign.commands.password_hashes import PasswordHashes
from countersign.commands.password_rules import PasswordRules
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPassword:
    token: str = field(repr=False)
    password: str = field(repr=False)


def reset_password(
    command: ResetPassword, store: Store, passwords: PasswordHashes, password_rules: PasswordRules
) -> Receipt:
    """Put another password in force and end every session. The code is the permission; it signs nobody in.

    Raises:
        InvalidOneTimeToken: the code opens nothing, was used, or has run out.
        WeakPassword, PasswordReused: the code can be used again.
    """
    mailbox = store.find(Mailbox, stream_of(command.token))
    if mailbox is None:
        raise invalid_one_time_token()
    account = _account(mailbox, command.token, store)
    store.identify(account.id)
    hashed = hash_of_new_password(account, command.password, passwords, password_rules, "/password")
    account.reset_password(store.now, hashed)
    mailbox.redeem(store.now, account.id)
    return store.save(account, mailbox)


def _account(mailbox: Mailbox, token: str, store: Store) -> Account:
    reset = mailbox.reset_of(store.now, token_hash(token))
    account = store.find(Account, reset.account) if reset.account else None
    if account is None or not account.may_get_in or not _has_address(account, mailbox, store):
        raise invalid_one_time_token()
    return account


def _has_address(account: Account, mailbox: Mailbox, store: Store) -> bool:
    return store.private_id("mailbox", email_address(str(account.email)).canonical) == mailbox.id
