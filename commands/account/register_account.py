"""An administrator lets somebody in."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from countersign.aggregates.role import Role
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.account.enrolment import Newcomer, enrol
from countersign.commands.options import AccountRules
from countersign.commands.password_hashes import PasswordHashes
from countersign.commands.password_rules import PasswordRules
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterAccount:
    account_id: UUID
    name: str
    email: str
    password: str = field(repr=False)
    role: Role


def register_account(
    command: RegisterAccount,
    store: Store,
    rules: AccountRules,
    passwords: PasswordHashes,
    password_rules: PasswordRules,
) -> Receipt:
    """Make an active account: whoever registers it as an administrator approves it by that.

    Where the rules say so, the password is a first one, which the person has to change.
    """
    permit(store, "RegisterAccount")
    roster = store.load(Roster, ROSTER_ID)
    newcomer = Newcomer(
        account_id=command.account_id,
        name=command.name,
        email=command.email,
        password=command.password,
        role=command.role,
        first_password=rules.change_first_password,
    )
    return enrol(newcomer, store, roster, passwords, password_rules)
