"""An operator at the command line: signs in, gives commands in their own name, and signs out."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID, uuid4

from countersign.aggregates.session import Session
from countersign.cli.foundation import Foundation
from countersign.commands.session.attempt import require_success
from countersign.commands.session.log_in import LogIn
from countersign.commands.session.revoke_session import RevokeSession
from countersign.eventstore.context import ANONYMOUS, Context
from countersign.eventstore.metadata import Client
from countersign.eventstore.receipt import Receipt

Give = Callable[[Any], Receipt]

_CLIENT: Final = Client(agent="countersign command line", auth_method="password")


@contextmanager
def signed_in(base: Foundation, email: str, password: str) -> Iterator[Give]:
    """A way to give commands as the person with this address.

    Raises:
        BadCredentials: address and password do not belong together.
    """
    session_id = uuid4()
    tried = _give(base, LogIn(session_id=session_id, email=email, password=password), ANONYMOUS, None)
    require_success(base.store.aggregates, tried, session_id)
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
