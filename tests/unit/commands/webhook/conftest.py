"""An installation with a webhook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.role import Role
from countersign.commands.webhook.register_webhook import RegisterWebhook
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
def operator(service: Service, administrator: UUID) -> UUID:
    """Who runs the machine."""
    account = uuid4()
    service.give(registration(account, Role.OPERATOR), administrator)
    return account


@pytest.fixture
def webhook(service: Service, administrator: UUID) -> UUID:
    """An endpoint that hears of everything."""
    webhook_id = uuid4()
    service.give(
        RegisterWebhook(
            webhook_id=webhook_id,
            name="ERP",
            url="https://erp.example.com/hook",
            headers={"Authorization": "Bearer of-the-endpoint"},
        ),
        administrator,
    )
    return webhook_id
