from __future__ import annotations

from collections.abc import Iterator

import pytest

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.log import Log
from countersign.eventstore.open_log import open_log
from countersign.eventstore.wakeups import NoWakeups


@pytest.fixture
def databases(every_database_url: str) -> Iterator[Databases]:
    databases = Databases(DatabaseOptions(url=every_database_url, lock_timeout_ms=500))
    yield databases
    databases.close()


@pytest.fixture
def log(databases: Databases) -> Log:
    return open_log(databases, NoWakeups("nobody listens"))
