"""What can be read of the service without its keys: positions, queues and leases, but no person's name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from countersign.cli.foundation import Foundation, open_databases, utc_now, wakeups_of
from countersign.cli.vault_custody import Lender, vault_custody
from countersign.config.settings import Settings
from countersign.eventstore.databases import Databases
from countersign.eventstore.log import Log
from countersign.eventstore.open_log import open_log
from countersign.eventstore.wakeups import Wakeups
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following.freshness import Freshness
from countersign.projections.following.lag import Lag


@dataclass(frozen=True, slots=True)
class Ledger:
    """The databases and the log, opened for looking."""

    databases: Databases
    wakeups: Wakeups
    log: Log
    vault: Lender | None = None

    def lags(self) -> list[Lag]:
        """How far each projection is behind the log."""
        return Freshness(self.databases.read, self.log, self.wakeups, PROJECTIONS).lags(utc_now())


def ledger_of(base: Foundation) -> Ledger:
    """The same of what is open already."""
    return Ledger(base.databases, base.wakeups, base.log, base.vault)


@contextmanager
def ledger(settings: Settings) -> Iterator[Ledger]:
    """Open it, and give everything back at the end; nothing is connected before its first use."""
    with vault_custody(settings) as vault, ledger_with(settings, vault) as opened:
        yield opened


@contextmanager
def ledger_with(settings: Settings, vault: Lender | None) -> Iterator[Ledger]:
    """The same with what Vault has lent already."""
    databases = open_databases(settings, vault)
    wakeups = wakeups_of(settings, databases)
    try:
        yield Ledger(databases, wakeups, open_log(databases, wakeups), vault)
    finally:
        wakeups.close()
        databases.close()
