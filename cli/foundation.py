"""What every process of the service stands on: databases, log, store and the way in for commands."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from countersign.cli.aggregate_classes import AGGREGATES
from countersign.cli.command_options import command_options, features_of
from countersign.cli.vault_custody import (
    Lender,
    database_credentials,
    keys_credentials,
    unwrapping,
    vault_custody,
)
from countersign.commands.catalogue import handlers
from countersign.commands.configuration.flag_reader import FlagReader
from countersign.commands.dispatch import Dispatcher
from countersign.config.key_files import MASTER, KeyRing, load_keys
from countersign.config.master_key_file import MasterKeyFile
from countersign.config.settings import Settings
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.log import Log
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import StoreOptions, open_store
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.eventstore.store import EventStore
from countersign.eventstore.upkeep.slow_statements import keep_slow_statements
from countersign.eventstore.wakeups import Wakeups


@dataclass(frozen=True, slots=True)
class Foundation:
    """The parts that all processes share; nothing is connected before its first use."""

    settings: Settings
    keys: KeyRing
    databases: Databases
    wakeups: Wakeups
    log: Log
    store: EventStore
    dispatcher: Dispatcher
    flags: FlagReader
    vault: Lender | None


@contextmanager
def foundation(settings: Settings) -> Iterator[Foundation]:
    """Build the foundation, and give everything back at the end.

    Raises:
        KeyFilesError: `countersign init` has not been run, or the key files are not as it left them.
        VaultTrouble: Vault, which holds some of them or the way into the database, does not give it.
    """
    with vault_custody(settings) as vault, _opened(settings, vault) as base:
        yield base


@contextmanager
def _opened(settings: Settings, vault: Lender | None) -> Iterator[Foundation]:
    unwrap = unwrapping(settings, vault)
    keys = load_keys(
        settings.keys_dir,
        refuse_readable_by_others=settings.environment == "production",
        unwrap=unwrap,
    )
    databases = open_databases(settings, vault)
    keep_slow_statements(databases)
    wakeups = wakeups_of(settings, databases)
    log = open_log(databases, wakeups)
    masters = MasterKeyFile(settings.keys_dir / MASTER, unwrap).keys
    store = open_store(databases, log, AGGREGATES, _store_options(settings, keys, masters))
    dispatcher = Dispatcher(handlers(command_options(settings, keys)), store, log, utc_now)
    flags = FlagReader(store.aggregates, features_of(settings), time.monotonic)
    try:
        yield Foundation(settings, keys, databases, wakeups, log, store, dispatcher, flags, vault)
    finally:
        wakeups.close()
        databases.close()


def store_of_copy(base: Foundation, databases: Databases, log: Log) -> EventStore:
    """The store of a copy of the service, under the same keys."""
    unwrap = unwrapping(base.settings, base.vault)
    masters = MasterKeyFile(base.settings.keys_dir / MASTER, unwrap).keys
    return open_store(databases, log, AGGREGATES, _store_options(base.settings, base.keys, masters))


def open_databases(settings: Settings, vault: Lender | None) -> Databases:
    """The databases of the settings: an SQLite folder unless a PostgreSQL URL is given."""
    database = settings.database
    return Databases(
        DatabaseOptions(
            url=database.url.reveal() or f"sqlite:///{settings.data_dir}",
            listen_url=database.listen_url.reveal(),
            keys_url=database.keys_url.reveal(),
            pool_size=database.pool_size,
            max_overflow=database.max_overflow,
            timeout_s=database.timeout_s,
            recycle_s=database.recycle_s,
            pre_ping=database.pre_ping,
            lock_timeout_ms=database.lock_timeout_ms,
            statement_timeout_ms=database.statement_timeout_ms,
            idle_transaction_timeout_ms=database.idle_transaction_timeout_ms,
            slow_statement_ms=database.slow_statement_ms,
            credentials=database_credentials(vault),
            keys_credentials=keys_credentials(vault),
        )
    )


def wakeups_of(settings: Settings, databases: Databases) -> Wakeups:
    """How the processes of these settings wake one another."""
    redis = settings.redis
    return open_wakeups(databases, redis.url.reveal(), redis.prefix, redis.timeout_s)


def utc_now() -> datetime:
    """The clock of the service."""
    return datetime.now(UTC)


def _store_options(settings: Settings, keys: KeyRing, masters: Callable[[], Sequence[bytes]]) -> StoreOptions:
    return StoreOptions(
        master_key=keys.master_keys[0],
        master_keys=masters,
        lookup_key=keys.lookup_key,
        kept_aggregates=settings.cache.aggregates,
        snapshot_every=settings.snapshots.every_events,
        keys_lifetime_s=settings.cache.accounts_lifetime_s,
    )
