"""Administrators hear of what cannot wait until somebody looks at the security events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from countersign.aggregates.access_policy import AccessPolicy
from countersign.aggregates.security_event import SecurityEvent, Severity
from countersign.aggregates.session import REFRESH_REUSED, Session
from countersign.aggregates.sign_in_throttle import SignInThrottle
from countersign.eventstore.mapper import Happened
from countersign.workers.effect import Wanted
from countersign.workers.kinds import ALERT_ADMINISTRATORS, COMMANDS

_LOCKS_IN_A_ROW: Final = 3


def alert_administrators(happened: Happened) -> Sequence[Wanted]:
    """One alert for each kind in an hour: which hour that is, the event says."""
    kind = _kind(happened)
    if kind is None:
        return ()
    at = happened.event.timestamp.isoformat(timespec="seconds")
    return (Wanted(queue=COMMANDS, kind=ALERT_ADMINISTRATORS, target=kind, payload={"kind": kind, "at": at}),)


def _kind(happened: Happened) -> str | None:
    match happened.event:
        case Session.Revoked(reason=reason) if reason == REFRESH_REUSED:
            return "refresh_token_reused"
        case AccessPolicy.NetworkBlocked(automatic=True):
            return "network_blocked_automatically"
        case SignInThrottle.NetworkLocked():
            return "network_locked"
        case SignInThrottle.AccountLocked(locks=locks) if locks >= _LOCKS_IN_A_ROW:
            return "account_locked_again"
        case SecurityEvent.Created(severity=Severity.CRITICAL, kind=kind):
            return str(kind)
    return None
