"""Backups that do not come to their end: stopped, cancelled, over their time, killed; and the first one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from countersign.aggregates.kept_backup import BackupKind, KeptBackup
from countersign.cli.foundation import Foundation, utc_now
from countersign.commands.backup.complete_backup import CompleteBackup
from countersign.commands.backup.start_backup import StartBackup
from countersign.eventstore.context import Context
from countersign.eventstore.receipt import Receipt
from countersign.projections.work.backups_queries import backup_page
from countersign.workers.backup.giving import give
from countersign.workers.backup.jobs import backup_jobs
from countersign.workers.backup.making import MakeBackup
from countersign.workers.course import Cancelled, Course, Interrupted, TimeLimitReached
from countersign.workers.reactions.tell_of_backup import tell_of_backup
from tests.integration.cli.backups_at_work import at_work, let_something_happen, silent
from tests.integration.cli.installation import Installation


def _status(base: Foundation) -> list[str]:
    return [row.status for row in backup_page(base.databases.read).rows]


class Ending(Course):
    """The watcher ends the work when it first asks."""

    def __init__(self, end: Callable[[Course], None]) -> None:
        super().__init__()
        self._how = end

    def go_on(self) -> None:
        self._how(self)
        super().go_on()


@pytest.mark.parametrize(
    ("end", "raised", "why"),
    [
        (Course.interrupt, Interrupted, "its worker was stopped"),
        (Course.cancel, Cancelled, "an operator cancelled it"),
        (Course.time_out, TimeLimitReached, "not finished after"),
    ],
)
def test_whoever_has_to_end_a_backup_alarms_nobody(
    on_sqlite: Installation,
    tmp_path: Path,
    end: Callable[[Course], None],
    raised: type[Exception],
    why: str,
) -> None:
    with at_work(on_sqlite, tmp_path) as (base, backups, jobs):
        with pytest.raises(raised):
            jobs["backup"](utc_now(), Ending(end))
        (recorded,) = base.log.read(base.log.head() - 1, 1)
        happened = base.store.mapper.happened(recorded)
        assert (happened.topic, tell_of_backup(happened)) == ("backup.broken_off", ())
        assert isinstance(happened.event, KeptBackup.BrokenOff)
        assert why in happened.event.reason
        assert (backups.names(), [*tmp_path.rglob("content")]) == ([], [])


def test_a_backup_has_a_time_limit_of_its_own(on_sqlite: Installation, tmp_path: Path) -> None:
    with at_work(on_sqlite, tmp_path) as (base, backups, _jobs):
        short = backup_jobs(replace(backups, time_limit_s=1e-9), base.log, base.dispatcher, utc_now)
        with pytest.raises(TimeLimitReached):
            short["backup"](utc_now(), Course())
        over = Course(time_limit_s=1e-9)  # that of its queue
        long = backup_jobs(backups, base.log, base.dispatcher, utc_now)
        assert long["backup"](utc_now(), over)["backup"] == backups.names()[-1]


def test_one_whose_maker_was_killed_at_the_very_end_is_adopted(
    on_sqlite: Installation, tmp_path: Path
) -> None:
    with at_work(on_sqlite, tmp_path) as (base, backups, jobs):

        class Killed:
            def dispatch(self, command: Any, context: Context) -> Receipt:
                if isinstance(command, CompleteBackup):
                    raise SystemExit
                return base.dispatcher.dispatch(command, context)

        with pytest.raises(SystemExit):
            MakeBackup(backups, base.log, Killed(), utc_now).full(silent)
        on_sqlite.project()
        assert _status(base) == ["started"]
        let_something_happen(base)
        jobs["log_backup"](utc_now(), Course())
        on_sqlite.project()
        assert _status(base) == ["completed", "completed"]


def test_the_first_backup_is_made_once(on_sqlite: Installation, tmp_path: Path) -> None:
    with at_work(on_sqlite, tmp_path) as (base, backups, jobs):
        assert jobs["log_backup"](utc_now(), Course())["backup"] == "none"
        first = jobs["backup"](utc_now(), Course())
        let_something_happen(base)
        jobs["log_backup"](utc_now(), Course())
        assert [bool(backups.manifest(name).follows) for name in backups.names()] == [False, True]
        assert backups.names()[0] == first["backup"]


def test_where_backups_went_to_another_place_before_a_whole_one_is_made_at_once(
    on_sqlite: Installation, tmp_path: Path
) -> None:
    with at_work(on_sqlite, tmp_path / "one") as (_base, _backups, jobs):
        jobs["backup"](utc_now(), Course())
    on_sqlite.project()
    with at_work(on_sqlite, tmp_path / "other") as (_base, backups, jobs):
        jobs["log_backup"](utc_now(), Course())
        assert backups.manifest(backups.names()[0]).after == 0


def test_one_that_was_never_finished_alarms_nobody_once_another_was_made(
    on_sqlite: Installation, tmp_path: Path
) -> None:
    with at_work(on_sqlite, tmp_path) as (base, _backups, jobs):
        lost = StartBackup(backup_id=uuid4(), name="20261101T000000Z-aaaaaaaa", kind=BackupKind.FULL)
        give(base.dispatcher, lost)
        jobs["backup"](utc_now(), Course())
        on_sqlite.project()
        jobs["backup"](utc_now() + timedelta(days=2), Course())
        on_sqlite.project()
        assert _status(base) == ["completed", "completed", "broken_off"]
