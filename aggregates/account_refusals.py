"""Why something is not done to an account."""

from __future__ import annotations

from typing import Final

from countersign.aggregates.root import DomainError


class AlreadyApproved(DomainError):
    """An account is approved once."""

    code = "already_approved"


class EmailUnverified(DomainError):
    """Nobody has shown yet that they read the mail of this address."""

    code = "email_unverified"


class WrongAccountStatus(DomainError):
    """The account is not in the state that this is done in."""

    code = "wrong_account_status"


class OwnAccount(DomainError):
    """Nobody decides about their own role, nor disables themselves."""

    code = "own_account"
    status = 403


class LastAdministrator(DomainError):
    """Without this administrator nobody could let anybody in."""

    code = "last_administrator"


class PasswordReused(DomainError):
    """The password is one of the person's last five."""

    code = "password_reused"
    status = 422


class ReasonRequired(DomainError):
    """A decision against a person says why."""

    code = "reason_required"
    status = 422


class InvalidOneTimeToken(DomainError):
    """The code of a mail is not a genuine one, was used, or has run out: it is not said which."""

    code = "invalid_one_time_token"
    status = 422


def reasoned(reason: str) -> str:
    """The reason, trimmed.

    Raises:
        ReasonRequired: it says nothing.
    """
    said = reason.strip()
    if not said:
        raise ReasonRequired("say why", (("/reason", "it is empty"),))
    return said


CHOOSE_YOUR_OWN: Final = "your password was chosen by somebody else: choose your own, then go on"


class PasswordChangeRequired(DomainError):
    """Somebody else has chosen the person's password: until they choose their own, they may do nothing."""

    code = "password_change_required"
    status = 403
