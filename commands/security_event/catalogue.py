"""Every command about security events, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping

from countersign.commands.handler import Handler
from countersign.commands.security_event.record_security_event import (
    RecordSecurityEvent,
    record_security_event,
)


def handlers() -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        RecordSecurityEvent: record_security_event,
    }
