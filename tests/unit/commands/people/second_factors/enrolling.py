"""How a person gets a second factor, and what they show of it."""

from __future__ import annotations

from uuid import UUID

import pyotp

from countersign.aggregates.second_factor import (
    SecondFactor,
    second_factor_id,
)
from countersign.commands.second_factor.backup_codes import BackupCodes
from countersign.commands.second_factor.begin_totp_enrolment import BeginTotpEnrolment
from countersign.commands.second_factor.confirm_totp import ConfirmTotp
from countersign.commands.session.attempt import require_success
from countersign.commands.session.reauthenticate import Reauthenticate
from tests.unit.commands.people.service import PASSWORD, Service

ENGINEER = "engineer@example.com"


def reauthenticate(service: Service, person: UUID, session: UUID, code: str | None = None) -> None:
    service.attempt(Reauthenticate(session_id=session, password=PASSWORD, code=code), person, session)


def code_of(service: Service, person: UUID) -> str:
    """What the authenticator shows now: of the offered secret, if there is one."""
    factor = service.state(SecondFactor, second_factor_id(person))
    return pyotp.TOTP(str(factor.pending_secret or factor.secret)).at(service.now)


def backup_codes(service: Service, person: UUID) -> tuple[str, ...]:
    nonce = service.state(SecondFactor, second_factor_id(person)).backup_nonce
    assert nonce is not None
    return BackupCodes(service.options.second_factor_key).codes(person, nonce)


def confirm(service: Service, person: UUID, session: UUID, code: str | None = None) -> None:
    wanted = ConfirmTotp(account_id=person, code=code or code_of(service, person))
    receipt = service.give(wanted, person, session)
    require_success(service.shared.aggregates, receipt, second_factor_id(person))


def enrol(service: Service, person: UUID, session: UUID) -> None:
    reauthenticate(service, person, session)
    service.give(BeginTotpEnrolment(account_id=person), person, session)
    confirm(service, person, session)
    service.later(seconds=30)
