"""What a mail is for, and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID


class EmailPurpose(StrEnum):
    """Why a mail is written; each purpose has a shipped text, some before anything causes such a mail."""

    APPROVAL_REQUEST = "approval_request"
    APPROVAL_REMINDER = "approval_reminder"
    APPROVAL_ESCALATED = "approval_escalated"
    STAGE_APPROVED = "stage_approved"
    CHANGES_REQUESTED = "changes_requested"
    REVISION_APPROVED = "revision_approved"
    REVISION_ISSUED_CLIENT = "revision_issued_client"
    TRANSMITTAL = "transmittal"
    APPROVAL_REVOKED = "approval_revoked"
    DELEGATED = "delegated"
    EMAIL_VERIFY = "email_verify"
    ADDRESS_IN_USE = "address_in_use"
    REGISTRATION_RECEIVED = "registration_received"
    ACCOUNT_APPROVED = "account_approved"
    ACCOUNT_REJECTED = "account_rejected"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the name of a purpose
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a purpose
    EMAIL_CHANGE = "email_change"
    EMAIL_CHANGED = "email_changed"
    MFA_CHANGED = "mfa_changed"
    ACCOUNT_LOCKED = "account_locked"
    NEW_LOGIN = "new_login"
    SECURITY_ALERT = "security_alert"
    API_KEY_EXPIRING = "api_key_expiring"
    MENTION = "mention"
    REPLY = "reply"
    PUNCH_ASSIGNED = "punch_assigned"
    SCHEDULE_RESULT = "schedule_result"
    BULK_RESULT = "bulk_result"
    BACKUP_FAILED = "backup_failed"
    HEALTH_ALERT = "health_alert"
    OPERATIONS_REPORT = "operations_report"
    RETENTION_DUE = "retention_due"
    ADMIN_BROADCAST = "admin_broadcast"
    DIGEST = "digest"


WITHOUT_OCCASION: Final = frozenset(
    {
        EmailPurpose.TRANSMITTAL,
        EmailPurpose.APPROVAL_REVOKED,
        EmailPurpose.DELEGATED,
        EmailPurpose.MENTION,
        EmailPurpose.REPLY,
        EmailPurpose.PUNCH_ASSIGNED,
        EmailPurpose.BULK_RESULT,
    }
)
"""Nothing causes such a mail yet, so nobody is given the choice whether they want it."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """The person a mail goes to; `subject` is whose key their name and address are kept under."""

    subject: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A stored document that goes with a mail."""

    filename: str
    digest: str
    media_type: str
