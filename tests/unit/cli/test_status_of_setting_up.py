"""What status says where tables are missing."""

from __future__ import annotations

from datetime import UTC, datetime

from countersign.cli.status.advice import problems
from countersign.cli.status.standing import Standing

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def said(*missing: str) -> list[str]:
    return [problem.what for problem in problems(Standing(at=NOW, missing=missing, roles={}))]


def test_where_there_is_no_log_nothing_is_set_up() -> None:
    assert said("log.events", "log.command_keys", "read.leases", "read.effects") == [
        "Nothing is set up here: no log.events, log.command_keys, read.leases and others."
    ]


def test_after_an_upgrade_what_the_new_version_needs_is_named() -> None:
    assert said("read.outward_holds", "read.periodic_runs") == [
        "This is not set up for this version: no read.outward_holds, read.periodic_runs."
    ]
