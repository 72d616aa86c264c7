"""The rules about keeping and disposing of reports that can be broken, each with its public code."""

from __future__ import annotations

from countersign.aggregates.root import DomainError


class WrongStanding(DomainError):
    """The report is not where it would have to be: in use, or in the archive."""

    code = "wrong_standing"


class ReportDisposed(DomainError):
    """Only the tombstone of the report is left."""

    code = "report_disposed"
    status = 410


class OnLegalHold(DomainError):
    """A matter of law wants everything kept."""

    code = "on_legal_hold"


class HoldMissing(DomainError):
    """The report is not held for that matter."""

    code = "hold_missing"


class RetentionRuns(DomainError):
    """The time for which the report is kept is not over."""

    code = "retention_runs"


class AlreadyProposed(DomainError):
    """Somebody has proposed to dispose of the report."""

    code = "disposition_already_proposed"


class NotProposed(DomainError):
    """Nobody has proposed to dispose of the report, or nobody has agreed."""

    code = "disposition_not_proposed"


class SamePerson(DomainError):
    """The second person is another one than the first."""

    code = "same_person"
    status = 403
