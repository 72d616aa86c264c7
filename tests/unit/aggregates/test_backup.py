"""The life of a backup, and two people's consent before one is restored."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.backup import Backup
from countersign.aggregates.backup_refusals import (
    BackupNotThere,
    BackupOver,
    InvalidPosition,
    NoRestoreRequested,
    NothingHeld,
    OtherRestoreRequested,
    RestoreAlreadyRequested,
    RestoreNotApproved,
)
from countersign.aggregates.kept_backup import BackupKind, BackupStatus
from countersign.aggregates.read_model_refusals import ReasonRequired, SecondPersonRequired

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WHY = "somebody voided every report"
ANN, BOB = UUID(int=1), UUID(int=2)


@pytest.fixture
def begun() -> Backup:
    return Backup.start(NOW, uuid4(), "20261123T120000Z-12345678", BackupKind.FULL, 0)


@pytest.fixture
def whole(begun: Backup) -> Backup:
    begun.complete(NOW, "ab" * 32, position=90, events=90, blobs=4, size_bytes=4_096)
    return begun


@pytest.fixture
def wanted(whole: Backup) -> Backup:
    whole.request_restore(NOW, 40, ANN, WHY)
    return whole


def test_it_is_under_way_until_it_is_whole(begun: Backup) -> None:
    assert (begun.status, begun.position) == (BackupStatus.STARTED, 0)
    begun.complete(NOW, "ab" * 32, position=90, events=90, blobs=4, size_bytes=4_096)
    assert (begun.status, begun.position, begun.proven) == (BackupStatus.COMPLETED, 90, None)


def test_what_is_whole_neither_fails_nor_is_completed_again(whole: Backup) -> None:
    with pytest.raises(BackupOver, match="is completed already"):
        whole.fail(NOW, "too late")
    with pytest.raises(BackupOver):
        whole.complete(NOW, "cd" * 32, position=91, events=91, blobs=4, size_bytes=4_096)


def test_of_the_same_manifest_it_is_noted_once(whole: Backup) -> None:
    whole.complete(NOW, "ab" * 32, position=90, events=90, blobs=4, size_bytes=4_096)
    assert whole.version == 2


def test_what_was_broken_off_is_over(begun: Backup) -> None:
    begun.break_off(NOW, "its worker was stopped")
    assert begun.status is BackupStatus.BROKEN_OFF
    with pytest.raises(BackupOver, match="is broken_off already"):
        begun.break_off(NOW, "again")


def test_one_that_has_failed_cannot_be_restored(begun: Backup) -> None:
    begun.fail(NOW, "the disk is full")
    assert begun.status is BackupStatus.FAILED
    with pytest.raises(BackupNotThere, match="is failed"):
        begun.request_restore(NOW, 1, ANN, WHY)


@pytest.mark.parametrize(("faults", "proven"), [((), True), (("an event is missing",), False)])
def test_a_verification_shows_what_it_is_worth(
    whole: Backup, faults: tuple[str, ...], *, proven: bool
) -> None:
    whole.note_verification(NOW, events=90, blobs=4, compared=300, took_s=1.5, faults=faults)
    assert whole.proven is proven


def test_only_what_is_whole_can_be_verified(begun: Backup) -> None:
    with pytest.raises(BackupNotThere):
        begun.note_verification(NOW, events=0, blobs=0, compared=0, took_s=0.1, faults=())


def test_what_was_pruned_stays_so_and_cannot_be_restored(wanted: Backup) -> None:
    wanted.prune(NOW)
    wanted.prune(NOW)
    assert (wanted.status, wanted.version) == (BackupStatus.PRUNED, 4)
    with pytest.raises(BackupNotThere):
        wanted.request_restore(NOW, 40, ANN, WHY)
    with pytest.raises(BackupNotThere):
        wanted.approve_restore(NOW, BOB, WHY, 40)


@pytest.mark.parametrize("position", [0, 91])
def test_it_goes_back_to_a_position_that_it_holds(whole: Backup, position: int) -> None:
    with pytest.raises(InvalidPosition, match="holds the positions 1 to 90"):
        whole.request_restore(NOW, position, ANN, WHY)


def test_a_restore_takes_two_people(wanted: Backup) -> None:
    with pytest.raises(SecondPersonRequired):
        wanted.approve_restore(NOW, ANN, WHY, 40)
    wanted.approve_restore(NOW, BOB, WHY, 40)
    wanted.approve_restore(NOW, BOB, WHY, 40)
    assert wanted.version == 4
    wanted.complete_restore(NOW, 40, left_out=50)
    assert wanted.request is None


def test_who_agrees_names_what_they_have_read(wanted: Backup) -> None:
    with pytest.raises(OtherRestoreRequested, match="position 40 was asked for, not 41"):
        wanted.approve_restore(NOW, BOB, WHY, 41)


def test_each_says_why(wanted: Backup) -> None:
    with pytest.raises(ReasonRequired):
        wanted.approve_restore(NOW, BOB, "yes", 40)
    with pytest.raises(ReasonRequired):
        wanted.refuse_restore(NOW, BOB, "no")
    with pytest.raises(ReasonRequired):
        wanted.request_restore(NOW, 40, ANN, "")


def test_a_second_request_waits_for_the_first(wanted: Backup) -> None:
    with pytest.raises(RestoreAlreadyRequested):
        wanted.request_restore(NOW, 41, BOB, WHY)


def test_one_that_was_refused_is_asked_for_again(wanted: Backup) -> None:
    wanted.refuse_restore(NOW, BOB, "we lose less by hand")
    with pytest.raises(NoRestoreRequested):
        wanted.approve_restore(NOW, BOB, WHY, 40)
    wanted.request_restore(NOW, 41, BOB, WHY)
    assert wanted.request is not None
    assert wanted.request.to_position == 41


def test_none_is_carried_out_that_was_not_agreed_to(whole: Backup) -> None:
    with pytest.raises(RestoreNotApproved):
        whole.complete_restore(NOW, 40, left_out=50)
    whole.request_restore(NOW, 40, ANN, WHY)
    with pytest.raises(RestoreNotApproved):
        whole.complete_restore(NOW, 40, left_out=50)
    whole.approve_restore(NOW, BOB, WHY, 40)
    with pytest.raises(RestoreNotApproved):
        whole.complete_restore(NOW, 41, left_out=49)


def test_a_copy_knows_where_it_comes_from(begun: Backup) -> None:
    begun.note_origin(NOW, 40)
    assert (begun.version, begun.status) == (2, BackupStatus.STARTED)


def test_where_it_comes_from_is_noted_once(begun: Backup) -> None:
    begun.note_origin(NOW, 40)
    begun.note_origin(NOW, 40)
    assert begun.version == 2


def test_what_leaves_a_copy_is_held_until_it_is_released(begun: Backup) -> None:
    begun.note_origin(NOW, 40)
    with pytest.raises(ReasonRequired):
        begun.release_outward(NOW, ANN, "yes")
    begun.release_outward(NOW, ANN, WHY)
    assert begun.holds_outward is False
    with pytest.raises(NothingHeld):
        begun.release_outward(NOW, ANN, WHY)


def test_nothing_is_held_where_the_copy_was_only_ordered(wanted: Backup) -> None:
    wanted.approve_restore(NOW, BOB, WHY, 40)
    wanted.complete_restore(NOW, 40, left_out=50)
    with pytest.raises(NothingHeld):
        wanted.release_outward(NOW, ANN, WHY)
