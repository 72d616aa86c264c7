"""What an order needs from whoever gives it: a reason, and a name to stand under."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final
from uuid import uuid4

from countersign.aggregates.role import Role
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.cli.foundation import Foundation
from countersign.cli.invocation import UsageError
from countersign.cli.jobs.operator import Give, asked_code, asked_password, signed_in
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.metadata import Client
from countersign.eventstore.receipt import Receipt

_OPERATORS: Final = frozenset({Role.OPERATOR, Role.ADMINISTRATOR})
_HOST: Final = Client(agent="countersign command line", auth_method="host")


def asked_reason(given: argparse.Namespace) -> str:
    """Why, as it was given or is typed on a terminal.

    Raises:
        UsageError: a script gives none.
    """
    if given.reason:
        return str(given.reason)
    if not sys.stdin.isatty():
        raise UsageError("Say why: add `--reason TEXT`.")
    return input("Why? ")


@contextmanager
def giving(base: Foundation, given: argparse.Namespace) -> Iterator[Give]:
    """A way to give orders: as the person who signs in, or as whoever runs the host while there is none.

    Raises:
        UsageError: a script names nobody.
        DomainError: who is named may not sign in.
    """
    email = given.operator or _asked_email(base)
    if email is None:
        yield partial(_of_the_host, base)
        return
    password = asked_password(email, from_stdin=given.password_stdin)
    with signed_in(base, email, password, partial(asked_code, from_stdin=given.password_stdin)) as give:
        yield give


def host_context() -> Context:
    """The context of a command that whoever runs the host gives."""
    key = str(uuid4())
    return Context(actor=SYSTEM, command_key=key, correlation=str(uuid4()), fresh_key=True, client=_HOST)


def _asked_email(base: Foundation) -> str | None:
    if not _anybody_operates(base):
        return None
    if sys.stdin.isatty():
        return input("Your e-mail address (operator or administrator): ").strip()
    raise UsageError("This is recorded in an operator's name: add `--as E-MAIL` (operator or administrator).")


def _anybody_operates(base: Foundation) -> bool:
    roster = base.store.aggregates.find(Roster, ROSTER_ID)
    return roster is not None and not _OPERATORS.isdisjoint(roster.roles.values())


def _of_the_host(base: Foundation, command: Any) -> Receipt:
    return base.dispatcher.dispatch(command, host_context())
