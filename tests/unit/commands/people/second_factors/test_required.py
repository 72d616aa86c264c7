"""Roles that ask for a second factor, and what becomes of a lost one."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.account_refusals import OwnAccount
from countersign.aggregates.role import Role
from countersign.aggregates.root import DomainError
from countersign.aggregates.session import SecondFactorEnrolmentRequired, Session, SessionEnded
from countersign.commands.account.change_role import ChangeRole
from countersign.commands.options import SignInRules
from countersign.commands.permit import ReauthenticationRequired
from countersign.commands.report.create_report import CreateReport
from countersign.commands.second_factor.disable_mfa import DisableMfa, RoleRequiresSecondFactor
from countersign.commands.second_factor.reset_second_factor import ResetSecondFactor
from countersign.commands.session.revoke_session import RevokeSession
from tests.unit.commands.people.second_factors.enrolling import ENGINEER, enrol, reauthenticate
from tests.unit.commands.people.service import Service


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
