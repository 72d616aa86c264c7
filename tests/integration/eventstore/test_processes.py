"""Several processes over one log: forked ones, ones that are killed, and ones that start together."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import sleep
from uuid import uuid4

import psycopg2
import pytest

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.log import Appended, Log
from countersign.eventstore.open_log import open_log
from countersign.eventstore.wakeups import NoWakeups
from tests.integration.eventstore.samples import events

CREATE = """
import sys
from countersign.eventstore.databases import DatabaseOptions, Databases
Databases(DatabaseOptions(url=sys.argv[1])).create()
"""


def test_a_forked_child_gets_its_own_connections_and_locks(every_database_url: str, log: Log) -> None:
    wrong, _ = program("tests.integration.eventstore.forking", every_database_url).communicate(timeout=60)
    assert wrong.strip() == "0"
    assert log.head() == 2 * 25 * (1 + 4 + 1 + 1)


@pytest.mark.parametrize("threads", [1, 4])
def test_what_was_acknowledged_survives_a_kill(every_database_url: str, log: Log, threads: int) -> None:
    acknowledged: list[str] = []
    for _ in range(3):
        writer = program("tests.integration.eventstore.writing", every_database_url, str(threads))
        assert writer.stdout is not None
        acknowledged.append(writer.stdout.readline())
        sleep(0.2)
        writer.kill()
        lines = writer.communicate(timeout=10)[0].splitlines(keepends=True)
        acknowledged += [line for line in lines if line.endswith("\n")]
    assert len(acknowledged) > 3
    recorded = log.read(0, 1_000_000)
    assert [each.position for each in recorded] == list(range(1, len(recorded) + 1))
    positions = {(str(each.stream), each.version): each.position for each in recorded}
    for line in acknowledged:
        stream, version, position = line.split()
        assert positions[stream, int(version)] == int(position)
    assert isinstance(log.append(events(uuid4(), 1, 1)), Appended)


def test_several_processes_may_create_the_databases_at_once(empty_url: str) -> None:
    creating = [
        subprocess.Popen([sys.executable, "-c", CREATE, empty_url], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    complaints = [each.communicate(timeout=60)[1] for each in creating]
    assert complaints == [""] * 4
    databases = Databases(DatabaseOptions(url=empty_url))
    assert open_log(databases, NoWakeups("nobody listens")).head() == 0
    databases.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'not' / 'yet'}"
    url: str = request.getfixturevalue("postgres_url")
    with psycopg2.connect(url) as connection:
        connection.cursor().execute("DROP SCHEMA log, read CASCADE; DROP SCHEMA keys CASCADE")
    connection.close()
    return url


def program(module: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )
