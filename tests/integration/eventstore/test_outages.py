"""What a caller gets while the log cannot be had, and what becomes of a commit whose answer is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from time import monotonic, sleep
from uuid import uuid4

import psycopg2
import pytest
from sqlalchemy import make_url, text

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.log import Appended, Log, LogUnavailable, Repeated
from countersign.eventstore.open_log import open_log
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.eventstore.ping import RESTED_S
from countersign.eventstore.wakeups import NoWakeups
from tests.integration.eventstore.cut import CutAfter
from tests.integration.eventstore.held_up import held_up
from tests.integration.eventstore.samples import command, events, new_key


def test_a_stuck_writer_costs_others_a_refusal_in_time_and_not_a_hang(databases: Databases, log: Log) -> None:
    other = Databases(databases.options)
    with held_up(other):
        started = monotonic()
        with pytest.raises(LogUnavailable) as refusal:
            log.append(events(uuid4(), 1, 1))
        assert monotonic() - started < 3
    assert refusal.value.retry_after_s > 0
    assert not refusal.value.in_doubt
    other.close()
    assert isinstance(log.append(events(uuid4(), 1, 1)), Appended)
    assert log.head() == 1


def test_everybody_who_waited_behind_a_stuck_writer_is_refused(databases: Databases, log: Log) -> None:
    other = Databases(databases.options)
    with held_up(other), ThreadPoolExecutor(6) as pool:
        refusals = [pool.submit(log.append, events(uuid4(), 1, 1)).exception for _ in range(6)]
        assert all(isinstance(refusal(timeout=10), LogUnavailable) for refusal in refusals)
    other.close()
    assert log.head() == 0


def test_readers_are_not_held_up_by_a_stuck_writer(databases: Databases, log: Log) -> None:
    log.append(events(uuid4(), 1, 2))
    other = Databases(databases.options)
    with held_up(other):
        assert len(log.read(0, 10)) == 2
    other.close()


@pytest.mark.postgres
def test_a_statement_that_takes_too_long_is_an_outage(postgres_url: str) -> None:
    databases = Databases(DatabaseOptions(url=postgres_url, statement_timeout_ms=100))
    with pytest.raises(DatabaseUnavailable), databases.read.read() as connection:
        connection.execute(text("SELECT pg_sleep(5)"))
    databases.close()


@pytest.mark.postgres
def test_a_transaction_that_idles_too_long_is_ended(postgres_url: str) -> None:
    databases = Databases(DatabaseOptions(url=postgres_url, idle_transaction_timeout_ms=100))
    with pytest.raises(DatabaseUnavailable), databases.read.read() as connection:  # noqa: PT012
        connection.execute(text("SELECT 1"))
        with psycopg2.connect(postgres_url) as patient:
            patient.cursor().execute("SELECT pg_sleep(0.5)")
        patient.close()
        connection.execute(text("SELECT 1"))
    databases.close()


@pytest.mark.postgres
def test_a_database_that_is_not_there_is_an_outage() -> None:
    nowhere = Databases(DatabaseOptions(url="postgresql://nobody@127.0.0.1:9/nothing", timeout_s=2))
    log = open_log(nowhere, NoWakeups("nobody listens"))
    with pytest.raises(LogUnavailable) as refusal:
        log.append(events(uuid4(), 1, 1))
    assert not refusal.value.in_doubt
    with pytest.raises(LogUnavailable):
        log.head()


@pytest.mark.postgres
def test_rested_connections_that_the_server_has_ended_are_replaced(postgres_url: str) -> None:
    databases = Databases(DatabaseOptions(url=postgres_url))
    log = open_log(databases, NoWakeups("nobody listens"))
    log.append(events(uuid4(), 1, 1))
    log.head()
    _end_all_others(postgres_url)
    sleep(RESTED_S)
    assert isinstance(log.append(events(uuid4(), 1, 1)), Appended)
    assert log.head() == 2
    databases.close()


@pytest.mark.postgres
def test_a_connection_in_use_that_the_server_ends_costs_one_caller_another_try(postgres_url: str) -> None:
    databases = Databases(DatabaseOptions(url=postgres_url))
    log = open_log(databases, NoWakeups("nobody listens"))
    log.head()
    _end_all_others(postgres_url)
    with pytest.raises(LogUnavailable):
        log.head()
    assert log.head() == 0
    databases.close()


@pytest.mark.postgres
@pytest.mark.parametrize("told_bytes", [0, 100], ids=["before", "within"])
def test_a_connection_that_breaks_while_a_page_is_read_is_an_outage(
    postgres_url: str, told_bytes: int
) -> None:
    with CutAfter(postgres_url, b"COPY (", heard=True, told_bytes=told_bytes) as cut:
        databases = Databases(DatabaseOptions(url=cut.url))
        log = open_log(databases, NoWakeups("nobody listens"))
        log.append(events(uuid4(), 1, 1))
        cut.next_time()
        with pytest.raises(LogUnavailable):
            log.read(0, 10)
        assert len(log.read(0, 10)) == 1
        databases.close()


@pytest.mark.postgres
@pytest.mark.parametrize("heard", [True, False], ids=["committed", "never arrived"])
def test_a_commit_whose_answer_is_lost_is_found_out(postgres_url: str, heard: bool) -> None:
    with CutAfter(postgres_url, b"log.append", heard=heard) as cut:
        databases = Databases(DatabaseOptions(url=cut.url))
        log = open_log(databases, NoWakeups("nobody listens"))
        stream, key = uuid4(), new_key()
        log.append(events(stream, 1, 1))
        cut.next_time()
        outcome = log.append(events(stream, 2, 3))
        assert outcome == Appended(3, log.stream(stream, 2)[0].recorded_at)
        cut.next_time()
        keyed = log.append(command(key, b"receipt"))
        assert isinstance(keyed, Repeated if heard else Appended)
        assert keyed.position == log.head() == 4
        assert log.append(replace(command(key), receipt=b"")) == Repeated(4, b"receipt")
        assert cut.cuts == 2
        databases.close()


@pytest.mark.postgres
def test_an_answer_that_cannot_be_had_again_is_in_doubt(postgres_url: str) -> None:
    with CutAfter(postgres_url, b"log.append", heard=True) as cut:
        databases = Databases(DatabaseOptions(url=cut.url, timeout_s=0.5))
        log = open_log(databases, NoWakeups("nobody listens"))
        log.append(events(uuid4(), 1, 1))
        cut.for_good()
        with pytest.raises(LogUnavailable) as refusal:
            log.append(events(uuid4(), 1, 1))
        assert refusal.value.in_doubt
        databases.close()


def _end_all_others(url: str) -> None:
    with psycopg2.connect(url) as connection:
        connection.cursor().execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> pg_backend_pid()",
            (make_url(url).database,),
        )
    connection.close()
