from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, select

from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.report.report import Report
from countersign.eventstore.databases import Database
from countersign.eventstore.log import Append, NewEvent
from countersign.eventstore.mapper import Happened
from countersign.eventstore.topics import UnknownTopic
from countersign.projections.audit.audit_log import entries
from countersign.projections.building.bulk_load import bulk_load
from countersign.projections.building.placing import Placed, placed
from countersign.projections.building.side_by_side import Feed
from countersign.projections.catalogue import PROJECTIONS, projection_named
from countersign.projections.following.runner import Runner
from countersign.projections.projection import Projection
from tests.integration.projections.rebuild_rig import whole_job
from tests.integration.projections.story import Story

MOST = 7
AUDIT_LOG = projection_named("audit_log")
SECTIONS = projection_named("section_current")

Move = Callable[[Connection, int], None]


def rows_of(read: Database, tables: Placed) -> dict[str, list[Any]]:
    with read.read() as connection:
        return {
            table.name: list(connection.execute(select(physical).order_by(*physical.primary_key)))
            for table, physical in tables.items()
        }


def beside(read: Database, projection: Projection) -> Placed:
    tables = placed(projection, "_beside")
    with read.write() as connection:
        for table in tables.values():
            table.create(connection)
    return tables


def nobody_else(_connection: Connection, _to: int) -> None:
    """It is this test's alone."""


def load(
    story: Story, projection: Projection, tables: Placed, after: int, up_to: int, move: Move = nobody_else
) -> list[int]:
    feed = Feed(story.log, story.store.mapper.happened, MOST, letters_max=0)
    return list(bulk_load(story.databases.read, feed, projection, tables, move, after, up_to))


def test_a_load_makes_the_rows_of_every_projection_that_the_runner_made(story: Story, runner: Runner) -> None:
    for _ in range(3):
        whole_job(story)
    runner.catch_up()
    head, read = story.log.head(), story.databases.read
    for projection in PROJECTIONS:
        tables = beside(read, projection)
        assert load(story, projection, tables, 0, head)[-1] == head
        assert rows_of(read, tables) == rows_of(read, placed(projection))


def test_a_load_goes_on_where_another_ended(story: Story, runner: Runner) -> None:
    whole_job(story)
    whole_job(story)
    runner.catch_up()
    head, read = story.log.head(), story.databases.read
    for projection in (AUDIT_LOG, SECTIONS):
        tables = beside(read, projection)
        reached = 0
        while reached < head:
            reached = load(story, projection, tables, reached, min(head, reached + 2 * MOST))[-1]
        assert rows_of(read, tables) == rows_of(read, placed(projection))


def test_positions_are_moved_with_the_rows_and_told_once_they_are_committed(story: Story) -> None:
    whole_job(story)
    tables = beside(story.databases.read, AUDIT_LOG)
    moved: list[int] = []
    told = load(story, AUDIT_LOG, tables, 0, story.log.head(), lambda _, to: moved.append(to))
    assert told == moved == [*range(MOST, story.log.head(), MOST), story.log.head()]


def test_who_has_lost_the_build_writes_nothing_more(story: Story) -> None:
    whole_job(story)
    read = story.databases.read
    tables = beside(read, AUDIT_LOG)

    def lost(_connection: Connection, to: int) -> None:
        if to > 2 * MOST:
            raise PermissionError("another owner")

    with pytest.raises(PermissionError):
        load(story, AUDIT_LOG, tables, 0, story.log.head(), lost)
    assert len(rows_of(read, tables)[entries.name]) == 2 * MOST


def test_all_before_a_page_that_cannot_be_taken_is_committed_and_nothing_of_it(story: Story) -> None:
    whole_job(story)
    read = story.databases.read
    tables = beside(read, AUDIT_LOG)

    def decode(recorded: Any) -> Happened:
        if recorded.position == 3 * MOST - 1:
            raise ValueError("broken")
        return story.store.mapper.happened(recorded)

    feed = Feed(story.log, decode, MOST, letters_max=0)
    with pytest.raises(ValueError, match="broken"):
        list(bulk_load(read, feed, AUDIT_LOG, tables, nobody_else, 0, story.log.head()))
    assert len(rows_of(read, tables)[entries.name]) == 2 * MOST


def test_what_does_not_concern_a_projection_is_not_decoded_but_a_strange_topic_is_noticed(
    story: Story,
) -> None:
    whole_job(story)
    decoded: list[str] = []

    def decode(recorded: Any) -> Happened:
        decoded.append(recorded.topic)
        return story.store.mapper.happened(recorded)

    tables = beside(story.databases.read, SECTIONS)
    feed = Feed(story.log, decode, MOST, letters_max=0)
    whole_job(story)
    list(bulk_load(story.databases.read, feed, SECTIONS, tables, nobody_else, 0, story.log.head()))
    assert decoded.count(EmailMessage.Sent.TOPIC) == 1 < decoded.count(Report.SectionSaved.TOPIC)
    strange = NewEvent(uuid4(), 1, "from.tomorrow", b"{}", b"{}")
    story.log.append(Append((strange,)))
    with pytest.raises(UnknownTopic):
        load(story, SECTIONS, tables, story.log.head() - 1, story.log.head())
