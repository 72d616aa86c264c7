"""Why a backup cannot be used, in words for whoever wants to use it."""

from __future__ import annotations


class BackupUnusable(Exception):
    """Nothing was restored from it; the message says what is wrong and what to do."""


class BackupDamaged(BackupUnusable):
    """A file of it is not as it was written."""


class BackupForeign(BackupUnusable):
    """It was made by another installation, or is no backup at all."""


class BackupUnknown(BackupUnusable):
    """There is no backup of that name, or it was never finished."""


class PlaceNotEmpty(BackupUnusable):
    """Something is there already; a restore never overwrites."""


class TargetUnavailable(Exception):
    """The place where backups are kept cannot be reached, read or written now."""
