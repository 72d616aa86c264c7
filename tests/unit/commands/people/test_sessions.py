"""Signing in, signing out, and proving again who one is."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from countersign.aggregates.role import Role
from countersign.aggregates.session import Session, SessionEnded
from countersign.commands.permit import NotPermitted, ReauthenticationRequired
from countersign.commands.session.attempt import BadCredentials
from countersign.commands.session.log_in import LogIn
from countersign.commands.session.reauthenticate import Reauthenticate
from countersign.commands.session.refresh_session import RefreshSession
from countersign.commands.session.revoke_session import RevokeSession
from countersign.commands.session.signed_in import signed_in
from countersign.eventstore.store import NotFound
from tests.unit.commands.people.service import PASSWORD, Service
from tests.unit.commands.people.signing_in import ENGINEER, registered_but_not_approved


def test_whoever_proves_who_they_are_has_a_session(service: Service, people: dict[Role, UUID]) -> None:
    session = service.sign_in(" Engineer@EXAMPLE.com")

    holder = signed_in(service.shared.aggregates, session, service.now)
    assert (holder.account, holder.role, holder.session) == (people[Role.ENGINEER], Role.ENGINEER, session)
    assert (holder.expires_at - service.now).total_seconds() == 43200


def test_the_log_in_is_recorded_under_the_name_of_the_person(
    service: Service, people: dict[Role, UUID]
) -> None:
    service.sign_in(ENGINEER)

    started = service.happened()[-1]
    assert started.topic == "session.started"
    assert started.metadata.actor == people[Role.ENGINEER]


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (ENGINEER, "wrong horse battery"),
        (ENGINEER, ""),
        ("nobody@example.com", PASSWORD),
        ("not an address", PASSWORD),
    ],
)
@pytest.mark.usefixtures("people")
def test_every_failed_log_in_is_answered_alike(service: Service, email: str, password: str) -> None:
    with pytest.raises(BadCredentials) as refusal:
        service.sign_in(email, password)

    assert (refusal.value.code, refusal.value.status) == ("bad_credentials", 401)
    assert refusal.value.detail == "the e-mail address or the password is wrong"
    assert not refusal.value.pointers
    assert service.topics()[-4:] == ["sign_in_throttle.opened", "sign_in_throttle.login_failed"] * 2


def test_an_account_that_was_not_approved_cannot_sign_in(service: Service, administrator: UUID) -> None:
    pending = registered_but_not_approved(service, administrator)

    with pytest.raises(BadCredentials):
        service.sign_in(pending)


def test_neither_password_nor_token_shows_in_what_is_printed(service: Service) -> None:
    token = service.tokens.issue(uuid4())

    assert PASSWORD not in repr(LogIn(session_id=uuid4(), email=ENGINEER, password=PASSWORD))
    assert PASSWORD not in repr(Reauthenticate(session_id=uuid4(), password=PASSWORD))
    assert token not in repr(RefreshSession(session_id=uuid4(), refresh_token=token))


def test_a_signed_out_session_is_good_for_nothing(service: Service, people: dict[Role, UUID]) -> None:
    session = service.sign_in(ENGINEER)
    person = people[Role.ENGINEER]

    service.give(RevokeSession(session_id=session), person, session)

    assert service.state(Session, session).revoked_because == "signed_out"
    with pytest.raises(SessionEnded):
        service.give(Reauthenticate(session_id=session, password=PASSWORD), person, session)
    with pytest.raises(SessionEnded):
        signed_in(service.shared.aggregates, session, service.now)


def test_revoking_a_session_twice_is_accepted_and_changes_nothing(
    service: Service, people: dict[Role, UUID]
) -> None:
    session, current = service.sign_in(ENGINEER), service.sign_in(ENGINEER)
    service.attempt(Reauthenticate(session_id=current, password=PASSWORD), people[Role.ENGINEER], current)
    service.give(RevokeSession(session_id=session), people[Role.ENGINEER], current)
    before = len(service.topics())

    service.give(RevokeSession(session_id=session), people[Role.ENGINEER], current)

    assert len(service.topics()) == before


def test_another_session_of_ones_own_is_ended_by_who_has_just_proved_who_they_are(
    service: Service, people: dict[Role, UUID]
) -> None:
    person, session, current = people[Role.ENGINEER], service.sign_in(ENGINEER), service.sign_in(ENGINEER)
    with pytest.raises(ReauthenticationRequired):
        service.give(RevokeSession(session_id=session), person, current)
    service.attempt(Reauthenticate(session_id=current, password=PASSWORD), person, current)
    service.later(minutes=5, seconds=1)
    with pytest.raises(ReauthenticationRequired):
        service.give(RevokeSession(session_id=session), person, current)

    service.attempt(Reauthenticate(session_id=current, password=PASSWORD), person, current)
    service.give(RevokeSession(session_id=session), person, current)

    assert service.state(Session, session).revoked_because == "signed_out"
    assert service.state(Session, current).revoked_because is None


def test_an_administrator_ends_anybodys_session_and_it_shows(
    service: Service, people: dict[Role, UUID]
) -> None:
    session = service.sign_in(ENGINEER)

    service.give(RevokeSession(session_id=session), people[Role.ADMINISTRATOR])

    assert service.state(Session, session).revoked_because == "ended_by_administrator"


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ENGINEER, Role.ADMINISTRATOR}])
def test_nobody_else_ends_somebodys_session(service: Service, people: dict[Role, UUID], role: Role) -> None:
    session = service.sign_in(ENGINEER)

    with pytest.raises(NotPermitted):
        service.give(RevokeSession(session_id=session), people[role])


def test_a_session_that_is_not_there_cannot_be_ended(service: Service, administrator: UUID) -> None:
    with pytest.raises(NotFound):
        service.give(RevokeSession(session_id=uuid4()), administrator)


def test_the_password_given_again_is_noted_in_the_session(service: Service, people: dict[Role, UUID]) -> None:
    session = service.sign_in(ENGINEER)
    service.later(minutes=10)

    service.give(Reauthenticate(session_id=session, password=PASSWORD), people[Role.ENGINEER], session)

    assert service.state(Session, session).reauthenticated_at == service.now


def test_a_wrong_password_is_no_proof(service: Service, people: dict[Role, UUID]) -> None:
    session = service.sign_in(ENGINEER)

    with pytest.raises(BadCredentials):
        service.attempt(
            Reauthenticate(session_id=session, password="wrong horse battery"),
            people[Role.ENGINEER],
            session,
        )
    assert service.state(Session, session).reauthenticated_at is None


def test_nobody_proves_themselves_in_somebody_elses_session(
    service: Service, people: dict[Role, UUID]
) -> None:
    session = service.sign_in(ENGINEER)

    for role in (Role.AUDITOR, Role.ADMINISTRATOR):
        with pytest.raises(NotPermitted):
            service.give(Reauthenticate(session_id=session, password=PASSWORD), people[role])


def test_a_session_of_nobody_or_of_no_account_stands_for_nobody(service: Service) -> None:
    unknown, orphan = (
        uuid4(),
        Session.start(uuid4(), service.now, uuid4(), ("password",), idle_s=60, absolute_s=60),
    )
    aggregates = service.shared.aggregates
    aggregates.keep(orphan, stored=1)

    for session in (unknown, orphan.id):
        with pytest.raises(SessionEnded):
            signed_in(aggregates, session, service.now)
