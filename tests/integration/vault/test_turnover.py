"""Credentials of a real database turn over under load, and nobody notices but the database."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import psycopg2
import pytest

from countersign.cli.vault_custody import database_credentials
from countersign.config.vault.custody import Custody, in_custody
from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.outage import DatabaseUnavailable
from tests.integration.vault.load import Load
from tests.integration.vault.own_database import execute, owned_by_a_group, url_of
from tests.integration.vault.sections import by_approle
from tests.integration.vault.waiting import wait_until
from tests.vault_double.database import Role
from tests.vault_double.server import serving
from tests.vault_double.vault import Vault

pytestmark = pytest.mark.postgres

LEASE_S, TURNOVERS = 3, 2


@pytest.fixture
def lease_s() -> int:
    return LEASE_S


@pytest.fixture
def made_by_vault(postgres_url: str, lease_s: int) -> Iterator[Vault]:
    """A Vault that makes users of the database."""
    with owned_by_a_group(postgres_url) as group:
        vault = Vault(database_url=postgres_url)
        vault.database.roles["countersign"] = Role(lease_s, lease_s, group)
        yield vault
        for token in list(vault.tokens.held):
            vault.tokens.revoke(token)


@pytest.fixture
def custody(made_by_vault: Vault) -> Iterator[Custody]:
    with serving(made_by_vault) as address:
        section = by_approle(made_by_vault, address)
        with in_custody(section, lambda name: getattr(section, name).reveal(), "countersign") as custody:
            yield custody


@pytest.fixture
def databases(postgres_url: str, custody: Custody) -> Iterator[Databases]:
    credentials = database_credentials(custody)
    databases = Databases(DatabaseOptions(url=url_of(postgres_url), credentials=credentials))
    databases.create()
    yield databases
    databases.close()


def test_queries_appends_and_signals_go_on_across_turnovers(
    made_by_vault: Vault, postgres_url: str, databases: Databases, caplog: pytest.LogCaptureFixture
) -> None:
    dropped = made_by_vault.database.dropped
    load = Load(databases)
    with ThreadPoolExecutor(9) as pool:
        at_work = [pool.submit(job) for job in (*[load.append] * 4, *[load.query] * 4, load.listen)]
        wait_until(lambda: len(dropped) >= TURNOVERS or any(job.done() for job in at_work))
        before = load.heard
        sleep(0.3)
        still_heard = load.heard > before
        load.done.set()
        counts = [job.result(timeout=10) for job in at_work]
    load.close()

    assert all(counts), "everybody got through, without one error"
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == []
    assert len(load.users) >= TURNOVERS + 1
    assert still_heard
    assert load.log.head() == sum(counts[:4]) + 1
    there = {name for (name,) in execute(postgres_url, "SELECT rolname FROM pg_roles")}
    assert there.isdisjoint(dropped)


def test_a_user_that_vault_made_is_let_in_with_its_password_until_the_end_of_its_lease(
    made_by_vault: Vault, postgres_url: str, custody: Custody
) -> None:
    assert custody.database is not None
    login = custody.database.login
    mine = url_of(postgres_url, login.user, login.password)
    assert execute(mine, "SELECT session_user <> current_user") == [(True,)]
    with pytest.raises(psycopg2.OperationalError, match="password"):
        execute(url_of(postgres_url, login.user, "wrong"), "SELECT 1")

    custody.close()

    with pytest.raises(psycopg2.OperationalError):
        execute(mine, "SELECT 1")
    assert made_by_vault.database.dropped == [login.user]


def test_connections_go_on_while_vault_is_sealed_and_turn_over_afterwards(
    made_by_vault: Vault, databases: Databases, custody: Custody
) -> None:
    assert custody.database is not None
    first = custody.database.login.user
    made_by_vault.switches.sealed = True
    sleep(LEASE_S + 0.3)  # the lease is over, but nobody can take it back
    with databases.read.read() as connection:
        assert connection.exec_driver_sql("SELECT session_user").scalar_one() == first

    made_by_vault.switches.sealed = False
    wait_until(lambda: custody.database is not None and custody.database.login.user != first)

    with databases.read.read() as connection:
        assert connection.exec_driver_sql("SELECT session_user").scalar_one() != first


@pytest.mark.parametrize("lease_s", [3_600])
def test_credentials_that_were_revoked_are_replaced_once_the_database_refuses_them(
    made_by_vault: Vault, databases: Databases
) -> None:
    with made_by_vault.lock:
        for lease in list(made_by_vault.leases.held):
            made_by_vault.leases.revoke(lease)

    def gets_in() -> bool:
        try:
            with databases.read.read() as connection:
                return bool(connection.exec_driver_sql("SELECT true").scalar_one())
        except DatabaseUnavailable:
            return False

    wait_until(gets_in)
