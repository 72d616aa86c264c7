"""The list of people and their roles."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from countersign.aggregates.role import Role
from countersign.aggregates.root import derived_id
from countersign.aggregates.roster import Roster

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ANNA, BEN = UUID(int=1), UUID(int=2)


def test_there_is_one_roster_and_it_starts_empty() -> None:
    roster = Roster.open(NOW)

    assert roster.id == derived_id("roster")
    assert roster.role_of(ANNA) is None


def test_a_granted_role_is_held_by_that_person_alone() -> None:
    roster = Roster.open(NOW)

    roster.grant(NOW, ANNA, Role.PROJECT_MANAGER)

    assert roster.holds(ANNA, Role.PROJECT_MANAGER)
    assert not roster.holds(ANNA, Role.ENGINEER)
    assert not roster.holds(BEN, Role.PROJECT_MANAGER)


def test_granting_what_is_held_already_records_nothing() -> None:
    roster = Roster.open(NOW)
    roster.grant(NOW, ANNA, Role.ENGINEER)
    roster.collect_events()

    roster.grant(NOW, ANNA, Role.ENGINEER)

    assert not roster.pending_events


@given(st.lists(st.tuples(st.uuids(), st.sampled_from(Role)), max_size=20))
def test_the_last_granted_role_counts_and_no_fold_changes_an_earlier_state(
    grants: list[tuple[UUID, Role]],
) -> None:
    roster = Roster.open(NOW)
    states = [(roster.roles, dict(roster.roles))]
    for account, role in grants:
        roster.grant(NOW, account, role)
        states.append((roster.roles, dict(roster.roles)))

    assert dict(roster.roles) == dict(grants)
    assert all(kept == seen for kept, seen in states)
