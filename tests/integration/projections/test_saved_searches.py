from __future__ import annotations

from uuid import UUID, uuid4

from countersign.aggregates.role import Role
from countersign.aggregates.saved_search import SavedSearch
from countersign.aggregates.sought import Part, Sought
from countersign.projections.catalogue import projection_named
from countersign.projections.search.saved_searches_queries import SavedSearchRow, saved_searches
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.journal import BEGIN, ENGINEER, MANAGER
from tests.integration.projections.story import Story

PUMPS = Sought(text="pump", owner=ENGINEER, since=BEGIN, part=Part.HEADER)


def saved(story: Story, name: str, owner: UUID = ENGINEER) -> UUID:
    search = uuid4()
    story.happen(search, SavedSearch.Created, owner, owner=owner, name=name, sought=PUMPS)
    return search


def shared(story: Story, search: UUID, *roles: Role, everybody: bool = False) -> None:
    story.happen(search, SavedSearch.Shared, everybody=everybody, roles=roles)


def test_everybody_sees_their_own_and_what_is_shared_with_them(story: Story, make_runner: MakeRunner) -> None:
    runner = make_runner(projections=[projection_named("saved_searches")])

    def listed(account: UUID, role: Role) -> list[SavedSearchRow]:
        runner.catch_up()
        return list(saved_searches(story.databases.read, account, role).rows)

    mine, for_auditors = saved(story, "A mine"), saved(story, "B for auditors")
    for_all, gone = saved(story, "C for all"), saved(story, "D gone")
    shared(story, for_auditors, Role.AUDITOR, Role.PROJECT_MANAGER)
    shared(story, for_all, everybody=True)
    shared(story, gone, Role.AUDITOR, everybody=True)
    story.happen(gone, SavedSearch.Deleted)

    own = listed(ENGINEER, Role.ENGINEER)
    assert [row.search_id for row in own] == [mine, for_auditors, for_all]
    assert (own[0].sought, own[0].owner, own[0].everybody, own[0].roles) == (PUMPS, ENGINEER, False, ())
    assert own[1].roles == (Role.AUDITOR, Role.PROJECT_MANAGER)
    assert [row.name for row in listed(MANAGER, Role.AUDITOR)] == ["B for auditors", "C for all"]
    assert [row.name for row in listed(MANAGER, Role.ENGINEER)] == ["C for all"]

    shared(story, for_auditors, Role.PROJECT_MANAGER)
    assert [row.name for row in listed(MANAGER, Role.AUDITOR)] == ["C for all"]


def test_a_long_list_has_pages(story: Story, make_runner: MakeRunner) -> None:
    for number in range(3):
        saved(story, f"Search {number}")
    make_runner(projections=[projection_named("saved_searches")]).catch_up()
    read = story.databases.read
    first = saved_searches(read, ENGINEER, Role.ENGINEER, limit=2)
    rest = saved_searches(read, ENGINEER, Role.ENGINEER, cursor=first.next_cursor, limit=2)
    assert [row.name for row in (*first.rows, *rest.rows)] == ["Search 0", "Search 1", "Search 2"]
    assert rest.next_cursor is None
