"""Backups: which there are, one more, and two people who agree to go back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.backup import Backup
from countersign.aggregates.backup_refusals import UnknownBackup
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.commands.backup.approve_restore import ApproveRestore
from countersign.commands.backup.refuse_restore import RefuseRestore
from countersign.commands.backup.release_outward import ReleaseOutward
from countersign.commands.backup.request_restore import RequestRestore
from countersign.commands.maintenance.run_maintenance import RunMaintenance
from countersign.http.backups.backup_answer import (
    BackupAnswer,
    BackupsAnswer,
    BackupsWanted,
    BackupWanted,
    ReleaseAnswer,
    ReleaseForm,
    RestoreAnswer,
    RestoreApprovalForm,
    RestoreForm,
    RestoreRefusalForm,
)
from countersign.http.calls import answer_receipt, as_left, call_of
from countersign.http.endpoints import command, query
from countersign.http.maintenance.maintenance import MaintenanceRunAnswer
from countersign.http.services import Services
from countersign.projections.work.backups_queries import backup, backup_page

_BACKUP = "backup"


class Backups:
    """`/v1/backups`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @query("Backups", reads=("backups",), action="ViewBackups")
    def on_get(self, _req: Request, _resp: Response, query: BackupsWanted) -> BackupsAnswer:
        """List backups, the newest first."""
        page = backup_page(
            self._services.read, status=query.status, kind=query.kind, cursor=query.cursor, limit=query.limit
        )
        items = [BackupAnswer.model_validate(row) for row in page.rows]
        return BackupsAnswer(items=items, next_cursor=page.next_cursor)

    @command("Backups", status=202, refusals=(403,))
    def on_post(self, req: Request, resp: Response, form: BackupWanted) -> MaintenanceRunAnswer:
        """Have one made now, besides the schedule."""
        wanted = RunMaintenance(kind=_BACKUP, reason=form.reason)
        receipt = self._services.dispatch(wanted, call_of(req).context)
        answer_receipt(resp, receipt)
        job_id, _ = receipt.streams[0]
        job = as_left(self._services.aggregates, MaintenanceJob, job_id, receipt)
        resp.location = f"/v1/jobs/{job_id}"
        return MaintenanceRunAnswer(id=job_id, kind=job.kind, due_at=job.due_at, job=resp.location)


class OneBackup:
    """`GET /v1/backups/{backup_id}`."""

    def __init__(self, services: Services) -> None:
        self._read = services.read

    @query("Backups", reads=("backups",), action="ViewBackups", refusals=(404,))
    def on_get(self, _req: Request, _resp: Response, backup_id: UUID) -> BackupAnswer:
        """Show one."""
        found = backup(self._read, backup_id)
        if found is None:
            raise UnknownBackup(f"there is no backup {backup_id}")
        return BackupAnswer.model_validate(found)


class RestoreRequests:
    """`POST /v1/backups/{backup_id}/restore`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Backups", refusals=(403, 404, 409))
    def on_post(self, req: Request, resp: Response, backup_id: UUID, form: RestoreForm) -> RestoreAnswer:
        """Ask a second person to have the service restored elsewhere, up to a position."""
        wanted = RequestRestore(backup_id=backup_id, to_position=form.to_position, reason=form.reason)
        return _decided(self._services, req, resp, wanted)


class RestoreApproval:
    """`POST /v1/backups/{backup_id}/restore/approve`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Backups", refusals=(403, 404, 409))
    def on_post(
        self, req: Request, resp: Response, backup_id: UUID, form: RestoreApprovalForm
    ) -> RestoreAnswer:
        """Agree, as the second person: whoever runs the host carries it out."""
        wanted = ApproveRestore(backup_id=backup_id, to_position=form.to_position, reason=form.reason)
        return _decided(self._services, req, resp, wanted)


class RestoreRefusal:
    """`POST /v1/backups/{backup_id}/restore/refuse`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Backups", refusals=(403, 404, 409))
    def on_post(
        self, req: Request, resp: Response, backup_id: UUID, form: RestoreRefusalForm
    ) -> RestoreAnswer:
        """Say no to it."""
        wanted = RefuseRestore(backup_id=backup_id, reason=form.reason)
        return _decided(self._services, req, resp, wanted)


class OutwardRelease:
    """`POST /v1/backups/{backup_id}/release`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    @command("Backups", refusals=(403, 404, 409))
    def on_post(self, req: Request, resp: Response, backup_id: UUID, form: ReleaseForm) -> ReleaseAnswer:
        """Let mail and webhooks leave again, which are held since the service was restored from this one."""
        wanted = ReleaseOutward(backup_id=backup_id, reason=form.reason)
        receipt = self._services.dispatch(wanted, call_of(req).context)
        answer_receipt(resp, receipt)
        backup = as_left(self._services.aggregates, Backup, backup_id, receipt)
        return ReleaseAnswer(backup_id=backup_id, held=bool(backup.holds_outward))


def _decided(services: Services, req: Request, resp: Response, wanted: Any) -> RestoreAnswer:
    receipt = services.dispatch(wanted, call_of(req).context)
    answer_receipt(resp, receipt)
    request = as_left(services.aggregates, Backup, wanted.backup_id, receipt).request
    return RestoreAnswer(
        backup_id=wanted.backup_id,
        to_position=request.to_position if request else None,
        requested_by=request.requested_by if request else None,
        approved_by=request.approved_by if request else None,
    )
