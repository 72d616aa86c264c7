"""What `countersign work` does about backups by itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from msgspec.structs import replace as replace_manifest
from sqlalchemy import select, update

from countersign.aggregates.rendering import FailureClass
from countersign.cli.foundation import Foundation, utc_now
from countersign.eventstore.backup.manifest import KEYS, write_manifest
from countersign.eventstore.backup.sealing import CHUNK_BYTES, SealingSink
from countersign.eventstore.erasures import erase, erased
from countersign.eventstore.subject_keys import subject_keys
from countersign.projections.work.backups_queries import backup_page
from countersign.projections.work.outward_hold import OutwardHold, hold_outward, let_outward_go
from countersign.workers import reaction_checkpoints
from countersign.workers.backup.erased_later import RegisterUnreadable
from countersign.workers.backup.jobs import backup_jobs
from countersign.workers.backup.restoring import restore
from countersign.workers.backup.scratch import scratch_databases
from countersign.workers.course import Course
from countersign.workers.failure import EffectFailed
from countersign.workers.maintenance.duty import Job
from countersign.workers.reactions.tell_of_backup import tell_of_backup
from tests.integration.cli.backups_at_work import at_work, let_something_happen, silent
from tests.integration.cli.installation import Installation


def test_backups_continue_one_another_and_go_back_as_one(on_sqlite: Installation, tmp_path: Path) -> None:
    with at_work(on_sqlite, tmp_path) as (base, backups, jobs):
        with base.databases.read.write() as connection:
            reaction_checkpoints.begin(connection, ["maintain"], 0)
            connection.execute(update(reaction_checkpoints.checkpoints).values(position=9))
        jobs["backup"](utc_now(), Course())
        let_something_happen(base)
        first = jobs["log_backup"](utc_now(), Course())
        let_something_happen(base)
        second = jobs["log_backup"](utc_now(), Course())
        assert (int(first["events"]), int(second["events"])) == (3, 3)  # also one completed, and one begun
        newest = backups.newest()
        assert newest is not None
        with scratch_databases() as copy:
            assert restore(backups, newest, copy, silent) == newest.position
            with copy.read.read() as connection:
                kept = select(reaction_checkpoints.checkpoints.c.position)
                assert connection.execute(kept).scalars().all() == [9]
        with scratch_databases() as copy:
            assert restore(backups, newest, copy, silent, position=5) == 5
            with copy.read.read() as connection:
                assert connection.execute(kept).scalars().all() == [5]


def test_no_backup_is_made_for_the_sake_of_the_last_one(on_sqlite: Installation, tmp_path: Path) -> None:
    with at_work(on_sqlite, tmp_path) as (base, _backups, jobs):
        made = jobs["backup"](utc_now(), Course())
        head = base.log.head()
        for _ in range(2):
            said = jobs["log_backup"](utc_now(), Course())
            assert said == {"backup": "none", "nothing_since": made["backup"]}
        assert base.log.head() == head
        let_something_happen(base)
        assert jobs["log_backup"](utc_now(), Course())["backup"] != "none"


def test_a_verification_says_what_it_found(on_sqlite: Installation, tmp_path: Path) -> None:
    with at_work(on_sqlite, tmp_path) as (base, _backups, jobs):
        assert jobs["backup_verification"](utc_now(), Course()) == {"backup": "none"}
        made = jobs["backup"](utc_now(), Course())
        on_sqlite.project()
        assert jobs["backup_verification"](utc_now(), Course())["faults"] == "none"
        content = tmp_path / made["backup"] / "content"
        content.write_bytes(content.read_bytes()[:-1])
        found = jobs["backup_verification"](utc_now(), Course())
        assert "is damaged: it ends too early" in found["faults"]
        happened = base.store.mapper.happened(base.log.read(base.log.head() - 1, 1)[0])
        (wanted,) = tell_of_backup(happened)
        assert (wanted.payload["step"], "ends too early" in wanted.payload["reason"]) == (
            "verification",
            True,
        )


def test_a_target_that_is_away_is_tried_again_and_told(on_sqlite: Installation, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with at_work(on_sqlite, tmp_path / "file") as (base, _backups, jobs):
        with pytest.raises(EffectFailed, match="Not a directory") as failure:
            jobs["backup"](utc_now(), Course())
        assert failure.value.failure_class is FailureClass.TRANSIENT
        happened = base.store.mapper.happened(base.log.read(base.log.head() - 1, 1)[0])
        assert happened.topic == "backup.failed"
        assert tell_of_backup(happened)[0].payload["step"] == "making"


def test_what_was_never_finished_is_swept_and_noted(on_sqlite: Installation, tmp_path: Path) -> None:
    with at_work(on_sqlite, tmp_path) as (base, _backups, jobs):
        made = jobs["backup"](utc_now(), Course())
        (tmp_path / made["backup"] / "manifest").unlink()
        left = tmp_path / "20261101T000000Z-aaaaaaaa" / ".unfinished-content-x"
        left.parent.mkdir()
        left.write_bytes(b"x" * CHUNK_BYTES)
        jobs["backup"](utc_now() + timedelta(days=2), Course())
        assert [path.name for path in tmp_path.iterdir() if path.name == made["backup"]] == []
        assert not left.exists()
        on_sqlite.project()
        assert {row.status for row in backup_page(base.databases.read).rows} == {"completed"}


def test_a_copy_throws_nothing_away_before_it_is_released(on_sqlite: Installation, tmp_path: Path) -> None:
    with at_work(on_sqlite, tmp_path) as (base, _backups, jobs):
        left = tmp_path / "20261101T000000Z-aaaaaaaa" / ".unfinished-content-x"
        left.parent.mkdir()
        left.write_bytes(b"x" * CHUNK_BYTES)
        held = OutwardHold(
            backup_id=UUID(int=7), name="x", kind="full", after=0, position=1, held_at=utc_now()
        )
        hold_outward(base.databases.read, held)
        in_two_days = utc_now() + timedelta(days=2)
        assert jobs["backup"](in_two_days, Course())["pruned"] == "none while mail and webhooks are held"
        assert left.exists()
        let_outward_go(base.databases.read, held.backup_id)
        assert jobs["backup"](in_two_days, Course())["pruned"] == "0"
        assert not left.exists()


def test_what_others_keep_in_the_same_folder_is_left_alone(on_sqlite: Installation, tmp_path: Path) -> None:
    theirs = tmp_path / "photographs" / "manifest"
    theirs.parent.mkdir()
    theirs.write_bytes(b"not ours")
    with at_work(on_sqlite, tmp_path) as (_base, backups, jobs):
        made = jobs["backup"](utc_now() + timedelta(days=2), Course())
        assert backups.names() == [made["backup"]]
    assert theirs.read_bytes() == b"not ours"


def test_a_backup_of_another_past_is_not_continued(on_sqlite: Installation, tmp_path: Path) -> None:
    with at_work(on_sqlite, tmp_path) as (base, backups, jobs):
        jobs["backup"](utc_now(), Course())
        first = backups.newest()
        assert first is not None
        ahead = replace_manifest(first, name="20991231T235959Z-aaaaaaaa", position=first.position + 1)
        write_manifest(backups.target, backups.key, ahead)
        elsewhere = replace_manifest(ahead, name="20991231T235959Z-bbbbbbbb", position=first.position - 1)
        write_manifest(backups.target, backups.key, elsewhere)
        write_manifest(backups.target, b"k" * 32, replace_manifest(first, name="20991231T235959Z-cccccccc"))
        let_something_happen(base)
        jobs["log_backup"](utc_now(), Course())
        made = next(name for name in reversed(backups.names()) if not name.startswith("2099"))
        assert (backups.manifest(made).follows, backups.manifest(made).after) == (first.name, first.position)
        assert base.log.head() > backups.manifest(made).position


def test_backups_of_another_installation_do_not_keep_one_from_being_restored(
    on_sqlite: Installation, tmp_path: Path
) -> None:
    with at_work(on_sqlite, tmp_path) as (_base, backups, jobs):
        jobs["backup"](utc_now(), Course())
        ours = backups.newest()
        assert ours is not None
        theirs = "20991231T235959Z-aaaaaaaa"
        write_manifest(backups.target, b"k" * 32, replace_manifest(ours, name=theirs))
        with backups.target.writing(f"{theirs}/{KEYS}") as sink:
            SealingSink(sink, b"k" * 32, theirs, KEYS).close()
        with scratch_databases() as copy:
            assert restore(backups, ours, copy, silent) == ours.position


def test_without_a_target_the_work_says_so() -> None:
    with pytest.raises(EffectFailed, match=r"no backup\.target"):
        _nowhere()["backup"](utc_now(), Course())


def _nowhere() -> Mapping[str, Job]:
    return backup_jobs(None, _Unused(), _Unused(), utc_now)  # type: ignore[arg-type]


class _Unused:
    """Nothing is asked of it."""


def _damage(target: Path, name: str) -> None:
    keys = target / name / "keys"
    keys.write_bytes(keys.read_bytes()[:-1])


def test_a_damaged_register_is_made_up_for_by_a_later_one(on_sqlite: Installation, tmp_path: Path) -> None:
    with at_work(on_sqlite, tmp_path) as (base, backups, jobs):
        first, second = (jobs["backup"](utc_now(), Course())["backup"] for _ in "12")
        gone = next(iter(_subjects(base)))
        erase(base.databases.keys, [gone])
        jobs["backup"](utc_now(), Course())
        _damage(tmp_path, second)
        with scratch_databases() as copy:
            restore(backups, backups.manifest(first), copy, silent)
            assert gone in erased(copy.keys)


def test_where_the_newest_register_is_damaged_an_operator_decides(
    on_sqlite: Installation, tmp_path: Path
) -> None:
    with at_work(on_sqlite, tmp_path) as (_base, backups, jobs):
        first, second = (jobs["backup"](utc_now(), Course())["backup"] for _ in "12")
        _damage(tmp_path, second)
        ours = backups.manifest(first)
        with scratch_databases() as copy:
            with pytest.raises(RegisterUnreadable, match=f"--without-register-of {second}"):
                restore(backups, ours, copy, silent)
            assert restore(backups, ours, copy, silent, without_registers=[second]) == ours.position
        with scratch_databases() as copy:  # the register of the living service has all of it
            assert restore(backups, ours, copy, silent, erased_since=()) == ours.position


def _subjects(base: Foundation) -> set[UUID]:
    with base.databases.keys.read() as connection:
        return set(connection.execute(select(subject_keys.c.subject)).scalars())
