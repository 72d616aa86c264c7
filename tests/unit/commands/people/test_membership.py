"""What administrators, and people themselves, may do to an account that is in."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.account import Account, AccountStatus
from countersign.aggregates.account_refusals import (
    LastAdministrator,
    OwnAccount,
    ReasonRequired,
    WrongAccountStatus,
)
from countersign.aggregates.email_identity import EmailIdentity
from countersign.aggregates.role import Role
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.aggregates.session import SessionEnded
from countersign.commands.account.change_role import ChangeRole
from countersign.commands.account.close_account import CloseAccount
from countersign.commands.account.disable_account import DisableAccount
from countersign.commands.account.enable_account import EnableAccount
from countersign.commands.account.enrolment import InvalidName
from countersign.commands.account.update_profile import UpdateProfile
from countersign.commands.permit import NotPermitted, ReauthenticationRequired
from countersign.commands.session.attempt import BadCredentials
from countersign.commands.session.reauthenticate import Reauthenticate
from countersign.commands.session.refresh_session import RefreshSession
from countersign.commands.session.signed_in import signed_in
from countersign.eventstore.context import ANONYMOUS
from countersign.eventstore.store import NotFound
from tests.unit.commands.people.letters import verified
from tests.unit.commands.people.service import PASSWORD, Service

People = dict[Role, UUID]
ENGINEER = "engineer@example.com"


def administrator_commands(account: UUID) -> list[Any]:
    return [
        ChangeRole(account_id=account, role=Role.AUDITOR),
        DisableAccount(account_id=account, reason="gone"),
        EnableAccount(account_id=account),
    ]


def test_a_new_role_counts_from_the_next_command_on(
    service: Service, people: People, administrator: UUID
) -> None:
    engineer = people[Role.ENGINEER]

    service.give(ChangeRole(account_id=engineer, role=Role.ADMINISTRATOR), administrator)

    changed = next(each.event for each in service.happened() if each.topic == "account.role_changed")
    assert isinstance(changed, Account.RoleChanged)
    assert (changed.old, changed.new) == (Role.ENGINEER, Role.ADMINISTRATOR)
    service.give(ChangeRole(account_id=people[Role.AUDITOR], role=Role.OPERATOR), engineer)
    assert service.state(Roster, ROSTER_ID).holds(people[Role.AUDITOR], Role.OPERATOR)


def test_a_role_that_somebody_has_already_changes_nothing(
    service: Service, people: People, administrator: UUID
) -> None:
    before = service.topics()
    service.give(ChangeRole(account_id=people[Role.ENGINEER], role=Role.ENGINEER), administrator)
    assert service.topics() == before


def test_nobody_decides_about_themselves(service: Service, people: People, administrator: UUID) -> None:
    service.give(ChangeRole(account_id=people[Role.ENGINEER], role=Role.ADMINISTRATOR), administrator)
    for command in administrator_commands(administrator)[:2]:
        with pytest.raises(OwnAccount) as refusal:
            service.give(command, administrator)
        assert (refusal.value.code, refusal.value.status) == ("own_account", 403)


def test_the_last_administrator_stays(service: Service, people: People, administrator: UUID) -> None:
    session = service.sign_in("ada@example.com")
    service.give(Reauthenticate(session_id=session, password=PASSWORD), administrator, session)

    with pytest.raises(LastAdministrator) as refusal:
        service.give(CloseAccount(account_id=administrator), administrator, session)

    assert (refusal.value.code, refusal.value.status) == ("last_administrator", 409)
    roster = service.state(Roster, ROSTER_ID)
    with pytest.raises(LastAdministrator):
        roster.grant(service.now, administrator, Role.ENGINEER)
    with pytest.raises(LastAdministrator):
        roster.revoke(service.now, administrator)
    service.give(ChangeRole(account_id=people[Role.ENGINEER], role=Role.ADMINISTRATOR), administrator)
    service.give(CloseAccount(account_id=administrator), administrator, session)
    assert service.state(Roster, ROSTER_ID).administrators == {people[Role.ENGINEER]}


def test_of_two_administrators_who_disable_each_other_one_remains(
    service: Service, people: People, administrator: UUID
) -> None:
    second = people[Role.ENGINEER]
    service.give(ChangeRole(account_id=second, role=Role.ADMINISTRATOR), administrator)

    service.give(DisableAccount(account_id=second, reason="first"), administrator)
    with pytest.raises(NotPermitted):
        service.give(DisableAccount(account_id=administrator, reason="second"), second)


def test_disabling_ends_every_session_at_once(service: Service, people: People, administrator: UUID) -> None:
    engineer, sessions = people[Role.ENGINEER], [service.sign_in(ENGINEER) for _ in range(2)]

    service.give(DisableAccount(account_id=engineer, reason="left the project"), administrator)

    for session in sessions:
        with pytest.raises(NotPermitted):
            service.give(UpdateProfile(account_id=engineer, name="Eva"), engineer, session)
        refresh = RefreshSession(session_id=session, refresh_token=service.tokens.issue(session))
        with pytest.raises(SessionEnded):
            service.give(refresh, ANONYMOUS)
        with pytest.raises(SessionEnded):
            signed_in(service.shared.aggregates, session, service.now)
    with pytest.raises(BadCredentials):
        service.sign_in(ENGINEER)
    assert service.state(Roster, ROSTER_ID).role_of(engineer) is None


def test_an_enabled_person_has_their_role_again_and_none_of_the_old_sessions(
    service: Service, people: People, administrator: UUID
) -> None:
    engineer, old = people[Role.ENGINEER], service.sign_in(ENGINEER)
    service.give(DisableAccount(account_id=engineer, reason="away"), administrator)

    service.give(EnableAccount(account_id=engineer), administrator)

    assert service.state(Roster, ROSTER_ID).holds(engineer, Role.ENGINEER)
    with pytest.raises(SessionEnded):
        service.give(UpdateProfile(account_id=engineer, name="Eva"), engineer, old)
    service.give(UpdateProfile(account_id=engineer, name="Eva"), engineer, service.sign_in(ENGINEER))
    with pytest.raises(WrongAccountStatus):
        service.give(EnableAccount(account_id=engineer), administrator)


def test_disabling_says_why(service: Service, people: People, administrator: UUID) -> None:
    with pytest.raises(ReasonRequired) as refusal:
        service.give(DisableAccount(account_id=people[Role.ENGINEER], reason="  "), administrator)
    assert (refusal.value.code, refusal.value.status) == ("reason_required", 422)


def test_who_leaves_proves_who_they_are_and_frees_their_address(service: Service, people: People) -> None:
    engineer, session = people[Role.ENGINEER], service.sign_in(ENGINEER)
    with pytest.raises(ReauthenticationRequired):
        service.give(CloseAccount(account_id=engineer), engineer, session)
    service.give(Reauthenticate(session_id=session, password=PASSWORD), engineer, session)

    service.give(CloseAccount(account_id=engineer), engineer, session)

    account = service.state(Account, engineer)
    assert account.status is AccountStatus.CLOSED
    assert service.state(EmailIdentity, account.email_identity).holder is None
    assert service.state(Roster, ROSTER_ID).role_of(engineer) is None
    with pytest.raises(BadCredentials):
        service.sign_in(ENGINEER)


def test_an_administrator_closes_an_account_once(
    service: Service, people: People, administrator: UUID
) -> None:
    service.give(CloseAccount(account_id=people[Role.ENGINEER]), administrator)
    with pytest.raises(WrongAccountStatus):
        service.give(CloseAccount(account_id=people[Role.ENGINEER]), administrator)


def test_who_waits_to_be_let_in_may_be_closed_too(service: Service, administrator: UUID) -> None:
    account = verified(service)
    service.give(CloseAccount(account_id=account), administrator)
    assert service.state(Account, account).status is AccountStatus.CLOSED


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_decide_about_others(service: Service, people: People, role: Role) -> None:
    other = people[Role.ENGINEER if role is not Role.ENGINEER else Role.AUDITOR]
    commands = [*administrator_commands(other), CloseAccount(account_id=other)]
    before = len(service.topics())
    for command in [*commands, UpdateProfile(account_id=other, name="X")]:
        with pytest.raises(NotPermitted):
            service.give(command, people[role])
    assert len(service.topics()) == before


def test_an_account_that_is_not_there_is_not_found(service: Service, administrator: UUID) -> None:
    for command in administrator_commands(uuid4()):
        with pytest.raises(NotFound):
            service.give(command, administrator)


def test_a_name_is_changed_as_it_is_given(service: Service, people: People) -> None:
    engineer = people[Role.ENGINEER]
    for _ in range(2):
        service.give(UpdateProfile(account_id=engineer, name=" Eva  Engel "), engineer)

    assert service.state(Account, engineer).name == "Eva Engel"
    assert service.topics().count("account.profile_changed") == 1
    with pytest.raises(InvalidName):
        service.give(UpdateProfile(account_id=engineer, name="\u202e"), engineer)
