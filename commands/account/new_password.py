"""Which password a person may take next."""

from __future__ import annotations

from countersign.aggregates.account import Account
from countersign.aggregates.account_credentials import REMEMBERED
from countersign.aggregates.account_refusals import PasswordReused
from countersign.commands.password_hashes import PasswordHashes
from countersign.commands.password_rules import PasswordRules


def hash_of_new_password(
    account: Account, password: str, passwords: PasswordHashes, rules: PasswordRules, pointer: str
) -> str:
    """The hash of a password that the person has not had lately.

    Raises:
        WeakPassword: with every reason.
        BreachedListUnreadable: it cannot be checked now.
        PasswordReused: it is one of the last five.
    """
    rules.require_strong(password, str(account.name), str(account.email), pointer)
    if any(passwords.verify(known, password) for known in account.known_hashes):
        reason = f"it is one of your last {REMEMBERED}"
        raise PasswordReused("choose a password that you have not had lately", ((pointer, reason),))
    return passwords.make(password)
