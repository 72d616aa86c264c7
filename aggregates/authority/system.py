"""What the service does by itself."""

from __future__ import annotations

from typing import Final

BY_THE_SYSTEM: Final = frozenset(
    {
        "BootstrapAdministrator",
        "DefineReportType",
        "InstallTemplate",
        "RequestRendering",
        "RemindApprover",
        "EscalateStage",
        "StartRendering",
        "CompleteRendering",
        "FailRendering",
        "QueueEmail",
        "AttemptEmail",
        "RecordEmailOutcome",
        "RecordReload",
        "RecordRejection",
        "DueMaintenance",
        "CompleteMaintenance",
        "FailMaintenance",
        "NoteMissedWork",
        "RunMaintenance",
        "StartBackup",
        "CompleteBackup",
        "FailBackup",
        "RecordBackupVerification",
        "PruneBackup",
        "CompleteRestore",
        "NoteOrigin",
        "OpenIncident",
        "EscalateIncident",
        "AcknowledgeIncident",
        "ResolveIncident",
        "BlockAttackingNetwork",
        "RecordSecurityEvent",
        "WarnOfApiClientExpiry",
        "NoteCertificate",
        "NoteSecretVersions",
        "NoteSecretRetired",
        "NotePromotion",
        "OrderRebuild",
        "CancelRebuild",
        "OrderPromotion",
        "OrderRollback",
        "OrderRetirement",
        "PauseProjection",
        "ResumeProjection",
        "RetryLetters",
        "QueueDeliveries",
        "RecordDeliveryAttempt",
        "AbandonDelivery",
    }
)
"""What reactions, schedules and set-up may do; a person may only where the table says so too."""
