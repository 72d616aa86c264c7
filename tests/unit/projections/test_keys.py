"""The keys of events: what hangs on different keys is independent, whoever takes it and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import Connection, StaticPool, create_engine, select

from countersign.eventstore.mapper import Happened
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.folding.rows import Rows
from countersign.projections.following.taking import touched_by
from countersign.projections.projection import Projection
from tests.unit.projections.told import everything

STORY = everything()
Contents = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as connection:
        for projection in PROJECTIONS:
            for table in projection.tables:
                table.create(connection)
        connection.commit()
        yield connection
    engine.dispose()


def folded(connection: Connection, projection: Projection, *batches: Sequence[Happened]) -> Contents:
    """What the tables hold after these batches, one after the other; nothing of it stays."""
    for batch in batches:
        rows = Rows(connection)
        projection.fold(batch, rows)
        rows.flush()
    found = {
        table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
        for table in projection.tables
    }
    connection.rollback()
    return found


def test_the_story_has_rows_for_every_table(connection: Connection) -> None:
    for projection in PROJECTIONS:
        assert all(folded(connection, projection, STORY).values()), projection.name


@pytest.mark.parametrize(
    "projection", [each for each in PROJECTIONS if each.partitioned], ids=lambda each: str(each.name)
)
def test_three_segments_give_the_rows_of_one(connection: Connection, projection: Projection) -> None:
    parts = [[each for each in STORY if projection.key(each).int % 3 == segment] for segment in range(3)]
    assert all(parts)
    assert folded(connection, projection, *parts) == folded(connection, projection, STORY)


@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda each: str(each.name))
def test_what_waits_for_any_event_and_is_taken_later_gives_the_same_rows(
    connection: Connection, projection: Projection
) -> None:
    told = folded(connection, projection, STORY)
    concerning = [each for each in STORY if projection.concerns(each.topic)]
    for parked in concerning:
        at_once, later = _parted(projection, parked, concerning)
        assert folded(connection, projection, at_once, later) == told, parked


def _parted(
    projection: Projection, parked: Happened, story: Sequence[Happened]
) -> tuple[list[Happened], list[Happened]]:
    waiting = set(touched_by(projection, parked))
    at_once, later = [], []
    for each in story:
        touched = touched_by(projection, each)
        if each is parked or (each.position > parked.position and not waiting.isdisjoint(touched)):
            waiting |= touched
            later.append(each)
        else:
            at_once.append(each)
    return at_once, later
