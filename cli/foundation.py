"""What every process of the service stands on: databases, log, store and the way in for commands."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from countersign.aggregates.failure_count import ThrottleRule
from countersign.aggregates.role import Role
from countersign.cli.aggregate_classes import AGGREGATES
from countersign.cli.known_read_models import read_models_of
from countersign.cli.vault_custody import (
    Lender,
    database_credentials,
    keys_credentials,
    unwrapping,
    vault_custody,
)
from countersign.commands import options as commands
from countersign.commands.catalogue import handlers
from countersign.commands.configuration.flag_reader import FlagReader
from countersign.commands.dispatch import Dispatcher
from countersign.commands.password_hashes import HashCost
from countersign.config.accounts import Accounts, Passwords
from countersign.config.key_files import KeyRing, load_keys
from countersign.config.settings import Settings
from countersign.config.sign_in import SignIn
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.log import Log
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import StoreOptions, open_store
from countersign.eventstore.open_wakeups import open_wakeups
from countersign.eventstore.store import EventStore
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
    keys = load_keys(
        settings.keys_dir,
        refuse_readable_by_others=settings.environment == "production",
        unwrap=unwrapping(settings, vault),
    )
    databases = open_databases(settings, vault)
    wakeups = wakeups_of(settings, databases)
    log = open_log(databases, wakeups)
    store = open_store(databases, log, AGGREGATES, _store_options(settings, keys))
    dispatcher = Dispatcher(handlers(_command_options(settings, keys)), store, log, utc_now)
    flags = FlagReader(store.aggregates, features_of(settings), time.monotonic)
    try:
        yield Foundation(settings, keys, databases, wakeups, log, store, dispatcher, flags, vault)
    finally:
        wakeups.close()
        databases.close()


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
            credentials=database_credentials(vault),
            keys_credentials=keys_credentials(vault),
        )
    )


def wakeups_of(settings: Settings, databases: Databases) -> Wakeups:
    """How the processes of these settings wake one another."""
    redis = settings.redis
    return open_wakeups(databases, redis.url.reveal(), redis.prefix, redis.timeout_s)


def refresh_key(keys: KeyRing) -> bytes:
    """The key that signs refresh tokens, derived from the lookup key (RFC 5869)."""
    return _derived(keys, b"countersign refresh tokens")


def browser_key(keys: KeyRing) -> bytes:
    """The key that makes the cookies of browsers and seals what is cached of sessions, derived likewise."""
    return _derived(keys, b"countersign browser sessions")


def api_key_secret(keys: KeyRing) -> bytes:
    """The key that makes and knows the keys of API clients, derived from the lookup key (RFC 5869)."""
    return _derived(keys, b"countersign api keys")


def second_factor_key(keys: KeyRing) -> bytes:
    """The key that makes backup codes, derived from the lookup key (RFC 5869)."""
    return _derived(keys, b"countersign backup codes")


def one_time_key(keys: KeyRing) -> bytes:
    """The key that makes the codes in mails, derived from the lookup key (RFC 5869)."""
    return _derived(keys, b"countersign one-time codes")


def _derived(keys: KeyRing, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(keys.lookup_key)


def features_of(settings: Settings) -> Mapping[str, bool]:
    """The parts of the service that can be switched, as they are configured."""
    features = settings.features
    return {
        "docs_pages": features.docs_pages,
        "metrics": features.metrics,
        "review_copies": features.review_copies,
    }


def utc_now() -> datetime:
    """The clock of the service."""
    return datetime.now(UTC)


def _store_options(settings: Settings, keys: KeyRing) -> StoreOptions:
    return StoreOptions(
        master_key=keys.master_key,
        lookup_key=keys.lookup_key,
        kept_aggregates=settings.cache.aggregates,
        snapshot_every=settings.snapshots.every_events,
        keys_lifetime_s=settings.cache.accounts_lifetime_s,
    )


def _account_rules(accounts: Accounts) -> commands.AccountRules:
    return commands.AccountRules(
        self_registration=accounts.self_registration,
        registration_lifetime_s=accounts.registration_lifetime_s,
        email_change_lifetime_s=accounts.email_change_lifetime_s,
        password_reset_lifetime_s=accounts.password_reset_lifetime_s,
        letters_per_hour=accounts.letters_per_hour,
    )


def _hash_cost(passwords: Passwords) -> HashCost:
    return HashCost(
        memory_kib=passwords.memory_kib,
        passes=passwords.passes,
        lanes=passwords.lanes,
        at_once=passwords.at_once,
        wait_s=passwords.wait_s,
    )


def _command_options(settings: Settings, keys: KeyRing) -> commands.Options:
    tokens = settings.tokens
    return commands.Options(
        refresh_key=refresh_key(keys),
        second_factor_key=second_factor_key(keys),
        api_key_secret=api_key_secret(keys),
        one_time_key=one_time_key(keys),
        accounts=_account_rules(settings.accounts),
        password_cost=_hash_cost(settings.passwords),
        session_idle_s=tokens.refresh_idle_s,
        session_absolute_s=tokens.refresh_absolute_s,
        session_seen_every_s=settings.sessions.seen_every_s,
        reauthentication_window_s=tokens.reauthentication_window_s,
        api_client_longest=timedelta(days=settings.api_clients.longest_days),
        api_key_overlap_max_s=settings.api_clients.overlap_max_s,
        features=frozenset(features_of(settings)),
        read_models=read_models_of(),
        sign_in=_sign_in_rules(settings.sign_in),
        mail_domain=urlsplit(settings.http.public_url).hostname or "localhost",
    )


def _sign_in_rules(sign_in: SignIn) -> commands.SignInRules:
    by_account = ThrottleRule(
        sign_in.failures, sign_in.window_s, delay_s=sign_in.delay_s, delay_cap_s=sign_in.delay_cap_s
    )
    return commands.SignInRules(
        by_account=by_account,
        by_network=replace(by_account, failures=sign_in.network_failures),
        totp_required_roles=frozenset(map(Role, sign_in.totp_required_roles)),
        totp_issuer=sign_in.totp_issuer,
    )
