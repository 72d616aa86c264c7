"""Every command about backups, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.commands.backup.approve_restore import ApproveRestore, approve_restore
from countersign.commands.backup.break_off_backup import BreakOffBackup, break_off_backup
from countersign.commands.backup.complete_backup import CompleteBackup, complete_backup
from countersign.commands.backup.complete_restore import CompleteRestore, complete_restore
from countersign.commands.backup.fail_backup import FailBackup, fail_backup
from countersign.commands.backup.note_origin import NoteOrigin, note_origin
from countersign.commands.backup.prune_backup import PruneBackup, prune_backup
from countersign.commands.backup.record_backup_verification import (
    RecordBackupVerification,
    record_backup_verification,
)
from countersign.commands.backup.refuse_restore import RefuseRestore, refuse_restore
from countersign.commands.backup.release_outward import ReleaseOutward, release_outward
from countersign.commands.backup.request_restore import RequestRestore, request_restore
from countersign.commands.backup.start_backup import StartBackup, start_backup
from countersign.commands.handler import Handler


def handlers() -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        StartBackup: start_backup,
        CompleteBackup: complete_backup,
        FailBackup: fail_backup,
        BreakOffBackup: break_off_backup,
        RecordBackupVerification: record_backup_verification,
        PruneBackup: prune_backup,
        RequestRestore: request_restore,
        ApproveRestore: approve_restore,
        RefuseRestore: refuse_restore,
        CompleteRestore: complete_restore,
        NoteOrigin: note_origin,
        ReleaseOutward: release_outward,
    }
