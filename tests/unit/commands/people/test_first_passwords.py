"""A password that an administrator has chosen is good for choosing another."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from countersign.aggregates.account import Account
from countersign.aggregates.account_refusals import PasswordChangeRequired, PasswordReused
from countersign.aggregates.role import Role
from countersign.commands.account.change_password import ChangePassword
from countersign.commands.account.reset_password import ResetPassword
from countersign.commands.account.update_profile import UpdateProfile
from countersign.commands.options import AccountRules
from countersign.commands.session.reauthenticate import Reauthenticate
from countersign.commands.session.revoke_session import RevokeSession
from countersign.eventstore.context import ANONYMOUS
from tests.unit.commands.people.letters import reset_code
from tests.unit.commands.people.service import PASSWORD, Service, registration

ENGINEER = "engineer@example.com"
OWN = "another good one"


@pytest.fixture
def person(service: Service) -> UUID:
    """An engineer whom the administrator has just registered."""
    administrator, account = service.bootstrap(), uuid4()
    rules = AccountRules(change_first_password=True)
    service.dispatcher = service.another_dispatcher(accounts=rules)
    service.give(registration(account, Role.ENGINEER), administrator)
    return account


def test_who_was_given_a_password_may_do_nothing_but_choose_their_own(service: Service, person: UUID) -> None:
    session = service.sign_in(ENGINEER)
    rename = UpdateProfile(account_id=person, name="Eva")
    with pytest.raises(PasswordChangeRequired) as refusal:
        service.give(rename, person, session)
    assert (refusal.value.code, refusal.value.status) == ("password_change_required", 403)

    service.give(ChangePassword(current_password=PASSWORD, new_password=OWN), person, session)

    service.give(rename, person, session)
    service.give(rename, person, service.sign_in(ENGINEER, OWN))


def test_the_password_that_was_given_does_not_stay(service: Service, person: UUID) -> None:
    session = service.sign_in(ENGINEER)

    with pytest.raises(PasswordReused):
        service.give(ChangePassword(current_password=PASSWORD, new_password=PASSWORD), person, session)

    assert service.state(Account, person).first_password


def test_they_may_prove_who_they_are_and_sign_out(service: Service, person: UUID) -> None:
    session = service.sign_in(ENGINEER)

    service.attempt(Reauthenticate(session_id=session, password=PASSWORD), person, session)
    service.give(RevokeSession(session_id=session), person, session)


def test_a_password_chosen_by_mail_is_their_own(service: Service, person: UUID) -> None:
    service.give(ResetPassword(token=reset_code(service, ENGINEER), password=OWN), ANONYMOUS)

    service.give(UpdateProfile(account_id=person, name="Eva"), person, service.sign_in(ENGINEER, OWN))


def test_the_first_administrator_has_chosen_themselves(service: Service) -> None:
    service.dispatcher = service.another_dispatcher(accounts=AccountRules(change_first_password=True))

    assert not service.state(Account, service.bootstrap()).first_password


def test_without_the_rule_the_password_may_stay(service: Service) -> None:
    administrator, account = service.bootstrap(), uuid4()
    service.give(registration(account, Role.ENGINEER), administrator)

    service.give(UpdateProfile(account_id=account, name="Eva"), account, service.sign_in(ENGINEER))
