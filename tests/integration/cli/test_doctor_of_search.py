"""What the doctor says of the search, and that it finds out what is missing."""

from __future__ import annotations

import pytest

from countersign.cli.doctor.finding import Verdict
from countersign.cli.doctor.search import search
from countersign.eventstore.databases import Databases
from countersign.eventstore.open_store import create_tables
from countersign.projections.building.schema import create
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.work import periodic_runs, periodic_times
from countersign.workers import schema as work_tables


@pytest.fixture
def set_up(databases: Databases) -> Databases:
    create_tables(databases)
    create(databases.read, PROJECTIONS)
    work_tables.create_tables(databases.read)
    periodic_times.create_tables(databases.read)
    periodic_runs.create_tables(databases.read)
    return databases


def test_where_all_is_there_the_search_is_well(set_up: Databases) -> None:
    (finding,) = search(set_up)
    assert finding.verdict is Verdict.OK, finding


def test_a_lost_index_makes_it_slow_and_is_made_by_a_rebuild(set_up: Databases) -> None:
    lost = f"DROP {'TABLE' if set_up.folder else 'INDEX'} report_search_v1_within"
    with set_up.read.write() as connection:
        connection.exec_driver_sql(lost)
    (finding,) = search(set_up)
    assert finding.verdict is Verdict.WARNING
    assert "rebuild report_search" in finding.remedy


def test_a_missing_extension_makes_it_slow(set_up: Databases) -> None:
    if set_up.folder:
        pytest.skip("SQLite has no extensions to install")
    with set_up.read.write() as connection:
        connection.exec_driver_sql("DROP EXTENSION pg_trgm CASCADE")
    (finding,) = search(set_up)
    assert finding.verdict is Verdict.WARNING
    assert "CREATE EXTENSION pg_trgm" in finding.remedy


def test_where_there_are_no_tables_nothing_is_said(databases: Databases) -> None:
    assert list(search(databases)) == []
