"""Operators see backups over HTTP, and two of them agree to go back."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from countersign.aggregates.kept_backup import BackupKind
from countersign.aggregates.role import Role
from countersign.commands.backup.complete_backup import CompleteBackup
from countersign.commands.backup.note_origin import NoteOrigin
from countersign.commands.backup.record_backup_verification import RecordBackupVerification
from countersign.commands.backup.start_backup import StartBackup
from countersign.eventstore.context import SYSTEM, Context
from countersign.projections.work.outward_hold import OutwardHold, hold_outward
from tests.integration.http.service import Caller, Service

BACKUP = UUID(int=7)
WHY = {"reason": "somebody voided every report"}
ADDRESS = f"/v1/backups/{BACKUP}"


@pytest.fixture
def operators(service: Service) -> tuple[Caller, Caller]:
    return service.signed_in(Role.OPERATOR), service.signed_in(Role.ADMINISTRATOR)


@pytest.fixture
def made(service: Service) -> None:
    for command in (
        StartBackup(backup_id=BACKUP, name="20261123T120000Z-12345678", kind=BackupKind.FULL),
        CompleteBackup(
            backup_id=BACKUP, manifest_digest="ab" * 32, position=90, events=90, blobs=4, size_bytes=4_096
        ),
        RecordBackupVerification(
            backup_id=BACKUP, events=90, blobs=4, compared=12, took_s=0.5, faults=("an event is missing",)
        ),
    ):
        service.services.dispatch(
            command, Context(actor=SYSTEM, command_key=str(uuid4()), correlation="test")
        )
    service.catch_up()


@pytest.mark.usefixtures("made")
def test_an_operator_sees_what_there_is(operators: tuple[Caller, Caller]) -> None:
    (listed,) = operators[0].get("/v1/backups?status=completed").json["items"]
    assert (listed["to_position"], listed["faults"]) == (90, ["an event is missing"])
    assert operators[0].get(ADDRESS).json == listed
    nowhere = operators[0].get(f"/v1/backups/{UUID(int=8)}")
    assert (nowhere.status_code, nowhere.json["code"]) == (404, "unknown_backup")


def test_an_operator_has_one_made(operators: tuple[Caller, Caller]) -> None:
    assert operators[0].post("/v1/backups", {"kind": "log"}).status_code == 422
    ordered = operators[0].post("/v1/backups", {"reason": "before the upgrade"})
    assert (ordered.status_code, ordered.json["kind"]) == (202, "backup")
    assert ordered.headers["location"] == f"/v1/jobs/{ordered.json['id']}"


@pytest.mark.usefixtures("made")
def test_two_people_agree_to_go_back(operators: tuple[Caller, Caller], service: Service) -> None:
    one, other = operators
    asked = one.post(f"{ADDRESS}/restore", {"to_position": 40, **WHY})
    assert (asked.json["to_position"], asked.json["approved_by"]) == (40, None)
    read = {"to_position": 40, **WHY}
    alone = one.post(f"{ADDRESS}/restore/approve", read)
    assert (alone.status_code, alone.json["code"]) == (403, "second_person_required")
    unread = other.post(f"{ADDRESS}/restore/approve", read | {"to_position": 41})
    assert (unread.status_code, unread.json["code"]) == (409, "other_restore_requested")
    assert other.post(f"{ADDRESS}/restore/approve", read).json["approved_by"] is not None
    service.catch_up()
    assert one.get(ADDRESS).json["restore_to"] == 40
    assert other.post(f"{ADDRESS}/restore/refuse", WHY).json["to_position"] is None
    service.catch_up()
    assert one.get(ADDRESS).json["restore_to"] is None


def test_what_leaves_a_restored_service_is_released_once(
    operators: tuple[Caller, Caller], service: Service
) -> None:
    origin = NoteOrigin(backup_id=BACKUP, name="restored", kind=BackupKind.FULL, after=0, to_position=40)
    service.services.dispatch(origin, Context(actor=SYSTEM, command_key="restored", correlation="test"))
    hold = OutwardHold(
        backup_id=BACKUP, name="restored", kind="full", after=0, position=40, held_at=service.services.clock()
    )
    hold_outward(service.services.read, hold)
    held = operators[0].get("/v1/workers").json["held"]
    assert (held["position"], held["release"]) == (40, f"{ADDRESS}/release")
    assert operators[0].get("/v1/jobs/statistics").json["held"] == held
    assert operators[0].post(held["release"], WHY).json == {"backup_id": str(BACKUP), "held": False}
    again = operators[1].post(f"{ADDRESS}/release", WHY)
    assert (again.status_code, again.json["code"]) == (409, "nothing_held")


def test_nobody_else_sees_backups(service: Service) -> None:
    assert service.signed_in(Role.ENGINEER).get("/v1/backups").status_code == 403
