"""The command by which a browser's session goes on."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.role import Role
from countersign.aggregates.session import Session, SessionEnded
from countersign.commands.session.continue_session import ContinueSession
from countersign.commands.session.revoke_session import RevokeSession
from tests.unit.commands.people.service import Service


@pytest.fixture
def engineer(people: dict[Role, UUID]) -> UUID:
    return people[Role.ENGINEER]


@pytest.fixture
def session(service: Service, engineer: UUID) -> UUID:
    return service.sign_in("engineer@example.com")


def test_the_session_of_the_call_goes_on_once_in_five_minutes(
    service: Service, engineer: UUID, session: UUID
) -> None:
    for _ in range(2):
        service.give(ContinueSession(), engineer, session)
    assert service.state(Session, session).version == 1

    service.now += timedelta(minutes=5)
    for _ in range(3):
        service.give(ContinueSession(), engineer, session)
    assert service.state(Session, session).version == 2
    assert service.topics().count("session.continued") == 1


def test_a_session_that_is_over_does_not_go_on(service: Service, engineer: UUID, session: UUID) -> None:
    service.give(RevokeSession(session_id=session), engineer, session)
    service.now += timedelta(minutes=5)

    with pytest.raises(SessionEnded):
        service.give(ContinueSession(), engineer, session)


def test_nobody_goes_on_with_a_session_of_somebody_else_or_with_none(
    service: Service, people: dict[Role, UUID], engineer: UUID, session: UUID
) -> None:
    for actor, given in ((people[Role.AUDITOR], session), (engineer, uuid4()), (engineer, None)):
        with pytest.raises(SessionEnded):
            service.give(ContinueSession(), actor, given)
