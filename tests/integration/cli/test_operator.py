"""An operator with a second factor at the command line."""

from __future__ import annotations

import io
import sys
from time import time
from uuid import UUID, uuid4

import pyotp
import pytest

from countersign.aggregates.second_factor import SecondFactor, second_factor_id
from countersign.aggregates.session import Session
from countersign.cli.foundation import Foundation, foundation
from countersign.cli.jobs.operator import asked_code, signed_in
from countersign.commands.second_factor.begin_totp_enrolment import BeginTotpEnrolment
from countersign.commands.second_factor.confirm_totp import ConfirmTotp
from countersign.commands.session.attempt import InvalidCode
from countersign.commands.session.log_in import LogIn
from countersign.commands.session.reauthenticate import Reauthenticate
from countersign.eventstore.context import ANONYMOUS, Context
from tests.integration.cli.installation import ADMINISTRATOR, PASSWORD, Installation


def give(base: Foundation, command: object, actor: UUID = ANONYMOUS, session: UUID | None = None) -> None:
    key = str(uuid4())
    context = Context(actor=actor, session=session, command_key=key, correlation="test", fresh_key=True)
    base.dispatcher.dispatch(command, context)


def enrol(base: Foundation) -> pyotp.TOTP:
    """The administrator's authenticator, whose code of now is used up."""
    session = uuid4()
    give(base, LogIn(session_id=session, email=ADMINISTRATOR, password=PASSWORD))
    found = base.store.aggregates.find(Session, session)
    assert found is not None
    account = found.account
    give(base, Reauthenticate(session_id=session, password=PASSWORD), account, session)
    give(base, BeginTotpEnrolment(account_id=account), account, session)
    factor = base.store.aggregates.find(SecondFactor, second_factor_id(account))
    assert factor is not None
    totp = pyotp.TOTP(str(factor.pending_secret))
    give(base, ConfirmTotp(account_id=account, code=totp.now()), account, session)
    return totp


def never() -> str:
    raise AssertionError("a code was asked for")


def test_the_code_is_asked_for_where_it_is_needed(on_sqlite: Installation) -> None:
    with foundation(on_sqlite.settings) as base:
        with signed_in(base, ADMINISTRATOR, PASSWORD, never):
            pass
        totp = enrol(base)

        with signed_in(base, ADMINISTRATOR, PASSWORD, lambda: totp.at(time() + 30)):
            pass
        with pytest.raises(InvalidCode), signed_in(base, ADMINISTRATOR, PASSWORD, lambda: "000000"):
            pass


def test_a_code_is_typed_or_stands_on_the_next_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for from_stdin in (True, False):
        monkeypatch.setattr(sys, "stdin", io.StringIO("287082\n"))
        assert asked_code(from_stdin=from_stdin) == "287082"
