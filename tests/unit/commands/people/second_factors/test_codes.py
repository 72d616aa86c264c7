"""Codes of a second factor: when they are good, and how often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pyotp
import pytest
from sqlalchemy import delete

from countersign.aggregates.second_factor import (
    SecondFactor,
    SecondFactorNotEnabled,
    second_factor_id,
)
from countersign.aggregates.session import Session
from countersign.commands.second_factor.backup_codes import BackupCodes
from countersign.commands.second_factor.begin_totp_enrolment import BeginTotpEnrolment
from countersign.commands.second_factor.disable_mfa import DisableMfa
from countersign.commands.second_factor.proof import SecondFactorRequired, prove_factor
from countersign.commands.second_factor.regenerate_backup_codes import RegenerateBackupCodes
from countersign.commands.session.attempt import InvalidCode
from countersign.commands.session.log_in import LogIn
from countersign.eventstore.context import ANONYMOUS, Context
from countersign.eventstore.store import Store
from countersign.eventstore.subject_keys import subject_keys
from tests.unit.commands.people.second_factors.enrolling import (
    ENGINEER,
    backup_codes,
    code_of,
    confirm,
    reauthenticate,
)
from tests.unit.commands.people.service import PASSWORD, Service


@pytest.mark.usefixtures("enrolled")
def test_the_password_alone_is_no_longer_enough_and_no_failure_is_counted(service: Service) -> None:
    before = len(service.topics())

    for _ in range(6):
        with pytest.raises(SecondFactorRequired) as refusal:
            service.sign_in(ENGINEER)

    assert (refusal.value.code, refusal.value.status) == ("second_factor_required", 401)
    assert len(service.topics()) == before


def test_with_a_code_one_signs_in_and_the_session_says_so(service: Service, enrolled: UUID) -> None:
    session = service.sign_in(ENGINEER, code=code_of(service, enrolled))

    assert service.state(Session, session).factors == ("password", "totp")


@pytest.mark.parametrize("off_s", [-30, 0, 30])
def test_the_steps_beside_the_present_one_are_good_too(service: Service, enrolled: UUID, off_s: int) -> None:
    service.later(minutes=5)
    secret = str(service.state(SecondFactor, second_factor_id(enrolled)).secret)
    at = int(service.now.timestamp())

    service.sign_in(ENGINEER, code=pyotp.TOTP(secret).at(at + off_s))


@pytest.mark.parametrize("off_s", [-60, 60])
def test_the_steps_beyond_are_not(service: Service, enrolled: UUID, off_s: int) -> None:
    service.later(minutes=5)
    secret = str(service.state(SecondFactor, second_factor_id(enrolled)).secret)
    at = int(service.now.timestamp())

    with pytest.raises(InvalidCode):
        service.sign_in(ENGINEER, code=pyotp.TOTP(secret).at(at + off_s))


def test_a_code_is_good_once_even_within_its_half_minute(service: Service, enrolled: UUID) -> None:
    code = code_of(service, enrolled)
    service.sign_in(ENGINEER, code=code)

    with pytest.raises(InvalidCode):
        service.sign_in(ENGINEER, code=code)


def test_the_code_that_confirmed_the_enrolment_does_not_sign_in(
    service: Service, engineer: UUID, session: UUID
) -> None:
    reauthenticate(service, engineer, session)
    service.give(BeginTotpEnrolment(account_id=engineer), engineer, session)
    code = code_of(service, engineer)
    confirm(service, engineer, session, code)

    with pytest.raises(InvalidCode):
        service.sign_in(ENGINEER, code=code)


def test_of_two_who_show_the_same_code_at_once_one_gets_in(service: Service, enrolled: UUID) -> None:
    code = code_of(service, enrolled)
    commands = [LogIn(session_id=uuid4(), email=ENGINEER, password=PASSWORD, code=code) for _ in range(2)]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda command: service.give(command, ANONYMOUS), commands))

    started = [service.shared.aggregates.find(Session, command.session_id) for command in commands]
    assert started.count(None) == 1
    assert service.topics().count("second_factor.step_consumed") == 2


def test_digits_of_other_scripts_are_no_code(service: Service, enrolled: UUID) -> None:
    code = code_of(service, enrolled).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    with pytest.raises(InvalidCode):
        service.sign_in(ENGINEER, code=code)


def test_a_backup_code_stands_in_once_however_it_is_typed(service: Service, enrolled: UUID) -> None:
    first, second, *_ = backup_codes(service, enrolled)

    session = service.sign_in(ENGINEER, code=first)
    service.sign_in(ENGINEER, code=second.lower().replace("-", " "))

    assert service.state(Session, session).factors == ("password", "backup_code")
    assert service.state(SecondFactor, second_factor_id(enrolled)).codes_left == 8
    with pytest.raises(InvalidCode):
        service.sign_in(ENGINEER, code=first)


def test_ten_backup_codes_differ_from_one_another_and_from_those_of_others(service: Service) -> None:
    codes, someone = BackupCodes(b"k" * 32), uuid4()

    made = codes.codes(someone, "nonce") + codes.codes(uuid4(), "nonce") + codes.codes(someone, "other")
    made += BackupCodes(b"another key").codes(someone, "nonce")

    assert len(set(made)) == 40


def test_new_backup_codes_make_the_old_ones_void(service: Service, enrolled: UUID, session: UUID) -> None:
    old = backup_codes(service, enrolled)
    with pytest.raises(InvalidCode):
        service.sign_in(ENGINEER, code="AAAA-AAAA-AAAA-AAAA")

    service.give(RegenerateBackupCodes(account_id=enrolled), enrolled, session)

    with pytest.raises(InvalidCode):
        service.sign_in(ENGINEER, code=old[0])
    service.sign_in(ENGINEER, code=backup_codes(service, enrolled)[0])


def test_without_a_factor_there_are_no_backup_codes(service: Service, engineer: UUID, session: UUID) -> None:
    reauthenticate(service, engineer, session)

    for command in (RegenerateBackupCodes(account_id=engineer), DisableMfa(account_id=engineer)):
        with pytest.raises(SecondFactorNotEnabled):
            service.give(command, engineer, session)


def test_an_enrolled_person_proves_themselves_again_with_both(
    service: Service, enrolled: UUID, session: UUID
) -> None:
    with pytest.raises(SecondFactorRequired):
        reauthenticate(service, enrolled, session)
    with pytest.raises(InvalidCode):
        reauthenticate(service, enrolled, session, "000000")

    reauthenticate(service, enrolled, session, code_of(service, enrolled))

    assert service.state(Session, session).reauthentication_factors == ("password", "totp")


def test_once_the_persons_key_is_erased_no_code_is_good(service: Service, enrolled: UUID) -> None:
    code = code_of(service, enrolled)
    with service.shared_keys.write() as connection:
        connection.execute(delete(subject_keys).where(subject_keys.c.subject == enrolled))
    context = Context(actor=enrolled, command_key="erased", correlation="test")
    store = Store(service.another_store(), context, "Test", b"", service.now)

    assert prove_factor(store, enrolled, code, service.options) is None
