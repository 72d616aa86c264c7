"""What a process of the service holds of Vault, by its settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from countersign.cli.invocation import UsageError
from countersign.config.master_key_file import Change
from countersign.config.references import Unresolvable, reference_in
from countersign.config.resolvers import local_resolvers
from countersign.config.settings import Settings
from countersign.config.vault.driver import require_hvac
from countersign.config.vault.master_key import TransitWrap
from countersign.config.vault.standing import State
from countersign.config.vault.trouble import VaultRefused
from countersign.eventstore.credentials import Credentials, CredentialSource
from countersign.projections.health.reading import Probe, Reading, failed, well

if TYPE_CHECKING:  # hvac is not there in a minimal installation
    from countersign.config.vault.custody import Custody
    from countersign.config.vault.database_lease import DatabaseLease

Lender: TypeAlias = "Custody"
"""What the parts of a process get from Vault comes through this."""


@contextmanager
def vault_custody(settings: Settings, *, with_database: bool = True) -> Iterator[Lender | None]:
    """Log in and keep what is lent until the end; None without Vault.

    Raises:
        VaultTrouble: Vault is sealed, away or lets nobody in.
    """
    if not settings.vault.address:
        yield None
        return
    require_hvac()
    from countersign.cli.vault_metrics import show  # noqa: PLC0415
    from countersign.config.vault.custody import in_custody  # noqa: PLC0415

    roles = (settings.database.vault_role, settings.database.keys_vault_role) if with_database else ()
    with in_custody(settings.vault, lambda name: _present(settings, name), *roles) as custody:
        custody.upkeep.after_each_round = lambda: show(custody.standing())
        yield custody


def database_credentials(custody: Lender | None) -> CredentialSource | None:
    """Where connections get their credentials; None where they stand in the URL."""
    return _Lent(custody, custody.database) if custody is not None and custody.database is not None else None


def keys_credentials(custody: Lender | None) -> CredentialSource | None:
    """The same for a database in which the keys of persons are apart."""
    return _Lent(custody, custody.keys) if custody is not None and custody.keys is not None else None


def takes_users_from_vault(settings: Settings) -> bool:
    """Whether a database cannot be opened without Vault."""
    return bool(settings.database.vault_role or settings.database.keys_vault_role)


def unwrapping(settings: Settings, custody: Lender | None) -> Change | None:
    """How the master key is decrypted; None where it lies in its file as it is."""
    return transit(settings, custody).unwrap if settings.keys.master == "transit" else None


def wrapping(settings: Settings, custody: Lender | None) -> Change | None:
    """How a new master key is encrypted; None where it lies in its file as it is."""
    return transit(settings, custody).wrap if settings.keys.master == "transit" else None


def transit(settings: Settings, custody: Lender | None) -> TransitWrap:
    """Vault's encryption of the master key."""
    if custody is None:
        raise UsageError("There is no Vault to encrypt the master key: set vault.address.")
    return TransitWrap(custody.connection, settings.vault.transit_mount, settings.vault.transit_key)


class _Lent:
    def __init__(self, custody: Lender, lease: DatabaseLease) -> None:
        self._custody, self._lease = custody, lease

    def current(self) -> Credentials:
        login = self._lease.login
        return Credentials(login.user, login.password)

    def refused(self) -> None:
        self._custody.doubt(self._lease)


def _present(settings: Settings, name: str) -> str:
    """A log-in's setting as it is now: what it refers to may have been exchanged."""
    vault = settings.vault
    secrets = {"token": vault.token, "role_id": vault.role_id, "secret_id": vault.secret_id}
    reference = reference_in(settings.references.get(f"vault.{name}", ""))
    if reference is None:
        return secrets[name].reveal()
    try:
        return local_resolvers(os.environ)[reference.scheme](reference.target)
    except Unresolvable as why:
        problem = f"vault.{name} ({reference}) cannot be read any more: {why}"
    raise VaultRefused(problem)


def vault_probe(custody: Lender) -> Probe:
    """What the periodic health check says of Vault."""

    def probe() -> Reading:
        standing = custody.standing()
        if standing.state is not State.OK:
            return failed(str(standing), "docs/runbook.md, Vault; what runs goes on with what it holds.")
        return well("it lets us in", token_left_s=standing.token_left_s)

    return probe
