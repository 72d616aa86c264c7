"""A second factor is enrolled, exchanged, and given up."""

from __future__ import annotations

from uuid import UUID

import pyotp
import pytest

from countersign.aggregates.role import Role
from countersign.aggregates.second_factor import (
    NoEnrolment,
    SecondFactor,
    second_factor_id,
)
from countersign.aggregates.session import Session
from countersign.aggregates.sign_in_throttle import SignInDelayed
from countersign.commands.permit import NotPermitted, ReauthenticationRequired
from countersign.commands.second_factor.begin_totp_enrolment import BeginTotpEnrolment
from countersign.commands.second_factor.confirm_totp import ConfirmTotp
from countersign.commands.second_factor.disable_mfa import DisableMfa
from countersign.commands.second_factor.regenerate_backup_codes import RegenerateBackupCodes
from countersign.commands.second_factor.totp import provisioning_uri
from countersign.commands.session.attempt import InvalidCode
from tests.unit.commands.people.second_factors.enrolling import (
    ENGINEER,
    backup_codes,
    code_of,
    confirm,
    reauthenticate,
)
from tests.unit.commands.people.service import Service


def test_enrolment_needs_a_recent_proof_of_who_one_is(
    service: Service, engineer: UUID, session: UUID
) -> None:
    with pytest.raises(ReauthenticationRequired):
        service.give(BeginTotpEnrolment(account_id=engineer), engineer, session)


def test_nobody_enrols_for_somebody_else(service: Service, people: dict[Role, UUID], session: UUID) -> None:
    for command in (
        BeginTotpEnrolment(account_id=people[Role.ENGINEER]),
        ConfirmTotp(account_id=people[Role.ENGINEER], code="123456"),
        RegenerateBackupCodes(account_id=people[Role.ENGINEER]),
        DisableMfa(account_id=people[Role.ENGINEER]),
    ):
        with pytest.raises(NotPermitted):
            service.give(command, people[Role.ADMINISTRATOR])


def test_the_session_in_which_it_was_confirmed_has_both_factors(
    service: Service, enrolled: UUID, session: UUID
) -> None:
    assert service.state(Session, session).factors == ("password", "totp")
    assert service.topics()[-4:] == [
        "second_factor.step_consumed",
        "second_factor.enabled",
        "second_factor.backup_codes_issued",
        "session.factor_proved",
    ]


@pytest.mark.usefixtures("session")
def test_neither_secret_nor_codes_stand_readable_in_the_log(service: Service, enrolled: UUID) -> None:
    secret = str(service.state(SecondFactor, second_factor_id(enrolled)).secret)
    stored = b"".join(recorded.state for recorded in service.log.read(0, 1000)).decode()

    assert secret not in stored
    for code in backup_codes(service, enrolled):
        assert code not in stored
        assert code.replace("-", "") not in stored


def test_a_wrong_code_confirms_nothing_and_is_counted(
    service: Service, engineer: UUID, session: UUID
) -> None:
    reauthenticate(service, engineer, session)
    service.give(BeginTotpEnrolment(account_id=engineer), engineer, session)

    for code in ("000000", "abcdef", "٣٤٥٦٧٨", "0000000", ""):
        with pytest.raises(InvalidCode) as refusal:
            confirm(service, engineer, session, code or "x")
        assert (refusal.value.code, refusal.value.status) == ("invalid_code", 401)

    with pytest.raises(SignInDelayed):
        confirm(service, engineer, session)
    assert not service.state(SecondFactor, second_factor_id(engineer)).is_enabled


def test_without_an_offer_there_is_nothing_to_confirm(
    service: Service, engineer: UUID, session: UUID
) -> None:
    with pytest.raises(NoEnrolment):
        service.give(ConfirmTotp(account_id=engineer, code="123456"), engineer, session)


def test_another_authenticator_replaces_the_first(service: Service, enrolled: UUID, session: UUID) -> None:
    old = str(service.state(SecondFactor, second_factor_id(enrolled)).secret)
    service.later(minutes=6)
    with pytest.raises(ReauthenticationRequired):
        service.give(BeginTotpEnrolment(account_id=enrolled), enrolled, session)
    reauthenticate(service, enrolled, session, code_of(service, enrolled))
    service.give(BeginTotpEnrolment(account_id=enrolled), enrolled, session)

    service.later(seconds=30)
    confirm(service, enrolled, session)

    service.later(seconds=30)
    with pytest.raises(InvalidCode):
        service.sign_in(ENGINEER, code=pyotp.TOTP(old).at(service.now))
    service.sign_in(ENGINEER, code=code_of(service, enrolled))
    assert service.state(Session, session).factors == ("password", "totp")


def test_who_may_do_without_goes_back_to_the_password(
    service: Service, enrolled: UUID, session: UUID
) -> None:
    service.give(DisableMfa(account_id=enrolled), enrolled, session)

    assert service.state(Session, service.sign_in(ENGINEER)).factors == ("password",)


def test_an_authenticator_reads_issuer_name_and_secret() -> None:
    uri = provisioning_uri("A" * 32, "Works & Co", "eleni@example.com")

    read = pyotp.parse_uri(uri)
    assert (read.secret, read.issuer, read.name) == ("A" * 32, "Works & Co", "eleni@example.com")
