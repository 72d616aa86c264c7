"""What one process holds of Vault from its start to its end: a token, and credentials of databases."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from time import monotonic

from countersign.config.vault.connection import VaultConnection
from countersign.config.vault.database_lease import DatabaseLease
from countersign.config.vault.held_token import HeldToken
from countersign.config.vault.logins import Credential
from countersign.config.vault.patient_login import PatientLogin
from countersign.config.vault.section import Vault
from countersign.config.vault.standing import Standing
from countersign.config.vault.upkeep import Kept, Upkeep

Clock = Callable[[], float]


class Custody:
    """Opened in each process after its fork; a thread renews what is held until `close`.

    `keys` are credentials of the database of the keys of persons, where it has a role of its own.
    """

    def __init__(
        self,
        section: Vault,
        credential: Credential,
        database_role: str = "",
        clock: Clock = monotonic,
        chance: Callable[[], float] = random.random,
        *,
        keys_role: str = "",
    ) -> None:
        self._clock, self._chance, self._mount = clock, chance, section.database_mount
        self.connection = VaultConnection(section)
        self.connection.require_unsealed()
        self.token = HeldToken(
            self.connection, PatientLogin(self.connection, section, credential, clock), clock, chance
        )
        self.database, self.keys = self._lease(database_role), self._lease(keys_role)
        kept: list[Kept] = [self.token, *(lease for lease in (self.database, self.keys) if lease)]
        self.upkeep = Upkeep(kept, self.connection.require_unsealed, section.check_s, clock, chance)

    def standing(self) -> Standing:
        """How Vault stood when this process last looked, and how long what it holds will live."""
        now, database, keys = self._clock(), self.database, self.keys
        return Standing(
            self.upkeep.state,
            self.upkeep.says,
            self.token.ends_at - now,
            database.ends_at - now if database else inf,
            keys.ends_at - now if keys else inf,
        )

    def doubt(self, lease: DatabaseLease) -> None:
        """A database has refused the credentials: see soon whether they still hold."""
        lease.doubt()
        self.upkeep.poke()

    def close(self) -> None:
        """Give everything back."""
        self.upkeep.close()
        self.token.give_back()
        self.connection.close()

    def _lease(self, role: str) -> DatabaseLease | None:
        if not role:
            return None
        return DatabaseLease(self.connection, self.token, self._mount, role, self._clock, self._chance)


@contextmanager
def in_custody(
    section: Vault, credential: Credential, database_role: str = "", keys_role: str = ""
) -> Iterator[Custody]:
    """Log in, keep all alive in a thread, and give everything back at the end.

    Raises:
        VaultTrouble: Vault is sealed, away or lets nobody in: nothing was started.
    """
    custody = Custody(section, credential, database_role, keys_role=keys_role)
    custody.upkeep.start()
    try:
        yield custody
    finally:
        custody.close()
