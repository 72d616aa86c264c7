"""A projection has one owner at a time, and what was owned by another is not written."""

from __future__ import annotations

import logging
from dataclasses import replace
from uuid import UUID

import pytest

from countersign.eventstore.log import Append, NewEvent
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following import positions
from countersign.projections.following.freshness import Freshness
from countersign.projections.following.positions import Position, PositionMoved, State
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.runner_rig import expire_leases, position
from tests.integration.projections.story import Story
from tests.integration.projections.tables import contents


def test_a_projection_has_one_owner_at_a_time(
    story: Story, make_runner: MakeRunner, freshness: Freshness
) -> None:
    owner, other = make_runner("owner"), make_runner("other")
    owner.catch_up()
    story.report()
    other.catch_up()
    assert freshness.as_of() == 0
    owner.catch_up()
    assert freshness.as_of() == 1


def test_an_owner_that_ends_leaves_its_projections_to_the_next_at_once(
    story: Story, make_runner: MakeRunner, freshness: Freshness
) -> None:
    owner = make_runner("owner")
    owner.catch_up()
    owner.release()
    story.report()
    make_runner("other").catch_up()
    assert freshness.as_of() == 1


def test_an_owner_whose_lease_was_taken_cannot_write_any_more(
    story: Story, make_runner: MakeRunner, freshness: Freshness, caplog: pytest.LogCaptureFixture
) -> None:
    stale, owner = make_runner("stale"), make_runner("owner")
    stale.catch_up()
    expire_leases(story)
    owner.catch_up()
    story.report()
    before = contents(story.databases.read)
    with caplog.at_level(logging.WARNING):
        stale.step()  # its heartbeat is not due: it still believes that it is the owner
    assert "another process moved a unit" in caplog.text
    assert (freshness.as_of(), contents(story.databases.read)) == (0, before)
    stale.step()
    owner.catch_up()
    assert freshness.as_of() == 1


def test_an_owner_whose_lease_was_taken_goes_on_after_an_event_that_cannot_be_read(
    story: Story, make_runner: MakeRunner, caplog: pytest.LogCaptureFixture
) -> None:
    stale, owner = make_runner("stale"), make_runner("owner")
    stale.catch_up()
    expire_leases(story)
    owner.catch_up()
    story.log.append(Append((NewEvent(UUID(int=1), 1, "report.from_the_future", b"{}", b"{}"),)))
    with caplog.at_level(logging.WARNING):
        assert stale.step()
    assert "another process moved a unit" in caplog.text
    assert position(story, "people").state is State.RUNNING
    assert not stale.step()


def test_a_projection_that_was_claimed_under_a_higher_fence_holds_up_no_other(
    story: Story, make_runner: MakeRunner, caplog: pytest.LogCaptureFixture
) -> None:
    story.report()
    first = PROJECTIONS[0].name
    with story.databases.read.write() as connection:
        positions.claim(connection, (first, 1, 0), fence=2, holder="another")
    runner = make_runner(lease_ttl_s=0)  # a heartbeat at each step
    with caplog.at_level(logging.WARNING):
        runner.step()
    assert f"cannot own {first} (build 1) yet" in caplog.text
    assert [position(story, one.name).position for one in PROJECTIONS] == [0, *[1] * (len(PROJECTIONS) - 1)]
    runner.step()
    assert position(story, first).position == 1


def test_a_position_moves_only_from_where_its_owner_left_it(story: Story) -> None:
    read, people = story.databases.read, ("people", 1, 0)
    with read.write() as connection:
        held = positions.claim(connection, people, fence=2, holder="owner")
        positions.move(connection, [held], 5)
    late, nobody = replace(held, position=5, fence=1), Position(name="nobody", build=1, segment=0, fence=2)
    for wrong in (held, held.at(4), late, nobody, replace(held.at(5), segment=1)):
        with pytest.raises(PositionMoved), read.write() as connection:
            positions.move(connection, [wrong], 6)
    for place in (people, ("people", 2, 0)):
        with pytest.raises(PositionMoved), read.write() as connection:
            positions.claim(connection, place, fence=1, holder="late")
    assert position(story, "people").position == 5
