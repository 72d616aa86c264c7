"""Backups in the log: made by the service, ordered by operators, restored by two of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.backup import Backup
from countersign.aggregates.backup_refusals import UnknownBackup
from countersign.aggregates.kept_backup import BackupKind, BackupStatus
from countersign.aggregates.read_model_refusals import SecondPersonRequired
from countersign.aggregates.role import Role
from countersign.commands.backup.approve_restore import ApproveRestore
from countersign.commands.backup.break_off_backup import BreakOffBackup
from countersign.commands.backup.complete_backup import CompleteBackup
from countersign.commands.backup.complete_restore import CompleteRestore
from countersign.commands.backup.fail_backup import FailBackup
from countersign.commands.backup.note_origin import NoteOrigin
from countersign.commands.backup.prune_backup import PruneBackup
from countersign.commands.backup.record_backup_verification import RecordBackupVerification
from countersign.commands.backup.refuse_restore import RefuseRestore
from countersign.commands.backup.release_outward import ReleaseOutward
from countersign.commands.backup.request_restore import RequestRestore
from countersign.commands.backup.start_backup import StartBackup
from countersign.commands.permit import NotPermitted
from tests.unit.commands.people.service import Service, registration

BACKUP = UUID(int=7)
WHY = "somebody voided every report"
START = StartBackup(backup_id=BACKUP, name="20261123T120000Z-12345678", kind=BackupKind.FULL)
COMPLETE = CompleteBackup(
    backup_id=BACKUP, manifest_digest="ab" * 32, position=90, events=90, blobs=4, size_bytes=4_096
)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path)
    yield running
    running.close()


@pytest.fixture
def operators(service: Service) -> tuple[UUID, UUID]:
    administrator, pair = service.bootstrap(), (uuid4(), uuid4())
    for number, operator in enumerate(pair):
        service.give(
            replace(registration(operator, Role.OPERATOR), email=f"op{number}@example.com"), administrator
        )
    return pair


def kept(service: Service) -> Backup:
    found = service.another_store().aggregates.find(Backup, BACKUP)
    assert found is not None
    return found


def test_the_service_makes_proves_and_prunes_it(service: Service) -> None:
    service.give(START)
    service.give(COMPLETE)
    service.give(
        RecordBackupVerification(backup_id=BACKUP, events=90, blobs=4, compared=12, took_s=0.5, faults=())
    )
    assert (kept(service).position, kept(service).proven) == (90, True)
    service.give(PruneBackup(backup_id=BACKUP))
    assert kept(service).status is BackupStatus.PRUNED


def test_the_service_says_why_it_failed(service: Service) -> None:
    service.give(START)
    service.give(FailBackup(backup_id=BACKUP, message="the disk is full"))
    assert kept(service).status is BackupStatus.FAILED


def test_what_was_broken_off_says_why(service: Service) -> None:
    service.give(START)
    service.give(BreakOffBackup(backup_id=BACKUP, reason="its worker was stopped"))
    assert kept(service).status is BackupStatus.BROKEN_OFF


def test_nobody_else_has_one_restored(service: Service) -> None:
    engineer, administrator = uuid4(), service.bootstrap()
    service.give(registration(engineer, Role.ENGINEER), administrator)
    service.give(START)
    service.give(COMPLETE)
    with pytest.raises(NotPermitted):
        service.give(RequestRestore(backup_id=BACKUP, to_position=40, reason=WHY), engineer)


def test_two_operators_have_it_restored(service: Service, operators: tuple[UUID, UUID]) -> None:
    ann, bob = operators
    service.give(START)
    service.give(COMPLETE)
    service.give(RequestRestore(backup_id=BACKUP, to_position=40, reason=WHY), ann)
    with pytest.raises(SecondPersonRequired):
        service.give(ApproveRestore(backup_id=BACKUP, to_position=40, reason=WHY), ann)
    service.give(ApproveRestore(backup_id=BACKUP, to_position=40, reason=WHY), bob)
    service.give(CompleteRestore(backup_id=BACKUP, to_position=40, left_out=50))
    assert kept(service).request is None


def test_one_of_them_may_refuse(service: Service, operators: tuple[UUID, UUID]) -> None:
    service.give(START)
    service.give(COMPLETE)
    service.give(RequestRestore(backup_id=BACKUP, to_position=40, reason=WHY), operators[0])
    service.give(RefuseRestore(backup_id=BACKUP, reason="we lose less by hand"), operators[1])
    assert kept(service).request is None


def test_there_is_nothing_to_restore_of_an_unknown_one(
    service: Service, operators: tuple[UUID, UUID]
) -> None:
    with pytest.raises(UnknownBackup):
        service.give(RequestRestore(backup_id=BACKUP, to_position=40, reason=WHY), operators[0])


@pytest.mark.parametrize("begun", [True, False])
def test_a_copy_notes_where_it_comes_from(service: Service, *, begun: bool) -> None:
    if begun:
        service.give(START)
    service.give(NoteOrigin(backup_id=BACKUP, name=START.name, kind=BackupKind.FULL, after=0, to_position=40))
    assert kept(service).version == 2


def test_what_leaves_a_restored_service_is_held_until_somebody_releases_it(
    service: Service, operators: tuple[UUID, UUID]
) -> None:
    service.give(NoteOrigin(backup_id=BACKUP, name=START.name, kind=BackupKind.FULL, after=0, to_position=40))
    assert kept(service).holds_outward
    service.give(ReleaseOutward(backup_id=BACKUP, reason=WHY), operators[0])
    assert kept(service).holds_outward is False


def test_the_host_releases_it_while_nobody_operates(service: Service) -> None:
    service.give(NoteOrigin(backup_id=BACKUP, name=START.name, kind=BackupKind.FULL, after=0, to_position=40))
    service.give(ReleaseOutward(backup_id=BACKUP, reason=WHY))
    assert kept(service).holds_outward is False
