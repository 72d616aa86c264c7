"""A backup holds the log, what it names and whose keys it needs; a restore gives all of it back."""

from __future__ import annotations

import threading
from pathlib import Path
from uuid import UUID

import pytest

from countersign.aggregates.root import Erased
from countersign.eventstore.backup.making import log_digest
from countersign.eventstore.backup.manifest import finished, read_manifest
from countersign.eventstore.backup.people_keys import register_of
from countersign.eventstore.backup.refusals import BackupDamaged, PlaceNotEmpty
from countersign.eventstore.backup.restoring import Place, restore_backup
from countersign.eventstore.backup.soundness import faults_of_contents, faults_of_log
from countersign.eventstore.databases import Databases
from countersign.eventstore.erasures import erase
from countersign.eventstore.open_store import open_blobs
from tests.integration.backup.kit import (
    KEY,
    back_up,
    empty_place,
    filled,
    restore,
    rig_in,
    target_in,
    unheard,
    whole,
)
from tests.integration.store.diary import Diary, WriteLine
from tests.integration.store.rig import Rig


def test_what_is_restored_is_what_was_backed_up(rig: Rig, elsewhere: Databases, tmp_path: Path) -> None:
    filled(rig)
    target = target_in(tmp_path)
    manifest = back_up(rig, target)
    restore(target, manifest, elsewhere)
    again = rig_in(elsewhere)
    assert whole(again.log) == whole(rig.log)
    assert again.log.receipt(UUID(int=0), "none") is None
    assert list(faults_of_log(elsewhere.log)) == list(faults_of_contents(open_blobs(elsewhere))) == []
    first = again.diary(rig.log.read(0, 1)[0].stream)
    assert first.keeper == "Ann"
    assert again.store.blobs.get(first.lines[-1].removeprefix("see ")) == b"a document " * 1000
    assert (manifest.events, manifest.blobs, manifest.subject_keys) == (33, 2, 2)


def test_a_command_that_is_repeated_after_a_restore_happens_once(
    rig: Rig, elsewhere: Databases, tmp_path: Path
) -> None:
    filled(rig)
    stream, line = rig.log.read(0, 1)[0].stream, "line 0"
    manifest = back_up(rig, target_in(tmp_path))
    restore(target_in(tmp_path), manifest, elsewhere)
    again = rig_in(elsewhere)
    again.give(WriteLine(diary_id=stream, line=line), key="key-0")
    assert again.log.head() == manifest.position


def test_a_backup_that_is_made_under_load_ends_at_the_position_of_its_manifest(
    rig: Rig, elsewhere: Databases, tmp_path: Path
) -> None:
    filled(rig)
    stop, stream = threading.Event(), rig.log.read(0, 1)[0].stream

    def write_on() -> None:
        while not stop.is_set():
            rig.give(WriteLine(diary_id=stream, line="meanwhile"))

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        manifest = back_up(rig, target_in(tmp_path))
    finally:
        stop.set()
        writer.join()
    restore(target_in(tmp_path), manifest, elsewhere)
    assert whole(rig_in(elsewhere).log) == whole(rig.log)[: manifest.position]
    assert log_digest(rig.log, 0, manifest.position) == manifest.log_digest


def test_a_log_goes_from_one_kind_of_database_to_the_other(
    postgres_url: str, sqlite_url: str, tmp_path: Path
) -> None:
    with empty_place(sqlite_url) as small, empty_place(postgres_url) as large:
        rig = rig_in(small)
        filled(rig)
        restore(target_in(tmp_path), back_up(rig, target_in(tmp_path)), large)
        moved = rig_in(large)
        assert whole(moved.log) == whole(rig.log)
        assert moved.diary(rig.log.read(0, 1)[0].stream).keeper == "Ann"


def test_a_restore_up_to_a_position_leaves_out_what_came_later(
    rig: Rig, elsewhere: Databases, tmp_path: Path
) -> None:
    filled(rig)
    restore(target_in(tmp_path), back_up(rig, target_in(tmp_path)), elsewhere, position=17)
    again = rig_in(elsewhere)
    assert whole(again.log) == whole(rig.log)[:17]
    stream = rig.log.read(0, 1)[0].stream
    again.give(WriteLine(diary_id=stream, line="anew"), key="key-29")  # its first use was left out
    assert again.log.head() == 18


def test_a_backup_continues_another_one(rig: Rig, elsewhere: Databases, tmp_path: Path) -> None:
    filled(rig)
    target = target_in(tmp_path)
    base = back_up(rig, target)
    rig.give(WriteLine(diary_id=rig.log.read(0, 1)[0].stream, line="later"))
    later = back_up(rig, target, after=base)
    assert (later.events, later.after) == (1, base.position)
    with pytest.raises(PlaceNotEmpty, match="ends at 0, and this continues"):
        restore(target, later, elsewhere)
    restore(target, base, elsewhere)
    restore(target, later, elsewhere)
    assert whole(rig_in(elsewhere).log) == whole(rig.log)
    assert [read_manifest(target, KEY, name) for name in finished(target)] == sorted(
        [base, later], key=lambda each: each.name
    )


def test_of_a_chain_with_a_damaged_part_nothing_comes_back_and_the_rest_can_be_had(
    rig: Rig, elsewhere: Databases, tmp_path: Path
) -> None:
    target, place = target_in(tmp_path), Place(databases=elsewhere, kept=())
    filled(rig)
    first = back_up(rig, target)
    rig.begin("Later")
    second = back_up(rig, target, after=first)
    (content,) = tmp_path.rglob(f"{second.name}/content")
    content.write_bytes(content.read_bytes()[:-1])
    with pytest.raises(BackupDamaged):
        restore_backup(target, KEY, [first, second], place, unheard)
    assert restore_backup(target, KEY, [first], place, unheard) == first.position


def test_a_restore_never_overwrites(rig: Rig, tmp_path: Path) -> None:
    filled(rig)
    manifest = back_up(rig, target_in(tmp_path))
    with pytest.raises(PlaceNotEmpty, match="never overwrites"):
        restore(target_in(tmp_path), manifest, rig.databases)
    assert rig.log.head() == manifest.position


def test_whoever_was_erased_before_the_backup_stays_erased(
    rig: Rig, elsewhere: Databases, tmp_path: Path
) -> None:
    filled(rig)
    ann = rig.log.read(0, 1)[0].stream
    erase(rig.databases.keys, [ann])
    restore(target_in(tmp_path), back_up(rig, target_in(tmp_path)), elsewhere)
    assert rig_in(elsewhere).diary(ann).keeper == Erased(ann)


def test_whoever_was_erased_since_the_backup_does_not_come_back(
    rig: Rig, elsewhere: Databases, tmp_path: Path
) -> None:
    filled(rig)
    ann, bob = (event.stream for event in rig.log.read(0, 2))
    target = target_in(tmp_path)
    before = back_up(rig, target)
    erase(rig.databases.keys, [ann])
    after = back_up(rig, target)
    gone = register_of(target, KEY, after.name)
    restore(target, before, elsewhere, erased_since=gone)
    again = rig_in(elsewhere)
    assert again.diary(ann).keeper == Erased(ann)
    assert again.diary(bob).keeper == "Bob"
    assert again.store.aggregates.find(Diary, bob) is not None
