"""A second factor from its enrolment to its loss, and who may not do without one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pyotp
import pytest
from sqlalchemy import delete

from countersign.aggregates.account_refusals import OwnAccount
from countersign.aggregates.role import Role
from countersign.aggregates.root import DomainError
from countersign.aggregates.second_factor import (
    NoEnrolment,
    SecondFactor,
    SecondFactorNotEnabled,
    second_factor_id,
)
from countersign.aggregates.session import SecondFactorEnrolmentRequired, Session, SessionEnded
from countersign.aggregates.sign_in_throttle import SignInDelayed
from countersign.commands.account.change_role import ChangeRole
from countersign.commands.options import SignInRules
from countersign.commands.permit import NotPermitted, ReauthenticationRequired
from countersign.commands.report.create_report import CreateReport
from countersign.commands.second_factor.backup_codes import BackupCodes
from countersign.commands.second_factor.begin_totp_enrolment import BeginTotpEnrolment
from countersign.commands.second_factor.confirm_totp import ConfirmTotp
from countersign.commands.second_factor.disable_mfa import DisableMfa, RoleRequiresSecondFactor
from countersign.commands.second_factor.proof import SecondFactorRequired, prove_factor
from countersign.commands.second_factor.regenerate_backup_codes import RegenerateBackupCodes
from countersign.commands.second_factor.reset_second_factor import ResetSecondFactor
from countersign.commands.second_factor.totp import provisioning_uri
from countersign.commands.session.attempt import InvalidCode, require_success
from countersign.commands.session.log_in import LogIn
from countersign.commands.session.reauthenticate import Reauthenticate
from countersign.commands.session.revoke_session import RevokeSession
from countersign.eventstore.context import ANONYMOUS, Context
from countersign.eventstore.store import Store
from countersign.eventstore.subject_keys import subject_keys
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


@pytest.fixture
def engineer(people: dict[Role, UUID]) -> UUID:
    return people[Role.ENGINEER]


@pytest.fixture
def session(service: Service, engineer: UUID) -> UUID:
    return service.sign_in(ENGINEER)


@pytest.fixture
def enrolled(service: Service, engineer: UUID, session: UUID) -> UUID:
    """The engineer, with an authenticator, half a minute later."""
    enrol(service, engineer, session)
    return engineer


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


def test_once_the_persons_key_is_erased_no_code_is_good(service: Service, enrolled: UUID) -> None:
    code = code_of(service, enrolled)
    with service.shared_keys.write() as connection:
        connection.execute(delete(subject_keys).where(subject_keys.c.subject == enrolled))
    context = Context(actor=enrolled, command_key="erased", correlation="test")
    store = Store(service.another_store(), context, "Test", b"", service.now)

    assert prove_factor(store, enrolled, code, service.options) is None


class TestWhereTheRoleAsksForOne:
    @pytest.fixture(autouse=True)
    def policy(self, service: Service, people: dict[Role, UUID]) -> None:
        rules = SignInRules(totp_required_roles=frozenset({Role.ENGINEER}))
        service.dispatcher = service.another_dispatcher(sign_in=rules)

    def test_without_it_one_may_do_nothing_but_enrol(
        self, service: Service, engineer: UUID, session: UUID
    ) -> None:
        assert service.state(Session, session).enrolment_only
        with pytest.raises(SecondFactorEnrolmentRequired):
            service.give(CreateReport(**NEW_REPORT), engineer, session)

        enrol(service, engineer, session)

        with pytest.raises(DomainError) as refusal:
            service.give(CreateReport(**NEW_REPORT), engineer, session)
        assert refusal.value.code == "unknown_type"

    def test_one_may_always_leave(self, service: Service, engineer: UUID, session: UUID) -> None:
        service.give(RevokeSession(session_id=session), engineer, session)

    def test_the_others_are_not_asked(self, service: Service, people: dict[Role, UUID]) -> None:
        assert not service.state(Session, service.sign_in("auditor@example.com")).enrolment_only

    def test_whoever_is_given_the_role_signs_in_anew(
        self, service: Service, people: dict[Role, UUID]
    ) -> None:
        auditor = people[Role.AUDITOR]
        session = service.sign_in("auditor@example.com")
        given = ChangeRole(account_id=auditor, role=Role.ENGINEER)

        service.give(given, people[Role.ADMINISTRATOR])

        with pytest.raises(SessionEnded):
            reauthenticate(service, auditor, session)
        assert service.state(Session, service.sign_in("auditor@example.com")).enrolment_only
        before = len(service.topics())
        service.give(given, people[Role.ADMINISTRATOR])
        assert len(service.topics()) == before

    def test_it_cannot_be_disabled(self, service: Service, enrolled: UUID, session: UUID) -> None:
        with pytest.raises(RoleRequiresSecondFactor) as refusal:
            service.give(DisableMfa(account_id=enrolled), enrolled, session)

        assert refusal.value.code == "role_requires_second_factor"


def test_an_administrator_resets_it_with_a_reason_and_every_session_ends(
    service: Service, people: dict[Role, UUID], enrolled: UUID, session: UUID
) -> None:
    administrator = people[Role.ADMINISTRATOR]
    desk = service.sign_in("ada@example.com")
    reset = ResetSecondFactor(account_id=enrolled, reason=" phone lost, seen in person ")
    with pytest.raises(ReauthenticationRequired):
        service.give(reset, administrator, desk)
    reauthenticate(service, administrator, desk)

    service.give(reset, administrator, desk)

    disabled = next(each for each in service.happened() if each.topic == "second_factor.disabled")
    assert vars(disabled.event)["reason"] == "phone lost, seen in person"
    assert vars(disabled.event)["by"] == administrator
    with pytest.raises(SessionEnded):
        reauthenticate(service, enrolled, session)
    service.sign_in(ENGINEER)


def test_nobody_resets_their_own_nor_without_a_reason_nor_what_is_not_there(
    service: Service, people: dict[Role, UUID], enrolled: UUID
) -> None:
    administrator, desk = people[Role.ADMINISTRATOR], service.sign_in("ada@example.com")
    reauthenticate(service, administrator, desk)

    with pytest.raises(OwnAccount):
        service.give(ResetSecondFactor(account_id=administrator, reason="mine"), administrator, desk)
    for account, reason, code in (
        (enrolled, "  ", "reason_required"),
        (people[Role.AUDITOR], "lost", "second_factor_not_enabled"),
        (uuid4(), "lost", "not_found"),
    ):
        with pytest.raises(DomainError) as refusal:
            service.give(ResetSecondFactor(account_id=account, reason=reason), administrator, desk)
        assert refusal.value.code == code


NEW_REPORT: dict[str, Any] = {
    "report_id": UUID(int=77),
    "report_type": "SAT",
    "header": {"document_title": "Pump station"},
}


def test_an_authenticator_reads_issuer_name_and_secret() -> None:
    uri = provisioning_uri("A" * 32, "Works & Co", "eleni@example.com")

    read = pyotp.parse_uri(uri)
    assert (read.secret, read.issuer, read.name) == ("A" * 32, "Works & Co", "eleni@example.com")
