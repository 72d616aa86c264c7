"""Keeping a search, sharing it, and letting it go."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from countersign.aggregates.role import Role
from countersign.aggregates.saved_search import InvalidSearch, SavedSearch, SearchDeleted
from countersign.aggregates.sought import Sought

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OWNER, OTHER = UUID(int=1), UUID(int=2)
PUMPS = Sought(text="pump", report_type="SAT")


@pytest.fixture
def search() -> SavedSearch:
    kept = SavedSearch.save(UUID(int=9), NOW, OWNER, " My \n pumps ", PUMPS)
    kept.collect_events()
    return kept


def test_a_search_is_kept_for_its_owner_alone(search: SavedSearch) -> None:
    assert (search.name, search.sought, search.owner) == ("My pumps", PUMPS, OWNER)
    assert search.is_for(OWNER, Role.ENGINEER)
    assert not search.is_for(OTHER, Role.ENGINEER)


@pytest.mark.parametrize(
    ("name", "text", "pointers"),
    [
        ("", "pump", {"/name"}),
        ("n" * 101, "pump", {"/name"}),
        ("a\x07b", "pump", {"/name"}),
        ("pumps", " ", {"/q"}),
        ("pumps", "p" * 201, {"/q"}),
        ("", "", {"/name", "/q"}),
    ],
)
def test_a_search_has_a_name_and_words(name: str, text: str, pointers: set[str]) -> None:
    with pytest.raises(InvalidSearch) as refusal:
        SavedSearch.save(UUID(int=9), NOW, OWNER, name, Sought(text=text))
    assert {pointer for pointer, _ in refusal.value.pointers} == pointers
    assert (refusal.value.code, refusal.value.status) == ("invalid_search", 422)


def test_a_search_is_shared_with_roles_or_everybody_and_taken_back(search: SavedSearch) -> None:
    search.share(NOW, everybody=False, roles=[Role.PROJECT_MANAGER, Role.AUDITOR, Role.AUDITOR])
    assert list(search.roles) == [Role.AUDITOR, Role.PROJECT_MANAGER]
    assert search.is_for(OTHER, Role.AUDITOR)
    assert not search.is_for(OTHER, Role.ENGINEER)

    search.share(NOW, everybody=True, roles=[Role.AUDITOR])
    assert search.everybody
    assert list(search.roles) == []
    assert search.is_for(OTHER, Role.ENGINEER)

    search.share(NOW, everybody=False, roles=[])
    assert not search.is_for(OTHER, Role.AUDITOR)
    assert search.is_for(OWNER, Role.AUDITOR)


def test_sharing_it_as_it_is_shared_records_nothing(search: SavedSearch) -> None:
    search.share(NOW, everybody=False, roles=[Role.AUDITOR])
    search.collect_events()
    search.share(NOW, everybody=False, roles=[Role.AUDITOR, Role.AUDITOR])
    assert not list(search.collect_events())


def test_a_deleted_search_is_for_nobody_and_is_not_shared(search: SavedSearch) -> None:
    search.share(NOW, everybody=True, roles=[])
    search.delete(NOW)
    search.collect_events()

    assert not search.is_for(OWNER, Role.ENGINEER)
    with pytest.raises(SearchDeleted) as refusal:
        search.share(NOW, everybody=False, roles=[])
    assert (refusal.value.code, refusal.value.status) == ("search_deleted", 404)
    search.delete(NOW)
    assert not list(search.collect_events())
