"""The ways in which an order about a backup is refused."""

from __future__ import annotations

from countersign.aggregates.root import DomainError


class UnknownBackup(DomainError):
    """No backup of that id was ever begun."""

    code = "unknown_backup"
    status = 404


class BackupOver(DomainError):
    """It was completed, has failed or was thrown away: it does not become anything else."""

    code = "backup_over"


class BackupNotThere(DomainError):
    """It was never completed, or was thrown away: there is nothing to restore."""

    code = "backup_not_there"


class InvalidPosition(DomainError):
    """A backup goes back to a position that it holds."""

    code = "invalid_position"
    status = 422


class RestoreAlreadyRequested(DomainError):
    """Somebody has asked for it: a second person decides."""

    code = "restore_already_requested"


class NoRestoreRequested(DomainError):
    """Nobody has asked to restore this backup."""

    code = "no_restore_requested"


class RestoreNotApproved(DomainError):
    """No second person has agreed that this backup is restored."""

    code = "restore_not_approved"


class OtherRestoreRequested(DomainError):
    """Whoever agrees names the position that they have read, and another one was asked for meanwhile."""

    code = "other_restore_requested"


class NothingHeld(DomainError):
    """Mail and webhooks are not held here."""

    code = "nothing_held"
