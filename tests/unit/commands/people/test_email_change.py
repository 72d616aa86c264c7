"""A person exchanges their address for another that they show to read."""

from __future__ import annotations

from uuid import UUID

import pytest

from countersign.aggregates.account import Account
from countersign.aggregates.account_refusals import InvalidOneTimeToken
from countersign.aggregates.email_identity import EmailIdentity, EmailTaken
from countersign.aggregates.role import Role
from countersign.commands.account.confirm_email_change import ConfirmEmailChange
from countersign.commands.account.disable_account import DisableAccount
from countersign.commands.account.one_time_tokens import TokenPurpose
from countersign.commands.account.request_email_change import RequestEmailChange
from countersign.commands.account.reset_password import ResetPassword
from countersign.commands.permit import ReauthenticationRequired
from countersign.commands.session.attempt import BadCredentials
from countersign.commands.session.reauthenticate import Reauthenticate
from countersign.eventstore.context import ANONYMOUS
from tests.unit.commands.people.letters import TOKENS, codes, reset_code
from tests.unit.commands.people.service import PASSWORD, Service

People = dict[Role, UUID]
OLD, NEW = "engineer@example.com", "Eva@New.example"


@pytest.fixture
def session(service: Service, people: People) -> UUID:
    """The engineer, who has just proved again who they are."""
    session = service.sign_in(OLD)
    service.give(Reauthenticate(session_id=session, password=PASSWORD), people[Role.ENGINEER], session)
    return session


def confirm(service: Service, token: str) -> None:
    service.give(ConfirmEmailChange(token=token), ANONYMOUS)


def last_code(service: Service) -> str:
    return codes(service, Account.EmailChangeRequested)[-1]


def test_the_new_address_comes_into_force_when_its_code_is_given_back(
    service: Service, people: People, session: UUID
) -> None:
    engineer = people[Role.ENGINEER]
    old = service.state(Account, engineer).email_identity
    service.give(RequestEmailChange(email=NEW), engineer, session)
    service.sign_in(OLD)

    confirm(service, last_code(service))

    account = service.state(Account, engineer)
    assert (account.email, account.email_verified) == ("Eva@new.example", True)
    service.sign_in("eva@new.example")
    with pytest.raises(BadCredentials):
        service.sign_in(OLD)
    assert service.state(EmailIdentity, old).holder is None
    assert service.state(EmailIdentity, account.email_identity).holder == engineer
    with pytest.raises(InvalidOneTimeToken):
        confirm(service, last_code(service))


def test_it_needs_a_fresh_proof_of_identity(service: Service, people: People) -> None:
    with pytest.raises(ReauthenticationRequired):
        service.give(RequestEmailChange(email=NEW), people[Role.ENGINEER], service.sign_in(OLD))


def test_the_address_one_has_changes_nothing(service: Service, people: People, session: UUID) -> None:
    before = service.topics()
    service.give(RequestEmailChange(email=OLD.upper()), people[Role.ENGINEER], session)
    assert service.topics() == before


def test_only_the_last_wish_counts(service: Service, people: People, session: UUID) -> None:
    for email in (NEW, "other@new.example"):
        service.give(RequestEmailChange(email=email), people[Role.ENGINEER], session)
    first, second = codes(service, Account.EmailChangeRequested)

    with pytest.raises(InvalidOneTimeToken):
        confirm(service, first)
    confirm(service, second)


def test_the_wish_does_not_tell_whether_somebody_has_the_address_but_the_code_does_not_take_it(
    service: Service, people: People, session: UUID
) -> None:
    service.give(RequestEmailChange(email="auditor@example.com"), people[Role.ENGINEER], session)

    with pytest.raises(EmailTaken):
        confirm(service, last_code(service))

    assert service.state(Account, people[Role.ENGINEER]).email == OLD
    service.sign_in(OLD)


def test_an_address_is_written_to_three_times_an_hour(
    service: Service, people: People, session: UUID
) -> None:
    for _ in range(4):
        service.give(RequestEmailChange(email=NEW), people[Role.ENGINEER], session)
    assert len(codes(service, Account.EmailChangeRequested)) == 3


def test_a_code_runs_out_and_opens_nothing_for_who_is_kept_out(
    service: Service, people: People, administrator: UUID, session: UUID
) -> None:
    service.give(RequestEmailChange(email=NEW), people[Role.ENGINEER], session)
    token = last_code(service)
    service.give(DisableAccount(account_id=people[Role.ENGINEER], reason="gone"), administrator)
    with pytest.raises(InvalidOneTimeToken):
        confirm(service, token)


def test_a_code_holds_for_an_hour(service: Service, people: People, session: UUID) -> None:
    service.give(RequestEmailChange(email=NEW), people[Role.ENGINEER], session)
    service.later(hours=1)
    with pytest.raises(InvalidOneTimeToken):
        confirm(service, last_code(service))
    with pytest.raises(InvalidOneTimeToken):
        confirm(service, TOKENS.make(TokenPurpose.EMAIL_CHANGE, people[Role.AUDITOR], "0"))


def test_a_reset_that_was_sent_to_the_old_address_is_void_after_the_change(
    service: Service, people: People, session: UUID
) -> None:
    reset = reset_code(service, OLD)
    service.give(RequestEmailChange(email=NEW), people[Role.ENGINEER], session)
    confirm(service, last_code(service))

    with pytest.raises(InvalidOneTimeToken):
        service.give(ResetPassword(token=reset, password="another good one"), ANONYMOUS)
