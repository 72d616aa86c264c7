"""The first administrator, without whom there would be nobody to let anybody in."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from countersign.aggregates.role import Role
from countersign.aggregates.root import DomainError
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.account.enrolment import Newcomer, enrol
from countersign.commands.password_hashes import PasswordHashes
from countersign.commands.password_rules import PasswordRules
from countersign.commands.permit import permit
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store


class AlreadyBootstrapped(DomainError):
    """There is an administrator, who lets others in."""

    code = "already_bootstrapped"


@dataclass(frozen=True, slots=True, kw_only=True)
class BootstrapAdministrator:
    account_id: UUID
    name: str
    email: str
    password: str = field(repr=False)


def bootstrap_administrator(
    command: BootstrapAdministrator, store: Store, passwords: PasswordHashes, password_rules: PasswordRules
) -> Receipt:
    """Open the roster with an administrator.

    Raises:
        AlreadyBootstrapped: the roster was opened before.
    """
    permit(store, "BootstrapAdministrator")
    if store.find(Roster, ROSTER_ID) is not None:
        raise AlreadyBootstrapped("this installation has an administrator already")
    newcomer = Newcomer(
        account_id=command.account_id,
        name=command.name,
        email=command.email,
        password=command.password,
        role=Role.ADMINISTRATOR,
    )
    return enrol(newcomer, store, Roster.open(store.now), passwords, password_rules)
