"""People hear by mail what concerns their account, and administrators who wants to get in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final
from uuid import UUID

from countersign.aggregates.account import Account
from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.mailbox import Mailbox
from countersign.aggregates.registration import Registration
from countersign.aggregates.root import Root
from countersign.aggregates.second_factor import SecondFactor
from countersign.aggregates.session import Session
from countersign.aggregates.sign_in_throttle import SignInThrottle
from countersign.commands.account.approve_account import ApproveAccount
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import COMMANDS, TELL_PEOPLE

PURPOSES: Final[Mapping[type[Root.Event], EmailPurpose]] = MappingProxyType(
    {
        Account.EmailVerified: EmailPurpose.REGISTRATION_RECEIVED,
        Account.Approved: EmailPurpose.ACCOUNT_APPROVED,
        Account.Rejected: EmailPurpose.ACCOUNT_REJECTED,
        Account.PasswordChanged: EmailPurpose.PASSWORD_CHANGED,
        Account.PasswordReset: EmailPurpose.PASSWORD_CHANGED,
        Account.EmailChangeRequested: EmailPurpose.EMAIL_CHANGE,
        Account.EmailChangeConfirmed: EmailPurpose.EMAIL_CHANGED,
        Mailbox.PasswordResetRequested: EmailPurpose.PASSWORD_RESET,
        SecondFactor.Enabled: EmailPurpose.MFA_CHANGED,
        SecondFactor.Disabled: EmailPurpose.MFA_CHANGED,
        ApiClient.Expiring: EmailPurpose.API_KEY_EXPIRING,
    }
)


def write_to_people(happened: Happened) -> Sequence[Wanted]:
    """A mail for what happened; to whom, and with which code, is found when it is written."""
    purpose = _purpose(happened)
    if purpose is None:
        return ()
    payload = {"stream": str(happened.stream), "version": happened.version, "purpose": purpose}
    return (Wanted(queue=COMMANDS, kind=TELL_PEOPLE, target=purpose, payload=payload),)


def _purpose(happened: Happened) -> EmailPurpose | None:
    event = happened.event
    match event:
        case Registration.Created(holder=holder):
            return EmailPurpose.ADDRESS_IN_USE if holder else EmailPurpose.EMAIL_VERIFY
        case Account.Approved() if happened.metadata.command != ApproveAccount.__name__:
            return None  # whoever was registered by an administrator was never asked to wait
        case Mailbox.PasswordResetRequested(account=None):
            return None
        case Session.Created(new_network=True):
            return EmailPurpose.NEW_LOGIN
        case SignInThrottle.AccountLocked(account=UUID(), locks=1):  # the later ones of a row are no news
            return EmailPurpose.ACCOUNT_LOCKED
    return PURPOSES.get(type(event))
