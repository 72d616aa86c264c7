"""The list of sessions: used, gone on, and ended one by one or all at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.account import Account
from countersign.aggregates.role import Role
from countersign.aggregates.root import Root
from countersign.aggregates.session import Session
from countersign.projections.following.runner import Runner
from countersign.projections.people.sessions_queries import ListedSession, session_page
from tests.integration.projections.journal import ENGINEER, MANAGER
from tests.integration.projections.story import Story

FIRST, SECOND, OTHERS = UUID(int=201), UUID(int=202), UUID(int=203)


def listed(story: Story, runner: Runner, live_at: datetime | None = None) -> dict[UUID, ListedSession]:
    runner.catch_up()
    page = session_page(story.databases.read, ENGINEER, live_at=live_at)
    return {each.session_id: each for each in page.rows}


def test_a_session_is_listed_for_its_account_the_newest_first(story: Story, runner: Runner) -> None:
    for session, account in ((FIRST, ENGINEER), (SECOND, ENGINEER), (OTHERS, MANAGER)):
        story.session(session, account)

    found = listed(story, runner)

    assert list(found) == [SECOND, FIRST]
    assert (found[FIRST].factors, found[FIRST].new_network) == (["password"], True)
    assert found[FIRST].idle_until == found[FIRST].started_at + timedelta(minutes=30)
    page = session_page(story.databases.read, ENGINEER, limit=1)
    assert [each.session_id for each in page.rows] == [SECOND]
    rest = session_page(story.databases.read, ENGINEER, cursor=page.next_cursor)
    assert [each.session_id for each in rest.rows] == [FIRST]


@pytest.mark.parametrize(("event", "fields"), [(Session.Refreshed, {"rotation": 2}), (Session.Continued, {})])
def test_a_session_that_is_used_goes_on(
    story: Story, runner: Runner, event: type[Root.Event], fields: dict[str, Any]
) -> None:
    story.session(FIRST)
    story.happen(FIRST, event, **fields)

    used = listed(story, runner)[FIRST]

    assert used.last_used_at == used.started_at + timedelta(minutes=1)
    assert used.idle_until == used.last_used_at + timedelta(minutes=30)


def test_a_session_shows_how_its_holder_proved_who_they_are(story: Story, runner: Runner) -> None:
    story.session(FIRST)
    story.happen(FIRST, Session.Reauthenticated, factors=("password",))
    story.happen(FIRST, Session.FactorProved, factor="totp")

    proved = listed(story, runner)[FIRST]

    assert proved.reauthenticated_at == proved.started_at + timedelta(minutes=1)
    assert proved.factors == ["password", "totp"]


def test_a_session_that_lay_idle_is_not_among_those_that_go_on(story: Story, runner: Runner) -> None:
    story.session(FIRST)
    started_at = listed(story, runner)[FIRST].started_at

    assert FIRST in listed(story, runner, live_at=started_at + timedelta(minutes=29))
    assert FIRST not in listed(story, runner, live_at=started_at + timedelta(minutes=30))


def test_a_revoked_session_has_its_reason(story: Story, runner: Runner) -> None:
    story.session(FIRST)
    story.happen(FIRST, Session.Revoked, reason="signed_out")

    ended = listed(story, runner)[FIRST]

    assert (ended.ended_because, ended.ended_at) == ("signed_out", ended.started_at + timedelta(minutes=1))
    assert listed(story, runner, live_at=ended.started_at) == {}


@pytest.mark.parametrize(
    ("event", "fields", "because", "kept"),
    [
        (Account.SessionsEnded, {"kept_session": FIRST}, "ended_with_all", FIRST),
        (Account.SessionsEnded, {"kept_session": None}, "ended_with_all", None),
        (Account.PasswordChanged, {"password_hash": "x", "kept_session": FIRST}, "password_changed", FIRST),
        (Account.PasswordReset, {"password_hash": "x"}, "password_reset", None),
        (Account.Disabled, {"reason": "left"}, "account_disabled", None),
        (Account.Closed, {}, "account_closed", None),
    ],
)
def test_what_ends_all_sessions_of_an_account_shows_in_each_that_went_on(
    story: Story,
    runner: Runner,
    event: type[Root.Event],
    fields: dict[str, Any],
    because: str,
    kept: UUID | None,
) -> None:
    story.account(ENGINEER, "Ann", Role.ENGINEER)
    for session in (FIRST, SECOND):
        story.session(session)
    story.session(OTHERS)
    story.happen(OTHERS, Session.Revoked, reason="signed_out")

    story.happen(ENGINEER, event, **fields)

    found = listed(story, runner)
    assert found[SECOND].ended_because == because
    assert found[FIRST].ended_because == (None if kept else because)
    assert found[OTHERS].ended_because == "signed_out"
