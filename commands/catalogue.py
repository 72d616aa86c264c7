"""Every command and the one handler that decides it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from countersign.commands.account.bootstrap_administrator import (
    BootstrapAdministrator,
    bootstrap_administrator,
)
from countersign.commands.account.register_account import RegisterAccount, register_account
from countersign.commands.email.attempt_email import AttemptEmail, attempt_email
from countersign.commands.email.queue_email import QueueEmail, queue_email
from countersign.commands.email.record_email_outcome import RecordEmailOutcome, record_email_outcome
from countersign.commands.email.resolve_email import ResolveEmail, resolve_email
from countersign.commands.maintenance.complete_maintenance import CompleteMaintenance, complete_maintenance
from countersign.commands.maintenance.due_maintenance import DueMaintenance, due_maintenance
from countersign.commands.maintenance.fail_maintenance import FailMaintenance, fail_maintenance
from countersign.commands.options import Options
from countersign.commands.password_hashes import PasswordHashes
from countersign.commands.session.log_in import LogIn, log_in
from countersign.commands.session.reauthenticate import Reauthenticate, reauthenticate
from countersign.commands.session.refresh_session import RefreshSession, refresh_session
from countersign.commands.session.refresh_tokens import RefreshTokens
from countersign.commands.session.revoke_session import RevokeSession, revoke_session
from countersign.eventstore.receipt import Receipt
from countersign.eventstore.store import Store

Handler = Callable[[Any, Store], Receipt]


def handlers(options: Options) -> Mapping[type, Handler]:
    """The handlers by the class of their message."""
    return {**_of_people(options), **_of_mail(options), **_of_maintenance()}


def _of_people(options: Options) -> Mapping[type, Handler]:
    passwords, tokens = PasswordHashes(), RefreshTokens(options.refresh_key)
    return {
        BootstrapAdministrator: partial(bootstrap_administrator, passwords=passwords),
        RegisterAccount: partial(register_account, passwords=passwords),
        LogIn: partial(log_in, options=options, passwords=passwords),
        RefreshSession: partial(refresh_session, tokens=tokens),
        Reauthenticate: partial(reauthenticate, passwords=passwords),
        RevokeSession: revoke_session,
    }


def _of_mail(options: Options) -> Mapping[type, Handler]:
    return {
        QueueEmail: partial(queue_email, options=options),
        AttemptEmail: attempt_email,
        RecordEmailOutcome: record_email_outcome,
        ResolveEmail: resolve_email,
    }


def _of_maintenance() -> Mapping[type, Handler]:
    return {
        DueMaintenance: due_maintenance,
        CompleteMaintenance: complete_maintenance,
        FailMaintenance: fail_maintenance,
    }
