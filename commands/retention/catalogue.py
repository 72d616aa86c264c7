"""Every command about keeping reports and disposing of them, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from countersign.commands.handler import Handler
from countersign.commands.options import Options
from countersign.commands.retention.approve_disposition import ApproveDisposition, approve_disposition
from countersign.commands.retention.archive_report import ArchiveReport, archive_report
from countersign.commands.retention.decline_disposition import DeclineDisposition, decline_disposition
from countersign.commands.retention.dispose_report import DisposeReport, dispose_report
from countersign.commands.retention.note_content_destroyed import NoteContentDestroyed, note_content_destroyed
from countersign.commands.retention.place_legal_hold import PlaceLegalHold, place_legal_hold
from countersign.commands.retention.propose_disposition import ProposeDisposition, propose_disposition
from countersign.commands.retention.publish_retention_policy import (
    PublishRetentionPolicy,
    publish_retention_policy,
)
from countersign.commands.retention.release_legal_hold import ReleaseLegalHold, release_legal_hold
from countersign.commands.retention.restore_from_archive import RestoreFromArchive, restore_from_archive


def handlers(options: Options) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        ApproveDisposition: partial(approve_disposition, window_s=options.reauthentication_window_s),
        ArchiveReport: archive_report,
        DeclineDisposition: decline_disposition,
        DisposeReport: dispose_report,
        NoteContentDestroyed: note_content_destroyed,
        PlaceLegalHold: place_legal_hold,
        ProposeDisposition: propose_disposition,
        PublishRetentionPolicy: publish_retention_policy,
        ReleaseLegalHold: release_legal_hold,
        RestoreFromArchive: restore_from_archive,
    }
