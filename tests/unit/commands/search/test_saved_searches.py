"""Who may keep a search, share it, and delete it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.role import Role
from countersign.aggregates.saved_search import SavedSearch, SearchDeleted
from countersign.aggregates.sought import Sought
from countersign.commands.permit import NotPermitted
from countersign.commands.search.delete_search import DeleteSearch
from countersign.commands.search.save_search import SaveSearch, SearchExists
from countersign.commands.search.share_search import ShareSearch
from countersign.eventstore.store import NotFound
from tests.unit.commands.people.service import Service, registration

PUMPS = Sought(text="pump")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path)
    yield running
    running.close()


@pytest.fixture
def administrator(service: Service) -> UUID:
    return service.bootstrap()


@pytest.fixture
def engineer(service: Service, administrator: UUID) -> UUID:
    return joined(service, administrator, Role.ENGINEER)


@pytest.fixture
def manager(service: Service, administrator: UUID) -> UUID:
    return joined(service, administrator, Role.TECHNICAL_MANAGER)


def joined(service: Service, administrator: UUID, role: Role) -> UUID:
    account = uuid4()
    service.give(registration(account, role), administrator)
    return account


def saved(service: Service, by: UUID) -> UUID:
    search = uuid4()
    service.give(SaveSearch(search_id=search, name="Pumps", sought=PUMPS), by)
    return search


def test_an_engineer_keeps_a_search_and_deletes_it(service: Service, engineer: UUID) -> None:
    search = saved(service, engineer)
    kept = service.state(SavedSearch, search)
    assert (kept.owner, kept.name, kept.sought) == (engineer, "Pumps", PUMPS)

    service.give(DeleteSearch(search_id=search), engineer)
    assert service.state(SavedSearch, search).deleted


def test_a_search_is_saved_once(service: Service, engineer: UUID) -> None:
    search = saved(service, engineer)
    with pytest.raises(SearchExists):
        service.give(SaveSearch(search_id=search, name="Again", sought=PUMPS), engineer)


def test_a_manager_shares_an_own_search(service: Service, manager: UUID) -> None:
    search = saved(service, manager)
    service.give(ShareSearch(search_id=search, roles=(Role.ENGINEER,)), manager)
    assert service.state(SavedSearch, search).roles == (Role.ENGINEER,)

    service.give(DeleteSearch(search_id=search), manager)
    with pytest.raises(SearchDeleted):
        service.give(ShareSearch(search_id=search, everybody=True), manager)


def test_nobody_shares_the_search_of_another(service: Service, manager: UUID, administrator: UUID) -> None:
    search = saved(service, manager)
    with pytest.raises(NotPermitted):
        service.give(ShareSearch(search_id=search, everybody=True), administrator)


def test_an_engineer_shares_nothing(service: Service, engineer: UUID) -> None:
    search = saved(service, engineer)
    with pytest.raises(NotPermitted):
        service.give(ShareSearch(search_id=search, everybody=True), engineer)


def test_only_an_administrator_deletes_the_search_of_another(
    service: Service, engineer: UUID, manager: UUID, administrator: UUID
) -> None:
    search = saved(service, engineer)
    with pytest.raises(NotPermitted):
        service.give(DeleteSearch(search_id=search), manager)
    service.give(DeleteSearch(search_id=search), administrator)
    assert service.state(SavedSearch, search).deleted


def test_a_search_that_is_not_there_is_not_found(service: Service, administrator: UUID) -> None:
    for command in (ShareSearch(search_id=uuid4(), everybody=True), DeleteSearch(search_id=uuid4())):
        with pytest.raises(NotFound):
            service.give(command, administrator)
