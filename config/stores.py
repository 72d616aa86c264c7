"""Settings of everything that keeps state: the database, Redis, caches and snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from countersign.config.bounds import (
    Between,
    CountOrNone,
    DatabaseUrl,
    Milliseconds,
    Name,
    RedisUrl,
    Seconds,
    WholeSeconds,
)
from countersign.config.vault.section import NameOrNone


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """The database of the log and the read tables; without a URL it is SQLite in the data folder.

    `listen_url` bypasses a connection pooler; `keys_url` puts the keys of persons into a database of
    their own. With a `vault_role` Vault makes user and password for `url` and `listen_url`, with a
    `keys_vault_role` those for `keys_url`. With `ca_file`, an authority's certificate, the server has to
    prove that it is the one of the URL. A `pool_size` of 0 means one connection for each thread; a
    time-out of 0 ms means none. Statements that take `slow_statement_ms` are noted, with 0 none.
    """

    url: DatabaseUrl
    listen_url: DatabaseUrl
    keys_url: DatabaseUrl
    allow_sqlite_in_production: bool
    vault_role: NameOrNone
    keys_vault_role: NameOrNone
    ca_file: str
    pool_size: CountOrNone
    max_overflow: CountOrNone
    timeout_s: Seconds
    recycle_s: WholeSeconds
    pre_ping: bool
    lock_timeout_ms: Milliseconds
    statement_timeout_ms: Milliseconds
    idle_transaction_timeout_ms: Milliseconds
    slow_statement_ms: Milliseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Redis:
    """The optional Redis that wakes readers and counts; without a URL there is none.

    With `ca_file`, an authority's certificate, the server of a `rediss://` URL has to prove its name.
    """

    url: RedisUrl
    ca_file: str
    prefix: Name
    timeout_s: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """What each process keeps in memory; 0 keeps nothing."""

    aggregates: Annotated[int, Between(0, 1_000_000)]
    accounts_lifetime_s: Annotated[float, Between(0, 3_600)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshots:
    """After how many events of a stream a snapshot is taken."""

    every_events: Annotated[int, Between(2, 10_000)]
