from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.access_policy import AccessPolicy
from countersign.aggregates.account import Account
from countersign.aggregates.role import Role
from countersign.aggregates.root import Root
from countersign.aggregates.security_event import SecurityEvent, SecurityEventKind, Severity
from countersign.aggregates.session import REFRESH_REUSED, Session
from countersign.aggregates.sign_in_throttle import SignInThrottle
from countersign.cli.aggregate_classes import AGGREGATES
from countersign.eventstore.context import ANONYMOUS, SYSTEM
from countersign.eventstore.metadata import Client, Metadata
from countersign.eventstore.open_store import open_store
from countersign.eventstore.topics import Topics
from countersign.projections.following.runner import Runner
from countersign.projections.people.security_events import OF_TOPICS
from countersign.projections.people.security_events_queries import (
    SecurityEventRow,
    SecurityEventsSought,
    security_event_page,
)
from tests.integration.projections.conftest import MakeRunner
from tests.integration.projections.journal import BEGIN, ENGINEER, OPTIONS
from tests.integration.projections.story import Story

IP, NETWORK = "198.51.100.7", "198.51.100.0/24"
STREAM = UUID(int=7)


@pytest.fixture
def runner(story: Story, make_runner: MakeRunner) -> Runner:
    story.store = open_store(story.databases, story.log, AGGREGATES, OPTIONS)
    return make_runner()


def happen(
    story: Story,
    event: type[Root.Event],
    stream: UUID = STREAM,
    *,
    actor: UUID = ENGINEER,
    ip: str = IP,
    key: str = "key",
    **fields: Any,
) -> None:
    made = story.made(stream, event, **fields)
    metadata = Metadata(
        actor=actor, correlation="trail", command="Command", command_key=key, client=Client(ip=ip)
    )
    mapper = story.store.mapper
    encoded = mapper.encode_metadata(metadata, stream, made.originator_version)
    story.store.recorder.record([mapper.to_stored_event(made)], metadata=[encoded])


def noted(story: Story, **fields: Any) -> None:
    usual = {
        "kind": SecurityEventKind.INVALID_TOKEN,
        "severity": Severity.WARNING,
        "subject": UUID(int=9),
        "account": None,
        "network": IP,
        "detail": {"code": "invalid_token"},
        "count": 1,
        "began_at": BEGIN,
    }
    happen(story, SecurityEvent.Created, uuid4(), actor=SYSTEM, ip="", **{**usual, **fields})


def told(story: Story, runner: Runner, **sought: Any) -> list[SecurityEventRow]:
    runner.catch_up()
    return list(security_event_page(story.databases.read, SecurityEventsSought(**sought)).rows)


def test_a_refusal_is_shown_with_a_part_of_the_address(story: Story, runner: Runner) -> None:
    noted(story)
    noted(story, network="2001:db8:1:2::/64", account=ENGINEER, count=41, severity=Severity.CRITICAL)

    summed, single = told(story, runner)
    assert (single.kind, single.severity, single.network, single.account) == (
        "invalid_token",
        "warning",
        NETWORK,
        None,
    )
    assert single.detail == {"code": "invalid_token"}
    assert (summed.summary, summed.count, summed.network) == (
        "Invalid token, 41 times",
        41,
        "2001:db8:1::/48",
    )


def test_what_people_do_about_their_safety_is_entered_with_them(story: Story, runner: Runner) -> None:
    happen(story, Session.Revoked, reason=REFRESH_REUSED)
    happen(story, Session.Revoked, uuid4(), reason="signed_out")
    happen(story, Account.RoleChanged, UUID(int=8), old=Role.ENGINEER, new=Role.AUDITOR)
    happen(story, AccessPolicy.NetworkUnblocked, UUID(int=11), actor=SYSTEM, ip="", subject=UUID(int=9))

    rows = [(row.kind, row.severity, row.account, row.network) for row in told(story, runner)]
    assert rows == [
        ("network_unblocked", "info", None, None),
        ("role_changed", "warning", UUID(int=8), NETWORK),
        ("session_ended", "info", ENGINEER, NETWORK),
        ("refresh_token_reused", "critical", ENGINEER, NETWORK),
    ]


def test_a_failed_sign_in_counts_twice_and_is_told_once(story: Story, runner: Runner) -> None:
    for place in (UUID(int=21), UUID(int=22)):
        happen(
            story,
            SignInThrottle.LoginFailed,
            place,
            actor=ANONYMOUS,
            reason="password",
            place="",
            account=None,
        )
    happen(
        story,
        SignInThrottle.LoginFailed,
        UUID(int=21),
        actor=ANONYMOUS,
        key="another",
        reason="password",
        place="",
        account=ENGINEER,
    )

    assert [(row.kind, row.account) for row in told(story, runner)] == [
        ("login_failed", ENGINEER),
        ("login_failed", None),
    ]


def test_a_block_by_the_service_is_worse_than_one_by_an_administrator(story: Story, runner: Runner) -> None:
    block: dict[str, Any] = {
        "subject": UUID(int=9),
        "network": "203.0.113.9/32",
        "reason": "scans",
        "until": None,
    }
    happen(story, AccessPolicy.NetworkBlocked, **block, automatic=False)
    happen(story, AccessPolicy.NetworkBlocked, actor=SYSTEM, **block, automatic=True)

    by_the_service, by_a_person = told(story, runner)
    assert (by_the_service.kind, by_the_service.severity) == ("network_blocked_automatically", "critical")
    assert (by_a_person.kind, by_a_person.severity) == ("network_blocked", "warning")
    assert {by_the_service.network, by_a_person.network} == {"203.0.113.0/24"}


def test_events_are_found_by_what_they_are_about_and_paged(story: Story, runner: Runner) -> None:
    noted(story)
    noted(story, network="203.0.113.9", account=ENGINEER)
    noted(story, kind=SecurityEventKind.RATE_LIMITED, severity=Severity.INFO)

    everything = told(story, runner)
    assert [
        len(told(story, runner, **sought))
        for sought in (
            {"kind": "rate_limited"},
            {"severity": "warning"},
            {"account": ENGINEER},
            {"network": NETWORK},
            {"since": everything[-1].at},
            {"before": everything[-1].at},
            {"kind": "signed_in"},
        )
    ] == [1, 2, 1, 2, 3, 0, 0]
    first = security_event_page(story.databases.read, SecurityEventsSought(), limit=2)
    rest = security_event_page(story.databases.read, SecurityEventsSought(), cursor=first.next_cursor)
    assert [*first.rows, *rest.rows] == everything


def test_what_concerns_no_safety_is_passed_over(story: Story, runner: Runner) -> None:
    story.report()

    assert told(story, runner) == []


def test_every_topic_that_is_waited_for_is_one_of_the_domain() -> None:
    known = {str(event.TOPIC) for event in Topics(AGGREGATES).events()}  # type: ignore[attr-defined]

    assert OF_TOPICS.keys() <= known
