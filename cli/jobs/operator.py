"""An operator at the command line: signs in, gives commands in their own name, and signs out."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final
from uuid import UUID, uuid4

from countersign.aggregates.session import Session
from countersign.cli.foundation import Foundation
from countersign.commands.second_factor.proof import SecondFactorRequired
from countersign.commands.session.attempt import require_success
from countersign.commands.session.log_in import LogIn
from countersign.commands.session.revoke_session import RevokeSession
from countersign.eventstore.context import ANONYMOUS, Context
from countersign.eventstore.metadata import Client
from countersign.eventstore.receipt import Receipt

Give = Callable[[Any], Receipt]

_CLIENT: Final = Client(agent="countersign command line", auth_method="password")


@contextmanager
def signed_in(base: Foundation, email: str, password: str, ask_code: Callable[[], str]) -> Iterator[Give]:
    """A way to give commands as the person with this address, who is asked for a code if they need one.

    Raises:
        BadCredentials, InvalidCode: address, password and code do not belong together.
    """
    session_id = uuid4()
    log_in = LogIn(session_id=session_id, email=email, password=password)
    try:
        _try(base, log_in)
    except SecondFactorRequired:
        _try(base, replace(log_in, code=ask_code()))
    session = base.store.aggregates.find(Session, session_id)
    if session is None:
        raise LookupError(f"the session {session_id} is not in the log")
    account = session.account
    try:
        yield lambda command: _give(base, command, account, session_id)
    finally:
        _give(base, RevokeSession(session_id=session_id), account, session_id)


def asked_password(email: str, *, from_stdin: bool) -> str:
    """The password, typed unseen or read from standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return getpass.getpass(f"Password of {email}: ")


def asked_code(*, from_stdin: bool) -> str:
    """A code of the second factor, typed or read from the next line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    return input("Code of your authenticator, or a backup code: ")


def _try(base: Foundation, log_in: LogIn) -> None:
    require_success(base.store.aggregates, _give(base, log_in, ANONYMOUS, None), log_in.session_id)


def _give(base: Foundation, command: Any, actor: UUID, session: UUID | None) -> Receipt:
    context = Context(
        actor=actor,
        session=session,
        command_key=str(uuid4()),
        correlation=str(uuid4()),
        fresh_key=True,
        client=_CLIENT,
    )
    return base.dispatcher.dispatch(command, context)
