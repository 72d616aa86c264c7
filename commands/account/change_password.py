"""A signed-in person chooses another password."""

from __future__ import annotations

from dataclasses import dataclass, field

from countersign.aggregates.account import Account
from countersign.commands.account.new_password import hash_of_new_password
from countersign.commands.options import SignInRules
from countersign.commands.password_hashes import PasswordHashes
from countersign.commands.password_rules import PasswordRules
from countersign.commands.permit import permit
from countersign.commands.session.attempt import Attempt, Failed
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    current_password: str = field(repr=False)
    new_password: str = field(repr=False)


def change_password(
    command: ChangePassword,
    store: Store,
    rules: SignInRules,
    passwords: PasswordHashes,
    password_rules: PasswordRules,
) -> Receipt:
    """Put another password in force; every other session of the person ends.

    A wrong current password is accepted, since it is counted as a failed log-in is: `require_success` refuses
    then.

    Raises:
        SignInDelayed: too many tries failed.
        WeakPassword, PasswordReused: with pointers to the new one.
    """
    permit(store, "ChangePassword", own=(store.context.actor,))
    account = store.load(Account, store.context.actor)
    attempt = Attempt(store, account.email_identity, rules)
    attempt.require_open()
    if not passwords.verify(account.password_hash, command.current_password):
        return attempt.failed(Failed.PASSWORD, account.id)
    hashed = hash_of_new_password(account, command.new_password, passwords, password_rules, "/new_password")
    account.change_password(store.now, hashed, store.context.session)
    return store.save(account, *attempt.succeeded(account.id))
