"""An installation, and the people in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.role import Role
from tests.unit.commands.people.service import Service, registration


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    """An installation in which nobody is yet."""
    running = Service(tmp_path)
    yield running
    running.close()


@pytest.fixture
def administrator(service: Service) -> UUID:
    """The first administrator."""
    return service.bootstrap()


@pytest.fixture
def people(service: Service, administrator: UUID) -> dict[Role, UUID]:
    """Somebody in every role; the address of each is the role at example.com."""
    accounts = {Role.ADMINISTRATOR: administrator}
    for role in Role:
        if role not in accounts:
            accounts[role] = uuid4()
            service.give(registration(accounts[role], role), administrator)
    return accounts
