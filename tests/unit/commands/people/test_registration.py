"""Strangers ask for an account; nothing tells them whether an address is known."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.account import Account, AccountStatus
from countersign.aggregates.account_refusals import (
    AlreadyApproved,
    EmailUnverified,
    InvalidOneTimeToken,
    ReasonRequired,
    WrongAccountStatus,
)
from countersign.aggregates.email_address import InvalidEmail
from countersign.aggregates.email_identity import EmailIdentity, EmailTaken
from countersign.aggregates.registration import Registration
from countersign.aggregates.role import Role
from countersign.aggregates.root import DomainError
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.account.approve_account import ApproveAccount
from countersign.commands.account.enrolment import InvalidName
from countersign.commands.account.one_time_tokens import OneTimeTokens, TokenPurpose
from countersign.commands.account.reject_account import RejectAccount
from countersign.commands.account.sign_up import SelfRegistrationOff
from countersign.commands.account.verify_email import NotYourRegistration, VerifyEmail
from countersign.commands.options import AccountRules
from countersign.commands.password_rules import WeakPassword
from countersign.commands.session.attempt import BadCredentials
from countersign.eventstore.context import ANONYMOUS, Context
from tests.unit.commands.people.letters import TOKENS, codes, sign_up, verified
from tests.unit.commands.people.service import PASSWORD, Service

SARA = "sara@example.com"


def verify(service: Service, token: str, password: str = PASSWORD) -> UUID:
    account = uuid4()
    service.give(VerifyEmail(account_id=account, token=token, password=password), ANONYMOUS)
    return account


def test_a_wish_claims_nothing_until_the_address_is_confirmed(service: Service, administrator: UUID) -> None:
    service.give(sign_up(), ANONYMOUS)
    assert service.topics()[-3:] == ["mailbox.opened", "mailbox.letter_sought", "registration.requested"]

    account = verify(service, codes(service, Registration.Created)[0])

    assert service.topics()[-4:] == [
        "account.registered",
        "account.email_verified",
        "email_identity.claimed",
        "registration.confirmed",
    ]
    state = service.state(Account, account)
    assert (state.name, state.email, state.status) == ("Sara Stranger", SARA, AccountStatus.PENDING)
    assert (state.requested_role, state.role) == (Role.ENGINEER, None)
    with pytest.raises(BadCredentials):
        service.sign_in(SARA)


def test_an_approved_stranger_signs_in_in_the_role_that_was_decided_on(
    service: Service, administrator: UUID
) -> None:
    account = verified(service)

    service.give(ApproveAccount(account_id=account, role=Role.AUDITOR), administrator)

    assert service.state(Account, account).role is Role.AUDITOR
    assert service.state(Roster, ROSTER_ID).holds(account, Role.AUDITOR)
    service.sign_in(SARA)
    with pytest.raises(AlreadyApproved):
        service.give(ApproveAccount(account_id=account, role=Role.ENGINEER), administrator)


def test_a_known_address_is_noted_in_the_same_way_and_its_owner_is_named(
    service: Service, administrator: UUID
) -> None:
    before = service.log.head()
    service.give(sign_up("nobody@example.com"), ANONYMOUS)
    unknown = service.log.head() - before

    service.give(sign_up("ADA@example.com"), ANONYMOUS)

    assert service.log.head() - before == 2 * unknown
    (_, known) = (each.event for each in service.happened() if type(each.event) is Registration.Created)
    assert isinstance(known, Registration.Created)
    assert known.holder == administrator
    with pytest.raises(InvalidOneTimeToken):  # there is a code, which is sent to nobody
        verify(service, codes(service, Registration.Created)[-1])


def test_neither_name_nor_address_nor_code_stand_readable_in_the_log(
    service: Service, administrator: UUID
) -> None:
    service.give(sign_up(), ANONYMOUS)

    stored = b"".join(recorded.state + recorded.metadata for recorded in service.log.read(0, 1000))
    code = codes(service, Registration.Created)[0]
    for readable in (PASSWORD, "Sara", SARA, "argon2id", code):
        assert readable.encode() not in stored
    assert PASSWORD not in repr(sign_up())


def test_who_reads_the_mail_but_chose_no_password_confirms_nothing(
    service: Service, administrator: UUID
) -> None:
    """Otherwise a thief registers your address under a password of theirs, and you confirm it."""
    service.give(sign_up(password="a thief knows this one"), ANONYMOUS)
    token = codes(service, Registration.Created)[0]

    with pytest.raises(NotYourRegistration) as refusal:
        verify(service, token)

    assert (refusal.value.code, refusal.value.status) == ("not_your_registration", 401)
    service.give(sign_up(), ANONYMOUS)
    verify(service, codes(service, Registration.Created)[1])


def test_a_code_confirms_once_and_for_a_day(service: Service, administrator: UUID) -> None:
    service.give(sign_up(), ANONYMOUS)
    service.give(sign_up("later@example.com"), ANONYMOUS)
    first, second = codes(service, Registration.Created)
    verify(service, first)

    with pytest.raises(InvalidOneTimeToken) as refusal:
        verify(service, first)
    assert (refusal.value.code, refusal.value.status) == ("invalid_one_time_token", 422)
    service.later(days=1)
    with pytest.raises(InvalidOneTimeToken):
        verify(service, second)


@pytest.mark.parametrize("wrong", ["", "x" * 64, "é" * 64, "-" * 63 + "!", "!" * 3 + "A" * 61, "+" * 64])
def test_what_is_no_code_confirms_nothing(service: Service, administrator: UUID, wrong: str) -> None:
    with pytest.raises(InvalidOneTimeToken):
        verify(service, wrong)


def test_a_code_of_another_key_or_purpose_confirms_nothing(service: Service, administrator: UUID) -> None:
    wish = sign_up()
    service.give(wish, ANONYMOUS)
    registration = service.state(Registration, wish.registration_id)

    for token in (
        OneTimeTokens(b"p" * 32).make(TokenPurpose.REGISTRATION, registration.id, registration.ticket.nonce),
        TOKENS.make(TokenPurpose.PASSWORD_RESET, registration.id, registration.ticket.nonce),
        TOKENS.make(TokenPurpose.REGISTRATION, registration.id, "0" * 32),
    ):
        with pytest.raises(InvalidOneTimeToken):
            verify(service, token)


def test_of_two_registrations_of_one_address_one_becomes_an_account(
    service: Service, administrator: UUID
) -> None:
    for _ in range(2):
        service.give(sign_up(), ANONYMOUS)

    def confirm(token: str) -> str:
        command = VerifyEmail(account_id=uuid4(), token=token, password=PASSWORD)
        try:
            service.give(command, ANONYMOUS, key=token)
        except DomainError as refusal:
            return refusal.code
        return "accepted"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(confirm, codes(service, Registration.Created)))

    assert answers == ["accepted", "email_taken"]


def test_an_address_is_written_to_three_times_an_hour(service: Service, administrator: UUID) -> None:
    for _ in range(5):
        service.give(sign_up(), ANONYMOUS)
    assert len(codes(service, Registration.Created)) == 3

    service.give(sign_up("other@example.com"), ANONYMOUS)
    service.later(hours=1)
    service.give(sign_up(), ANONYMOUS)

    assert len(codes(service, Registration.Created)) == 5


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"name": ""}, InvalidName),
        ({"email": "sara"}, InvalidEmail),
        ({"password": "short"}, WeakPassword),
        ({"password": "sara at the desk"}, WeakPassword),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_is_looked_up(
    service: Service, administrator: UUID, changes: dict[str, Any], error: type[DomainError]
) -> None:
    before = service.topics()
    with pytest.raises(error):
        service.give(sign_up(**changes), ANONYMOUS)
    assert service.topics() == before


def test_an_installation_may_leave_it_to_its_administrators(service: Service, administrator: UUID) -> None:
    closed = service.another_dispatcher(accounts=AccountRules(self_registration=False))

    with pytest.raises(SelfRegistrationOff) as refusal:
        closed.dispatch(sign_up(), Context(actor=ANONYMOUS, command_key="k", correlation="test"))

    assert (refusal.value.code, refusal.value.status) == ("self_registration_off", 403)


def test_a_rejected_stranger_is_told_why_and_may_try_again(service: Service, administrator: UUID) -> None:
    account = verified(service)
    with pytest.raises(ReasonRequired):
        service.give(RejectAccount(account_id=account, reason=" "), administrator)

    service.give(RejectAccount(account_id=account, reason=" not one of us "), administrator)

    rejected = service.happened()[-2].event
    assert isinstance(rejected, Account.Rejected)
    assert rejected.reason == "not one of us"
    for command in (
        RejectAccount(account_id=account, reason="again"),
        ApproveAccount(account_id=account, role=Role.ENGINEER),
    ):
        with pytest.raises(WrongAccountStatus) as refusal:
            service.give(command, administrator)
        assert (refusal.value.code, refusal.value.status) == ("wrong_account_status", 409)
    again = verified(service)
    identity = service.state(EmailIdentity, service.state(Account, again).email_identity)
    assert (identity.holder, identity.version) == (again, 3)


def test_an_address_that_nobody_has_shown_to_read_is_not_let_in(service: Service) -> None:
    account = Account.register(
        uuid4(),
        service.now,
        name="Sara",
        email=SARA,
        email_identity=uuid4(),
        password_hash="-",
        requested_role=Role.ENGINEER,
    )
    with pytest.raises(EmailUnverified) as refusal:
        account.require_verified()
    assert (refusal.value.code, refusal.value.status) == ("email_unverified", 409)
    account.verify_email(service.now + timedelta(1))
    account.require_verified()


def test_an_address_is_not_taken_from_its_holder() -> None:
    identity = EmailIdentity.claim(uuid4(), Service.BEGAN, uuid4())
    with pytest.raises(EmailTaken):
        identity.claim_again(Service.BEGAN, uuid4())
    identity.release(Service.BEGAN)
    identity.release(Service.BEGAN)
    assert (identity.holder, identity.version) == (None, 2)
