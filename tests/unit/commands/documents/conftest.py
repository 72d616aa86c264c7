"""An office with its people, and one report in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_wakeups import open_wakeups
from tests.furniture import Furnish, stored
from tests.unit.commands.documents.office import Course, Office


@pytest.fixture(scope="session")
def furnish() -> Furnish:
    return stored


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    databases = Databases(DatabaseOptions(url=sqlite_url))
    wakeups = open_wakeups(databases)
    yield Office(databases, open_log(databases, wakeups))
    wakeups.close()
    databases.close()


@pytest.fixture
def course(office: Office) -> Course:
    """A report that is not there yet."""
    return Course(office)
