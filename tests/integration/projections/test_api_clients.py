from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.api_client import ApiClient
from countersign.projections.following.runner import Runner
from countersign.projections.people.api_clients_queries import ApiClientRow, api_clients, expiring_between
from countersign.projections.people.people_queries import names, people_page
from tests.integration.projections.journal import BEGIN, ENGINEER, MANAGER
from tests.integration.projections.story import END, Story


def listed(story: Story, runner: Runner) -> list[ApiClientRow]:
    runner.catch_up()
    return list(api_clients(story.databases.read).rows)


def test_a_client_is_listed_as_it_was_let_in(story: Story, runner: Runner) -> None:
    client_id = story.api_client("tablet")

    assert listed(story, runner) == [
        ApiClientRow(
            client_id=client_id,
            version=1,
            name="tablet",
            creator=MANAGER,
            prefix="aaaabbbbcccc",
            key_number=1,
            retiring_until=None,
            scopes=["reports:read"],
            rate_limit=5000,
            status="active",
            created_at=BEGIN + timedelta(minutes=1),
            expires_at=END,
        )
    ]


def test_the_list_follows_what_happens_to_a_client(story: Story, runner: Runner) -> None:
    client_id = story.api_client("tablet")
    (first,) = listed(story, runner)
    terms: dict[str, Any] = {
        "name": "laptop",
        "scopes": ("reports:create",),
        "rate_limit": 1,
        "expires_at": END,
    }
    story.happen(client_id, ApiClient.Changed, **terms)
    story.happen(client_id, ApiClient.KeyRotated, key_number=2, key_hash="1" * 64, retiring_until=BEGIN)
    story.happen(client_id, ApiClient.Suspended, reason="lost", by=MANAGER)
    changed = replace(first, name="laptop", scopes=["reports:create"], rate_limit=1)
    suspended = replace(changed, version=4, key_number=2, retiring_until=BEGIN, status="suspended")
    assert listed(story, runner) == [suspended]

    story.happen(client_id, ApiClient.Resumed)
    story.happen(client_id, ApiClient.Expiring, expires_at=END)
    assert listed(story, runner) == [replace(suspended, version=6, status="active")]
    story.happen(client_id, ApiClient.Revoked, reason="done")
    assert listed(story, runner) == [replace(suspended, version=7, status="revoked")]


def test_clients_are_named_where_people_are_and_are_no_accounts(story: Story, runner: Runner) -> None:
    client_id = story.api_client("tablet")
    story.happen(client_id, ApiClient.Changed, name="laptop", scopes=(), rate_limit=1, expires_at=END)
    runner.catch_up()

    assert names(story.databases.read, [client_id]) == {client_id: "laptop"}
    assert people_page(story.databases.read, kind="account").rows == ()


@pytest.mark.parametrize("creator", [MANAGER, ENGINEER])
def test_a_list_can_be_narrowed_to_a_creator_and_a_status(
    story: Story, runner: Runner, creator: UUID
) -> None:
    mine = [story.api_client(f"{creator} {n}", creator) for n in range(3)]
    story.api_client("another", UUID(int=9))
    story.happen(mine[0], ApiClient.Revoked, reason="done")
    runner.catch_up()
    read = story.databases.read

    assert {each.client_id for each in api_clients(read, creator=creator).rows} == set(mine)
    assert [each.client_id for each in api_clients(read, status="revoked").rows] == mine[:1]
    first = api_clients(read, creator=creator, limit=2)
    rest = api_clients(read, creator=creator, limit=2, cursor=first.next_cursor)
    assert [each.client_id for each in (*first.rows, *rest.rows)] == mine


def test_clients_that_end_soon_are_found_until_they_are_revoked(story: Story, runner: Runner) -> None:
    soon = story.api_client("soon", expires_at=BEGIN + timedelta(days=14))
    story.api_client("later", expires_at=BEGIN + timedelta(days=14, microseconds=1))
    story.api_client("over", expires_at=BEGIN)
    revoked = story.api_client("revoked", expires_at=BEGIN + timedelta(days=3))
    story.happen(revoked, ApiClient.Revoked, reason="done")
    runner.catch_up()

    assert expiring_between(story.databases.read, BEGIN, BEGIN + timedelta(days=14)) == (soon,)
