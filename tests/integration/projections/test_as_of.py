from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from random import Random
from typing import Any
from uuid import UUID

import pytest

from countersign.eventstore.databases import Database
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.folding.row import Row
from countersign.projections.following.freshness import Freshness
from countersign.projections.following.runner import Runner
from countersign.projections.past.as_of_copies import Copies
from countersign.projections.past.as_of_rows import rows_of
from tests.integration.projections.random_story import RandomStory
from tests.integration.projections.story import Story

Tables = Mapping[str, Mapping[str, list[Any]]]


@pytest.fixture
def copies(story: Story, freshness: Freshness) -> Iterator[Copies]:
    read, decode = story.databases.read, story.store.mapper.happened
    with closing(Copies(story.log, decode, read, freshness, PROJECTIONS)) as copies:
        yield copies


def live(read: Database, key: UUID | None = None) -> Tables:
    return {one.name: unordered(rows_of(read, one, key)) for one in PROJECTIONS}


def unordered(tables: Mapping[str, list[Row]]) -> Mapping[str, list[Any]]:
    # The databases sort text by different rules.
    return {name: sorted((tuple(row.items()) for row in rows), key=str) for name, rows in tables.items()}


def then(copies: Copies, position: int, key: UUID | None = None) -> Tables:
    found = {}
    for projection in PROJECTIONS:
        with copies.as_of(projection.name, position, key) as copy:
            found[projection.name] = unordered(rows_of(copy.database, projection, key))
    return found


def test_the_rows_as_of_a_position_are_those_that_the_live_tables_had_there(
    story: Story, runner: Runner, freshness: Freshness, copies: Copies
) -> None:
    telling, read = RandomStory(story, seed=7), story.databases.read
    telling.begin()
    had: dict[int, Tables] = {}
    had_of_keys: dict[int, dict[UUID, Tables]] = {}
    for _ in range(4):
        for _ in range(30):
            telling.go_on()
        runner.catch_up()
        head = story.log.head()
        assert freshness.as_of() == head
        had[head] = live(read)
        some = Random(head).choices(sorted(telling.keys()), k=2)
        had_of_keys[head] = {key: live(read, key) for key in some}

    assert all(had[max(had)].values())
    for position, tables in had.items():
        assert then(copies, position) == tables
        for key, rows in had_of_keys[position].items():
            assert then(copies, position, key) == rows, (position, key)
