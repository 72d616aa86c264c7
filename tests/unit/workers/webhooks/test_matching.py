"""An event is compared with every webhook, and what it is about is looked up once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.webhook.terms import Facts, Only
from countersign.commands.webhook.register_webhook import RegisterWebhook
from countersign.workers.history import History
from countersign.workers.webhooks.matching import Matching
from countersign.workers.webhooks.occasions import Occasions
from tests.unit.commands.people.service import Service

REPORT = UUID(int=9)
LATER = 1_000


class Counted(Occasions):
    """Knows one report, and counts how often it was asked for."""

    def __init__(self, service: Service) -> None:
        super().__init__(service.shared.aggregates, History(service.log, service.shared.mapper))
        self.asked = 0

    def facts(self, stream: UUID, version: int) -> Facts:
        self.asked += 1
        return Facts(report_type="SAT", project_reference="P-7", client_name="Northwind")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path)
    yield running
    running.close()


def registered(service: Service, administrator: UUID, only: Only, *types: str) -> UUID:
    webhook = uuid4()
    command = RegisterWebhook(
        webhook_id=webhook, name="ERP", url="https://erp.example.com/", only=only, event_types=types
    )
    service.give(command, administrator)
    return webhook


def test_what_an_event_is_about_is_looked_up_once_for_all_webhooks(service: Service) -> None:
    ada, occasions = service.bootstrap(), Counted(service)
    matching = Matching(service.shared.aggregates, service.log, occasions)
    all_of_them = registered(service, ada, Only())
    registered(service, ada, Only(client_name="Somebody else"))
    registered(service, ada, Only(), "report.revision_issued")
    of_the_project = registered(service, ada, Only(project_reference="P-7"))
    before = service.log.head()
    too_late = registered(service, ada, Only())

    assert matching.who_hears_of("report.created", REPORT, 1, before) == (all_of_them, of_the_project)
    assert occasions.asked == 1
    assert too_late in matching.who_hears_of("report.created", REPORT, 1, LATER)


def test_what_nobody_asks_for_is_not_looked_up(service: Service) -> None:
    occasions = Counted(service)
    matching = Matching(service.shared.aggregates, service.log, occasions)
    registered(service, service.bootstrap(), Only(), "report.revision_issued")
    assert matching.who_hears_of("report.created", REPORT, 1, LATER) == ()
    assert occasions.asked == 0
