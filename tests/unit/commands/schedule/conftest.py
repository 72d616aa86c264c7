"""A service in which schedules are kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from countersign.aggregates.role import Role
from tests.unit.commands.people.service import Service
from tests.unit.commands.schedule.keeping import joined


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with closing(Service(tmp_path)) as service:
        yield service


@pytest.fixture
def administrator(service: Service) -> UUID:
    return service.bootstrap()


@pytest.fixture
def engineer(service: Service, administrator: UUID) -> UUID:
    return joined(service, administrator, Role.ENGINEER)
