"""Every command about mails, and the handler that decides it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from countersign.commands.email.attempt_email import AttemptEmail, attempt_email
from countersign.commands.email.cancel_email import CancelEmail, cancel_email
from countersign.commands.email.doubt_email import DoubtEmail, doubt_email
from countersign.commands.email.lift_suppression import LiftSuppression, lift_suppression
from countersign.commands.email.queue_email import QueueEmail, queue_email
from countersign.commands.email.record_email_outcome import RecordEmailOutcome, record_email_outcome
from countersign.commands.email.resolve_email import ResolveEmail, resolve_email
from countersign.commands.handler import Handler
from countersign.commands.options import Options


def handlers(options: Options) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {
        QueueEmail: partial(queue_email, options=options),
        AttemptEmail: attempt_email,
        DoubtEmail: doubt_email,
        RecordEmailOutcome: record_email_outcome,
        ResolveEmail: resolve_email,
        LiftSuppression: lift_suppression,
        CancelEmail: cancel_email,
    }
