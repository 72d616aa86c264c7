"""What was ordered is obeyed once, by whichever process comes first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete

from countersign.aggregates.read_model import ReadModel, read_model_id
from countersign.eventstore.log import Append, NewEvent
from countersign.projections.building.builds import Status
from countersign.projections.building.schema import create, drop
from countersign.projections.catalogue import PROJECTIONS, projection_named
from countersign.projections.following import positions
from countersign.projections.following.positions import State
from countersign.projections.orders import control
from countersign.projections.orders.control import Control
from tests.integration.projections.desk import Desk
from tests.integration.projections.story import Story

PEOPLE = projection_named("people")


@pytest.fixture
def first(story: Story) -> Control:
    return Control(story.log, story.store.mapper.happened, story.databases.read, PROJECTIONS)


def statuses(desk: Desk) -> dict[int, Status]:
    return {build.build: build.status for build in desk.builds("people")}


def test_an_order_is_obeyed_once(story: Story, desk: Desk, first: Control) -> None:
    second = Control(story.log, story.store.mapper.happened, story.databases.read, PROJECTIONS)
    assert (first.obey(), second.obey()) == (0, 0)
    desk.order_rebuild(PEOPLE)
    assert (first.obey(), second.obey(), first.obey()) == (1, 0, 0)
    assert statuses(desk) == {1: Status.LIVE, 2: Status.BUILDING}
    desk.order("people", ReadModel.RebuildCancelled, build=2)
    assert (second.obey(), first.obey(), second.obey()) == (1, 0, 0)
    assert statuses(desk) == {1: Status.LIVE, 2: Status.CANCELLED}


def test_what_was_settled_is_not_done_again_when_the_read_database_is_new(
    story: Story, desk: Desk, first: Control
) -> None:
    for number in (2, 3, 4):
        desk.order_rebuild(PEOPLE, number=number)
    shown: dict[str, Any] = {"replaces": 1, "position": 3, "different": 0}
    story.happen(read_model_id("people"), ReadModel.Promoted, build=2, **shown)
    desk.order("people", ReadModel.RebuildCancelled, build=3)
    desk.order("people", ReadModel.Paused)
    drop(story.databases.read, PROJECTIONS)
    with story.databases.read.write() as connection:
        connection.execute(delete(control.obeyed))
    create(story.databases.read, PROJECTIONS)
    assert first.obey() == 6
    assert statuses(desk) == {1: Status.LIVE, 4: Status.BUILDING}
    with story.databases.read.read() as connection:
        assert positions.load(connection)["people", 1, 0].state is State.PAUSED
    desk.order("people", ReadModel.Resumed)
    first.obey()
    with story.databases.read.read() as connection:
        assert positions.load(connection)["people", 1, 0].state is State.RUNNING


def test_an_order_of_a_newer_program_is_left_to_it(
    story: Story, desk: Desk, first: Control, caplog: pytest.LogCaptureFixture
) -> None:
    desk.order_rebuild(PEOPLE)
    stream: UUID = read_model_id("people")
    story.versions[stream] += 1
    strange = NewEvent(stream, story.versions[stream], "read_model.from_the_future", b"{}", b"{}")
    story.log.append(Append((strange,)))
    desk.order("people", ReadModel.RebuildCancelled, build=2)
    assert first.obey() == 1
    assert first.obey() == 0
    assert statuses(desk)[2] is Status.BUILDING
    assert "left to a program that knows it" in caplog.text
