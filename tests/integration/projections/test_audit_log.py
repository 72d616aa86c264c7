from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.account import Account
from countersign.aggregates.api_client import ApiClient
from countersign.aggregates.document_number import DocumentNumber
from countersign.aggregates.email_identity import EmailIdentity
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.maintenance_job import MaintenanceJob
from countersign.aggregates.read_model import ReadModel
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.recipient import Recipient
from countersign.aggregates.report.report import Report
from countersign.aggregates.report_type import ReportType
from countersign.aggregates.role import Role
from countersign.aggregates.root import Root
from countersign.aggregates.roster import Roster
from countersign.aggregates.saved_search import SavedSearch
from countersign.aggregates.security_event import SecurityEvent
from countersign.aggregates.session import Session
from countersign.aggregates.template import Template
from countersign.eventstore.topics import events_of
from countersign.projections.audit.audit_log_queries import AuditEntry, Sought, audit_entries, timeline
from countersign.projections.audit.audit_summary import PARTS, summary
from countersign.projections.following.runner import Runner
from tests.integration.projections.journal import BEGIN, ENGINEER, MANAGER
from tests.integration.projections.story import CLIENT, Story

SPOKEN_OF = (
    Account,
    ApiClient,
    DocumentNumber,
    EmailIdentity,
    EmailMessage,
    MaintenanceJob,
    ReadModel,
    Rendering,
    Report,
    ReportType,
    Roster,
    SavedSearch,
    SecurityEvent,
    Session,
    Template,
)


def everything(story: Story, runner: Runner, sought: Sought | None = None) -> list[AuditEntry]:
    runner.catch_up()
    return list(audit_entries(story.databases.read, sought or Sought(), limit=1000).rows)


def test_every_event_is_entered_with_who_when_and_what(story: Story, runner: Runner) -> None:
    report = story.report(number="SAT-1", title="Pumps")
    (entry,) = everything(story, runner)
    recorded = story.log.read(0, 1)[0]
    assert (entry.position, entry.stream, entry.version, entry.report_id) == (1, report, 1, report)
    assert (entry.actor, entry.action, entry.command) == (ENGINEER, "report.created", "SomeCommand")
    assert (entry.recorded_at, entry.decided_at) == (recorded.recorded_at, BEGIN + timedelta(minutes=1))
    assert entry.summary == "SAT report SAT-1 created: Pumps"


def test_a_report_s_timeline_has_its_documents_and_mails_in_order(story: Story, runner: Runner) -> None:
    report, other = story.report(), story.report(number="SAT-2")
    story.happen(uuid4(), DocumentNumber.Created, number="SAT-1", report_id=report)
    opened = story.stage_opened(report)
    story.mail_sent(story.mail(opened, MANAGER))
    story.mail(story.stage_opened(other), MANAGER)
    rendering = story.rendering(report)
    runner.catch_up()
    story.rendered(rendering)
    story.session(uuid4())
    runner.catch_up()
    told = timeline(story.databases.read, report).rows
    assert [entry.action for entry in told] == [
        "report.created",
        "document_number.reserved",
        "report.stage_opened",
        "email.queued",
        "email.attempted",
        "email.sent",
        "rendering.requested",
        "rendering.started",
        "rendering.completed",
    ]
    assert [entry.position for entry in told] == sorted(entry.position for entry in told)
    assert {entry.report_id for entry in told} == {report}


def test_a_mail_about_no_report_is_in_no_report_s_timeline(story: Story, runner: Runner) -> None:
    story.mail_sent(story.mail(uuid4(), MANAGER))
    assert [entry.report_id for entry in everything(story, runner)] == [None] * 3


def test_entries_are_found_by_person_action_report_and_time(story: Story, runner: Runner) -> None:
    report = story.report()
    story.approved(report)
    story.report()
    first, second, third = reversed(everything(story, runner))
    for sought, expected in [
        (Sought(actor=MANAGER), [2]),
        (Sought(action="report.created"), [3, 1]),
        (Sought(report_id=report), [2, 1]),
        (Sought(correlation="another"), []),
        (Sought(since=second.recorded_at), [3, 2]),
        (Sought(before=second.recorded_at), [1]),
        (Sought(since=first.recorded_at, before=third.recorded_at), [2, 1]),
        (Sought(after_position=2), [3]),
    ]:
        assert [entry.position for entry in everything(story, runner, sought)] == expected, sought


def test_the_pages_of_the_log_stay_while_it_grows(story: Story, runner: Runner) -> None:
    for _ in range(5):
        story.report()
    runner.catch_up()
    first = audit_entries(story.databases.read, limit=2)
    story.report()
    runner.catch_up()
    second = audit_entries(story.databases.read, limit=2, cursor=first.next_cursor)
    assert [entry.position for entry in (*first.rows, *second.rows)] == [5, 4, 3, 2]


def test_no_name_and_no_address_is_in_the_audit_log(story: Story, runner: Runner) -> None:
    story.account(ENGINEER, "Annabella", Role.ENGINEER)
    recipient = Recipient(CLIENT, "Annabella Client", "annabella@example.com")
    story.mail(
        story.issued(story.report(), uuid4(), (recipient,)), CLIENT, name="Annabella", to="annabella@x.com"
    )
    assert "annabella" not in repr(everything(story, runner)).lower()


@pytest.mark.parametrize(
    "event",
    [event for aggregate in SPOKEN_OF for event in events_of(aggregate)],
    ids=lambda event: event.TOPIC,
)
def test_every_event_that_matters_has_words_of_its_own(event: type[Root.Event]) -> None:
    plain = {
        "account.closed",
        "account.email_change_confirmed",
        "account.email_change_requested",
        "account.email_verified",
        "account.enabled",
        "account.password_changed",
        "account.password_rehashed",
        "account.password_reset",
        "account.profile_changed",
        "email_identity.claimed",
        "email_identity.claimed_again",
        "email_identity.released",
        "maintenance.completed",
        "periodic_work.opened",
        "roster.opened",
        "schedule.deleted",
        "schedule.resumed",
        "schedule.run_completed",
        "session.continued",
        "session.reauthenticated",
        "session.refreshed",
        "template.version_uploaded",
    }
    topic = event.TOPIC  # type: ignore[attr-defined]
    has_words = any(part.dispatch(event) is not part.dispatch(object) for part in PARTS)
    assert has_words == (topic not in plain)


def test_an_event_without_words_is_named_by_its_topic(story: Story) -> None:
    made = story.made(UUID(int=1), Session.Reauthenticated, factors=("password",))
    assert summary(made) == "Session reauthenticated"
