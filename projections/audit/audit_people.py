"""What people's events say in the audit log: of accounts, sessions and factors."""

from __future__ import annotations

from functools import singledispatch

from countersign.aggregates.account import Account
from countersign.aggregates.mailbox import Mailbox
from countersign.aggregates.registration import Registration
from countersign.aggregates.root import Root
from countersign.aggregates.roster import Roster
from countersign.aggregates.second_factor import SecondFactor
from countersign.aggregates.session import Session
from countersign.aggregates.sign_in_throttle import SignInThrottle


@singledispatch
def summary_of_people(event: Root.Event) -> str | None:
    """The event in a sentence; None where it is of another kind, or without words of its own."""
    return None


@summary_of_people.register
def _(event: Account.Created) -> str:
    return f"Account registered for the role {event.requested_role}"


@summary_of_people.register
def _(event: Account.Approved) -> str:
    return f"Account approved as {event.role}"


@summary_of_people.register
def _(event: Account.Rejected) -> str:
    return f"Account rejected: {event.reason}"


@summary_of_people.register
def _(event: Account.RoleChanged) -> str:
    return f"Role changed from {event.old} to {event.new}"


@summary_of_people.register
def _(event: Account.Disabled) -> str:
    return f"Account disabled: {event.reason}"


@summary_of_people.register
def _(event: Registration.Created) -> str:
    known = ", whose address has an account already" if event.holder else ""
    return f"Somebody asked for an account as {event.requested_role}{known}"


@summary_of_people.register
def _(event: Mailbox.PasswordResetRequested) -> str:
    whose = "an account" if event.account else "an address without an account"
    return f"Password reset asked for {whose}"


@summary_of_people.register
def _(event: Roster.RoleRevoked) -> str:
    return f"Role {event.role} taken off the roster"


@summary_of_people.register
def _(event: Roster.RoleGranted) -> str:
    return f"Role {event.role} granted"


@summary_of_people.register
def _(event: Session.Created) -> str:
    return f"Signed in with {', '.join(event.factors)}"


@summary_of_people.register
def _(event: Session.FactorProved) -> str:
    return f"Second factor shown: {event.factor}"


@summary_of_people.register
def _(event: Account.SessionsEnded) -> str:
    return "All sessions ended but the one kept" if event.kept_session else "All sessions ended"


@summary_of_people.register
def _(event: SignInThrottle.LoginFailed) -> str:
    return f"Log-in failed by the {event.reason}"


@summary_of_people.register
def _(event: SignInThrottle.AccountLocked) -> str:
    return f"Log-in locked until {event.until:%Y-%m-%d %H:%M:%S} after {event.count} failures"


@summary_of_people.register
def _(event: SignInThrottle.NetworkLocked) -> str:
    return f"Network locked until {event.until:%Y-%m-%d %H:%M:%S} after {event.count} failures"


@summary_of_people.register
def _(event: SecondFactor.Disabled) -> str:
    return f"Second factor disabled: {event.reason}"


@summary_of_people.register
def _(event: Session.Revoked) -> str:
    return f"Session ended: {event.reason}"
