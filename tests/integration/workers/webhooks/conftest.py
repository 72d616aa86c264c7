"""Endpoints, and a plant that tells them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from countersign.eventstore.databases import Databases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.wakeups import Wakeups
from tests.integration.workers.webhooks.plant import WebhookPlant
from tests.integration.workers.webhooks.receiver import Receiver, receiving
from tests.unit.commands.documents.office import Course


@pytest.fixture
def plant(databases: Databases, wakeups: Wakeups, tmp_path: Path) -> WebhookPlant:
    return WebhookPlant(databases, open_log(databases, wakeups), wakeups, tmp_path)


@pytest.fixture
def course(plant: WebhookPlant) -> Course:
    """A report that is not there yet."""
    return Course(plant)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as endpoint:
        yield endpoint
