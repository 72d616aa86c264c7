"""Who reads somebody's mail gets a new password by it, and no further."""

from __future__ import annotations

from uuid import UUID

import pytest

from countersign.aggregates.role import Role
from countersign.commands.account.reset_password import ResetPassword
from countersign.commands.second_factor.proof import SecondFactorRequired
from countersign.eventstore.context import ANONYMOUS
from tests.unit.commands.people.letters import reset_code
from tests.unit.commands.people.second_factors.enrolling import code_of, enrol
from tests.unit.commands.people.service import Service

ENGINEER = "engineer@example.com"
NEW = "another good one"


def test_a_password_that_was_reset_still_asks_for_the_second_factor(
    service: Service, people: dict[Role, UUID]
) -> None:
    engineer = people[Role.ENGINEER]
    enrol(service, engineer, service.sign_in(ENGINEER))

    service.give(ResetPassword(token=reset_code(service, ENGINEER), password=NEW), ANONYMOUS)

    with pytest.raises(SecondFactorRequired):
        service.sign_in(ENGINEER, NEW)
    service.sign_in(ENGINEER, NEW, code=code_of(service, engineer))
