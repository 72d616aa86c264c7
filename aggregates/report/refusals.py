"""The rules of a report that can be broken, each with its public code."""

from __future__ import annotations

from countersign.aggregates.root import DomainError


class InvalidField(DomainError):
    """Something given is not what the report type allows; the pointers name each place."""

    code = "invalid_field"
    status = 422


class ReportExists(DomainError):
    """A report with that id was created before."""

    code = "report_exists"


class Locked(DomainError):
    """What was submitted is frozen: only a request for changes or a withdrawal opens it again."""

    code = "locked"


class StaleSection(DomainError):
    """The section has changed since it was read."""

    code = "stale_section"
    status = 412


class RowLimit(DomainError):
    """A section would hold more rows than its type allows."""

    code = "row_limit"
    status = 413


class NoRows(DomainError):
    """The section is not a table of rows."""

    code = "no_rows"
    status = 422


class UnreadableCsv(DomainError):
    """The text is not CSV with the columns that the mapping names."""

    code = "unreadable_csv"
    status = 422


class NoRowAccepted(DomainError):
    """Not one row of the import is what the section may hold."""

    code = "no_row_accepted"
    status = 422


class UnknownRow(DomainError):
    """The section has no row of that id."""

    code = "unknown_row"
    status = 422


class FailNeedsComment(DomainError):
    """Whoever records a failure says what was seen."""

    code = "fail_needs_comment"
    status = 422


class NotApplicableNeedsReason(DomainError):
    """Whoever leaves a test out says why."""

    code = "na_needs_reason"
    status = 422


class UnknownStage(DomainError):
    """The route of the report has no such stage."""

    code = "unknown_stage"
    status = 422


class NotEligible(DomainError):
    """The account does not hold the role that the stage asks for."""

    code = "not_eligible"
    status = 422


class PreparerIsApprover(DomainError):
    """Nobody approves what they have prepared."""

    code = "preparer_is_approver"
    status = 422


class OnePersonOneStage(DomainError):
    """A person signs one stage of a revision at most."""

    code = "one_person_one_stage"
    status = 422


class WrongStatus(DomainError):
    """The revision is at another point of its life."""

    code = "wrong_status"


class NotReady(DomainError):
    """The revision may not be submitted yet; the pointers list everything that is missing."""

    code = "not_ready"
    status = 422


class StageNotOpen(DomainError):
    """It is not the turn of that stage."""

    code = "stage_not_open"


class NotYourStage(DomainError):
    """Another person was asked to decide on that stage."""

    code = "not_your_stage"
    status = 403


class RoleLost(DomainError):
    """Whoever was asked to decide on the stage does not have its role any more."""

    code = "role_lost"
    status = 403


class SeparationOfDuties(DomainError):
    """The preparer of a report takes no part in approving it."""

    code = "separation_of_duties"
    status = 403


class AlreadySigned(DomainError):
    """This person has signed this revision before."""

    code = "already_signed"


class DigestMismatch(DomainError):
    """What the signer has read is not what would be signed."""

    code = "digest_mismatch"


class ReasonRequired(DomainError):
    """A step back needs a reason that the others can act on."""

    code = "reason_required"
    status = 422


class WithdrawalTooLate(DomainError):
    """Once somebody has approved, only an administrator withdraws."""

    code = "withdrawal_too_late"


class RenderingStale(DomainError):
    """The document is not the finished, final rendering of what was approved."""

    code = "rendering_stale"
