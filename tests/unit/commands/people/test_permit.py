"""The first question of every command, asked of the real table for every role and command."""

from __future__ import annotations

from itertools import product
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.authority.system import BY_THE_SYSTEM
from countersign.aggregates.permissions import PERMISSIONS
from countersign.aggregates.role import Role
from countersign.aggregates.session import SessionEnded
from countersign.commands.permit import (
    NotPermitted,
    ReauthenticationRequired,
    acting_account,
    acting_session,
    permit,
    require_reauthentication,
)
from countersign.commands.session.reauthenticate import Reauthenticate
from countersign.commands.session.revoke_session import RevokeSession
from countersign.eventstore.context import ANONYMOUS, SYSTEM, Context
from countersign.eventstore.recorder import AppendConflict
from countersign.eventstore.store import Store
from tests.unit.aggregates.test_permissions import CELLS
from tests.unit.commands.people.service import PASSWORD, Service

ENGINEER = "engineer@example.com"


def store(service: Service, actor: UUID, session: UUID | None = None) -> Store:
    context = Context(actor=actor, session=session, command_key=str(uuid4()), correlation="test")
    return Store(service.shared, context, "Test", b"", service.now)


def is_permitted(asked: Store, action: str, *, own: bool, assigned: bool) -> bool:
    me = asked.context.actor
    try:
        permit(asked, action, own=[me] if own else [uuid4()], assigned=[me] if assigned else [])
    except NotPermitted:
        return False
    return True


def test_every_cell_of_the_table_is_what_a_person_in_that_role_meets(
    service: Service, people: dict[Role, UUID]
) -> None:
    for (action, role), word in CELLS.items():
        asked = store(service, people[role])
        for own, assigned in product((False, True), repeat=2):
            expected = {"-": False, "any": True, "own": own, "assigned": assigned}[word]
            assert is_permitted(asked, action, own=own, assigned=assigned) is expected


def test_the_system_may_do_its_own_work_and_nothing_else(service: Service) -> None:
    for action in (*PERMISSIONS, *BY_THE_SYSTEM, "DropEverything"):
        allowed = is_permitted(store(service, SYSTEM), action, own=True, assigned=True)
        assert allowed is (action in BY_THE_SYSTEM)


def test_what_is_only_the_systems_is_refused_to_every_person(
    service: Service, people: dict[Role, UUID]
) -> None:
    for action, role in product(BY_THE_SYSTEM - set(PERMISSIONS), Role):
        assert not is_permitted(store(service, people[role]), action, own=True, assigned=True)


@pytest.mark.parametrize("actor", [ANONYMOUS, UUID(int=7)])
def test_without_an_account_nothing_is_permitted(service: Service, actor: UUID) -> None:
    for action in PERMISSIONS:
        assert not is_permitted(store(service, actor), action, own=True, assigned=True)


def test_a_command_under_a_session_that_is_over_is_refused(
    service: Service, people: dict[Role, UUID]
) -> None:
    person, session = people[Role.ENGINEER], service.sign_in(ENGINEER)
    permit(store(service, person, session), "CreateReport")

    service.later(minutes=30)

    with pytest.raises(SessionEnded):
        permit(store(service, person, session), "CreateReport")


def test_somebody_elses_session_is_none(service: Service, people: dict[Role, UUID]) -> None:
    session = service.sign_in(ENGINEER)

    for claimed in (session, uuid4()):
        with pytest.raises(SessionEnded):
            permit(store(service, people[Role.AUDITOR], claimed), "ViewReport")
    with pytest.raises(SessionEnded):
        acting_session(store(service, people[Role.AUDITOR]))


def test_a_session_that_is_revoked_while_a_command_decides_makes_it_decide_again(
    service: Service, people: dict[Role, UUID]
) -> None:
    person, session = people[Role.ENGINEER], service.sign_in(ENGINEER)
    deciding = store(service, person, session)
    permit(deciding, "CreateReport")

    service.give(RevokeSession(session_id=session), people[Role.ADMINISTRATOR])

    with pytest.raises(AppendConflict):
        deciding.save()
    with pytest.raises(SessionEnded):
        permit(store(service, person, session), "CreateReport")


def test_the_account_behind_a_call_is_to_be_had(service: Service, people: dict[Role, UUID]) -> None:
    assert acting_account(store(service, people[Role.ENGINEER])).name == "Kim Vega"


def test_signing_right_after_the_log_in_still_asks_for_the_password(
    service: Service, people: dict[Role, UUID]
) -> None:
    asked = store(service, people[Role.ENGINEER], service.sign_in(ENGINEER))

    with pytest.raises(ReauthenticationRequired) as refusal:
        require_reauthentication(asked)
    assert (refusal.value.code, refusal.value.status) == ("reauth_required", 403)


def test_the_proof_is_good_to_the_last_second_of_its_window(
    service: Service, people: dict[Role, UUID]
) -> None:
    person, session = people[Role.ENGINEER], service.sign_in(ENGINEER)
    service.give(Reauthenticate(session_id=session, password=PASSWORD), person, session)
    proved_at = service.now

    service.later(seconds=300)
    proof = require_reauthentication(store(service, person, session))
    assert (proof.at, proof.factors) == (proved_at, ("password",))

    service.later(microseconds=1)
    with pytest.raises(ReauthenticationRequired):
        require_reauthentication(store(service, person, session))
    require_reauthentication(store(service, person, session), window_s=600)


def test_the_proof_of_another_session_does_not_count(service: Service, people: dict[Role, UUID]) -> None:
    person = people[Role.ENGINEER]
    proved, other = service.sign_in(ENGINEER), service.sign_in(ENGINEER)
    service.give(Reauthenticate(session_id=proved, password=PASSWORD), person, proved)

    with pytest.raises(ReauthenticationRequired):
        require_reauthentication(store(service, person, other))


def test_without_a_live_session_nobody_signs(service: Service, people: dict[Role, UUID]) -> None:
    person, session = people[Role.ENGINEER], service.sign_in(ENGINEER)
    service.give(Reauthenticate(session_id=session, password=PASSWORD), person, session)
    service.give(RevokeSession(session_id=session), person, session)

    for claimed in (None, session):
        with pytest.raises(SessionEnded):
            require_reauthentication(store(service, person, claimed))
