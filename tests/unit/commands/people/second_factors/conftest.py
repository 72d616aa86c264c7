"""Somebody without a second factor, and with one."""

from __future__ import annotations

from uuid import UUID

import pytest

from countersign.aggregates.role import Role
from tests.unit.commands.people.second_factors.enrolling import ENGINEER, enrol
from tests.unit.commands.people.service import Service


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
