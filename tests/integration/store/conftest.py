from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from countersign.eventstore.databases import Databases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.open_store import create_tables, open_store
from countersign.eventstore.wakeups import Wakeups
from tests.integration.store.diary import Diary
from tests.integration.store.rig import OPTIONS, Rig, rig_on


@pytest.fixture
def rig(databases: Databases, wakeups: Wakeups) -> Rig:
    create_tables(databases)
    log = open_log(databases, wakeups)
    return rig_on(databases, log, open_store(databases, log, [Diary], OPTIONS))


@pytest.fixture
def at_once() -> Callable[..., list[object]]:
    def run(*calls: Callable[[], object]) -> list[object]:
        with ThreadPoolExecutor(len(calls)) as pool:
            return [future.exception() or future.result() for future in [pool.submit(call) for call in calls]]

    return run
