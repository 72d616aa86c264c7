"""What cannot be done about a mail as it stands."""

from __future__ import annotations

from countersign.aggregates.root import DomainError


class NotToBeSent(DomainError):
    """The mail was sent, given up, or waits for a person's decision."""

    code = "email_not_to_be_sent"


class NoOpenAttempt(DomainError):
    """An outcome belongs to the latest attempt, and is recorded once."""

    code = "no_open_attempt"


class NothingToResolve(DomainError):
    """Only a mail in doubt, bounced, held back or given up needs a person's decision."""

    code = "nothing_to_resolve"


class NothingToCancel(DomainError):
    """Only a mail that waits to be sent can be kept from it."""

    code = "nothing_to_cancel"
