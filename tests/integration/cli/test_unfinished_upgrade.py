"""A database whose tables are those of an older version is told as that, not as a mistake of the program."""

from __future__ import annotations

import pytest

from countersign.cli.foundation import open_databases
from countersign.cli.invocation import UsageError
from countersign.cli.tables import require_tables_to_begin
from tests.integration.cli.installation import Installation


def test_nobody_begins_to_work_where_a_table_is_missing(installation: Installation) -> None:
    with installation.opened() as base:
        require_tables_to_begin(base.databases)
        with base.databases.read.write() as connection:
            connection.exec_driver_sql("DROP TABLE periodic_runs")
        with pytest.raises(UsageError, match=r"no read\.periodic_runs\): run `countersign init`"):
            require_tables_to_begin(base.databases)


def test_a_database_that_is_away_keeps_nobody_from_beginning(
    nothing: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    away = Installation(
        nothing.folder, "postgresql://one@127.0.0.1:1/countersign", nothing.capsys, nothing.monkeypatch
    )
    databases = open_databases(away.settings, None)
    try:
        require_tables_to_begin(databases)
    finally:
        databases.close()
    assert "not known whether the tables are there" in caplog.text


def test_a_verb_that_meets_other_columns_names_what_to_run(installation: Installation) -> None:
    with installation.opened() as base, base.databases.read.write() as connection:
        connection.exec_driver_sql("DROP VIEW schedules")
        connection.exec_driver_sql("CREATE VIEW schedules AS SELECT schedule_id FROM schedules_v2")
    said = installation.run("schedules", "list")
    assert said.status == 1
    assert said.err.startswith("The tables are those of another version: run `countersign init`, then ")
