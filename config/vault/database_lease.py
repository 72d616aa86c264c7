"""Credentials of the database that Vault makes for this process and takes back after a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from countersign.config.vault.answers import part
from countersign.config.vault.connection import VaultConnection
from countersign.config.vault.held_token import HeldToken
from countersign.config.vault.loan import Loan, new_loan
from countersign.config.vault.trouble import NotInVault, VaultRefused


@dataclass(frozen=True, slots=True)
class Login:
    """A role of the database and its password."""

    user: str
    password: str = field(repr=False)


class DatabaseLease:
    """Renews its lease while that is granted, then turns over to new credentials before the old ones end.

    The old ones are not revoked: connections that were opened with them may still be at work.
    """

    def __init__(
        self,
        connection: VaultConnection,
        token: HeldToken,
        mount: str,
        role: str,
        clock: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        self._connection = connection
        self._token = token
        self._mount, self._role = mount, role
        self._clock = clock
        self._chance = chance
        self._due_at = 0.0
        self._obtain()

    @property
    def login(self) -> Login:
        """The credentials that new connections are to use."""
        return self._login

    @property
    def ends_at(self) -> float:
        """When they end: with their lease, or before it with the token that borrowed them."""
        return min(self._loan.ends_at, self._token_ends_at)

    @property
    def due_at(self) -> float:
        """When to see to them: at once after a new log-in, since the old token takes them along."""
        return self._due_at if self._logins == self._token.logins else self._clock()

    def doubt(self) -> None:
        """Ask Vault at the next occasion, since the database has refused them."""
        self._due_at = self._clock()

    def keep(self) -> None:
        """Renew the lease or turn over to new credentials.

        Raises:
            VaultTrouble: neither was possible now.
        """
        if self._logins != self._token.logins or not self._loan.renewable:
            self._obtain()
            return
        try:
            self._renew()
        except (VaultRefused, NotInVault):  # the lease is over, or the policy lets nobody renew
            self._obtain()
            return
        if self._loan.nearly_over:
            self._obtain()

    def _obtain(self) -> None:
        began, logins = self._clock(), self._token.logins
        answer = self._connection.ask(
            f"read {self._mount}/creds/{self._role}",
            lambda client: client.secrets.database.generate_credentials(self._role, mount_point=self._mount),
        )
        made = part(answer, "data", dict)
        login = Login(part(made, "username", str), part(made, "password", str))
        duration, renewable = part(answer, "lease_duration", int), part(answer, "renewable", bool)
        self._id = part(answer, "lease_id", str)
        self._set(new_loan(began, duration, renewable=renewable))
        self._login, self._logins, self._token_ends_at = login, logins, self._token.ends_at

    def _renew(self) -> None:
        began, wanted_s = self._clock(), round(self._loan.first_duration_s)
        answer = self._connection.ask(
            f"renew the lease of {self._mount}/creds/{self._role}",
            lambda client: client.sys.renew_lease(self._id, increment=wanted_s),
        )
        duration, renewable = part(answer, "lease_duration", int), part(answer, "renewable", bool)
        self._set(self._loan.renewed(began, duration, renewable=renewable))
        self._token_ends_at = self._token.ends_at

    def _set(self, loan: Loan) -> None:
        self._loan = loan
        self._due_at = loan.due_at(self._chance())
