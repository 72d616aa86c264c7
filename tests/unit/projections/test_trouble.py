"""What passes by itself, what an operator has to mend, and what an event is to blame for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import psycopg2.errors as postgres
import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Uuid, create_engine, exc, insert, text

from countersign.eventstore.log import LogUnavailable
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.projections.following.trouble import Trouble, trouble_of


class Refused(Exception):
    """As the driver of PostgreSQL tells it: the class says little, the code all."""

    def __init__(self, pgcode: str) -> None:
        super().__init__("refused")
        self.pgcode = pgcode


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE counted (n INTEGER PRIMARY KEY, id TEXT)"))
        yield connection
    engine.dispose()


COUNTED = Table("counted", MetaData(), Column("n", Integer, primary_key=True), Column("id", Uuid))


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        ("22P02", Trouble.EVENT),  # text that is no number
        ("23502", Trouble.EVENT),  # null where there must be something
        ("54000", Trouble.EVENT),  # too long for an index: an OperationalError, as an outage is
        ("42P01", Trouble.STRUCTURE),  # no such table
        ("42501", Trouble.STRUCTURE),  # no privilege
        ("25006", Trouble.OUTAGE),  # a standby
        ("53100", Trouble.OUTAGE),  # disk full
        ("57P01", Trouble.OUTAGE),  # the server is going down
        ("40P01", Trouble.OUTAGE),  # deadlock
    ],
)
def test_postgresql_tells_by_its_code(code: str, trouble: Trouble) -> None:
    error = exc.DBAPIError.instance("INSERT", None, Refused(code), Exception)
    assert isinstance(error, Exception)
    assert trouble_of(error) is trouble


def test_the_class_of_the_driver_does_not_decide() -> None:
    assert issubclass(postgres.ProgramLimitExceeded, postgres.OperationalError)
    assert issubclass(postgres.UndefinedTable, postgres.ProgrammingError)


@pytest.mark.parametrize(
    ("statement", "trouble"),
    [
        ("INSERT INTO missing VALUES (1)", Trouble.STRUCTURE),
        ("INSERT INTO counted (missing) VALUES (1)", Trouble.STRUCTURE),
        ("INSERT INTO counted (n) VALUES (1), (1)", Trouble.EVENT),
        ("INSERT INTO counted (n) VALUES ('one')", Trouble.EVENT),
    ],
)
def test_sqlite_tells_by_its_code(connection: Connection, statement: str, trouble: Trouble) -> None:
    with pytest.raises(exc.DBAPIError) as refused:
        connection.execute(text(statement))
    assert trouble_of(refused.value) is trouble


def test_a_value_that_no_column_takes_is_the_events_fault(connection: Connection) -> None:
    unfit: list[dict[str, Any]] = [{"n": 1, "id": "no id"}, {"n": 2**70}, {"n": {}}]
    for values in unfit:
        with pytest.raises(Exception) as refused:  # noqa: PT011 - each driver and type has its own
            connection.execute(insert(COUNTED), values)
        assert trouble_of(refused.value) is Trouble.EVENT


def test_what_the_projector_raises_is_the_events_fault() -> None:
    for error in (ValueError("no"), KeyError("no"), RecursionError()):
        assert trouble_of(error) is Trouble.EVENT


def test_what_is_away_passes() -> None:
    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorcode = sqlite3.SQLITE_BUSY
    errors: tuple[Exception, ...] = (
        DatabaseUnavailable("away"),
        LogUnavailable("away"),
        exc.TimeoutError("no connection"),
        exc.DBAPIError.instance("SELECT", None, locked, sqlite3.Error),
        MemoryError(),
    )
    assert {trouble_of(error) for error in errors} == {Trouble.OUTAGE}
