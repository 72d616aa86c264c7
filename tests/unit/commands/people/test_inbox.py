"""How people want to be written to, and the one mail a day that the periodic job plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.email_message import EmailMessage
from countersign.aggregates.email_status import EmailStatus
from countersign.aggregates.inbox import Channel, Inbox, InvalidPreference, inbox_id
from countersign.aggregates.role import Role
from countersign.commands.account.disable_account import DisableAccount
from countersign.commands.email.attempt_email import AttemptEmail
from countersign.commands.email.queue_email import QueueEmail
from countersign.commands.email.record_email_outcome import EmailOutcome, RecordEmailOutcome
from countersign.commands.inbox.send_digest import SendDigest
from countersign.commands.inbox.set_preferences import SetPreferences
from countersign.commands.permit import NotPermitted
from countersign.workers.course import Course
from countersign.workers.mail.digesting import MailDigest
from countersign.workers.mail.facts import examples
from tests.unit.commands.people.service import Service

ALERT = EmailPurpose.HEALTH_ALERT
DIGESTED = {ALERT: Channel.DIGEST, EmailPurpose.OPERATIONS_REPORT: Channel.NONE}
OUTSIDE = UUID(int=4711)


def want(service: Service, person: UUID, channels: Mapping[EmailPurpose, Channel] = DIGESTED) -> None:
    wishes = SetPreferences(channels=channels, digest_hour=7, time_zone="UTC")
    service.give(wishes, person)


def tell(service: Service, person: UUID, purpose: EmailPurpose = ALERT, cause: int = 1) -> None:
    service.give(told(person, purpose, cause))


def told(person: UUID, purpose: EmailPurpose, cause: int) -> QueueEmail:
    return QueueEmail(
        purpose=purpose,
        cause=UUID(int=cause),
        subject=person,
        name="Kim Vega",
        to="kim@example.com",
        facts=examples(purpose),
    )


def mails(service: Service) -> list[EmailMessage.Created]:
    return [each.event for each in service.happened() if isinstance(each.event, EmailMessage.Created)]


def digest(service: Service) -> Mapping[str, str]:
    """The job, at the time that the test has set."""
    job = MailDigest(service.shared.aggregates, service.dispatcher)
    return job(service.now, Course())


def wait_for_seven(service: Service) -> datetime:
    service.now = service.now.replace(hour=7, minute=0) + timedelta(days=1)
    return service.now


def test_what_somebody_wants_once_a_day_is_put_aside_and_what_they_do_not_want_is_dropped(
    service: Service, people: dict[Role, UUID]
) -> None:
    operator = people[Role.OPERATOR]
    want(service, operator)

    tell(service, operator)
    tell(service, operator)
    tell(service, operator, EmailPurpose.OPERATIONS_REPORT)
    tell(service, operator, EmailPurpose.BACKUP_FAILED)
    tell(service, people[Role.ADMINISTRATOR])

    assert [(mail.purpose, mail.subject) for mail in mails(service)] == [
        (EmailPurpose.BACKUP_FAILED, operator),
        (ALERT, people[Role.ADMINISTRATOR]),
    ]
    assert [news.purpose for news in service.state(Inbox, inbox_id(operator)).waiting] == [ALERT]


def test_what_guards_an_account_and_what_goes_outside_is_mailed_whatever_was_wanted(
    service: Service, people: dict[Role, UUID]
) -> None:
    operator = people[Role.OPERATOR]
    want(service, operator, dict.fromkeys(DIGESTED, Channel.NONE))

    tell(service, operator, EmailPurpose.NEW_LOGIN)
    tell(service, OUTSIDE, EmailPurpose.REVISION_ISSUED_CLIENT)

    assert [mail.purpose for mail in mails(service)] == [
        EmailPurpose.NEW_LOGIN,
        EmailPurpose.REVISION_ISSUED_CLIENT,
    ]
    with pytest.raises(InvalidPreference):
        want(service, operator, {EmailPurpose.NEW_LOGIN: Channel.NONE})


def test_one_mail_tells_of_everything_that_was_put_aside(service: Service, people: dict[Role, UUID]) -> None:
    operator = people[Role.OPERATOR]
    want(service, operator, {ALERT: Channel.DIGEST, EmailPurpose.APPROVAL_REQUEST: Channel.DIGEST})
    tell(service, operator)
    tell(service, operator, EmailPurpose.APPROVAL_REQUEST)
    assert digest(service) == {"digests": "0", "news": "0"}

    wait_for_seven(service)

    assert digest(service) == {"digests": "1", "news": "2"}
    assert digest(service) == {"digests": "0", "news": "0"}
    (mail,) = mails(service)
    assert (mail.purpose, mail.subject, mail.to) == (EmailPurpose.DIGEST, operator, "operator@example.com")
    assert mail.facts == {
        "since": "2026-03-02 09:30 UTC",
        "count": "2",
        "entries": "  - mail server is not well (open, critical)\n"
        "  - SAT-2026-0117 R0: your approval is asked for (stage 1)",
    }
    assert service.state(Inbox, inbox_id(operator)).waiting == ()


def test_a_job_that_was_killed_on_its_way_writes_to_nobody_twice(
    service: Service, people: dict[Role, UUID]
) -> None:
    for person in people.values():
        want(service, person)
        tell(service, person)
    wait_for_seven(service)

    class Killed(BaseException):
        """The process ends here."""

    class Short(Course):
        looked = 0

        def go_on(self) -> None:
            self.looked += 1
            if self.looked == 4:
                raise Killed

    job = MailDigest(service.shared.aggregates, service.dispatcher)
    with pytest.raises(Killed):
        job(service.now, Short())
    written_to = {mail.subject for mail in mails(service)}
    service.later(minutes=5)
    digest(service)

    assert len(written_to) == 3
    assert sorted(mail.subject for mail in mails(service)) == sorted(people.values())


def test_a_digest_that_was_planned_for_a_due_time_is_not_planned_again(
    service: Service, people: dict[Role, UUID]
) -> None:
    operator = people[Role.OPERATOR]
    want(service, operator)
    tell(service, operator)
    seven = wait_for_seven(service)
    command = SendDigest(account_id=operator, due_at=seven, count=1, facts=examples(EmailPurpose.DIGEST))
    with pytest.raises(NotPermitted):
        service.give(command, people[Role.ADMINISTRATOR])

    service.give(command)
    service.give(command)

    assert len(mails(service)) == 1
    service.later(days=3)
    tell(service, operator, cause=2)
    service.later(days=1)
    digest(service)
    service.now = seven + timedelta(minutes=1)  # the clock was set right
    tell(service, operator, cause=3)
    service.give(command)
    assert len(mails(service)) == 2


def test_nobody_is_written_to_who_is_not_there_any_more(service: Service, people: dict[Role, UUID]) -> None:
    engineer, auditor = people[Role.ENGINEER], people[Role.AUDITOR]
    for person in (engineer, auditor):
        want(service, person)
        tell(service, person)
    seven = wait_for_seven(service)
    service.give(DisableAccount(account_id=engineer, reason="on leave"), people[Role.ADMINISTRATOR])

    service.give(SendDigest(account_id=engineer, due_at=seven, count=1, facts={}))

    assert mails(service) == []
    assert digest(service) == {"digests": "1", "news": "1"}
    assert [mail.subject for mail in mails(service)] == [auditor]


def test_news_whose_text_has_changed_since_is_named_all_the_same(
    service: Service, people: dict[Role, UUID]
) -> None:
    operator = people[Role.OPERATOR]
    want(service, operator)
    service.give(replace(told(operator, ALERT, 1), facts={}))
    wait_for_seven(service)

    digest(service)

    assert mails(service)[0].facts["entries"] == "  - health alert"


def test_a_digest_to_where_nobody_is_waits_for_an_operator(
    service: Service, people: dict[Role, UUID]
) -> None:
    operator = people[Role.OPERATOR]
    want(service, operator)
    lost = replace(told(operator, EmailPurpose.NEW_LOGIN, 1), to="operator@example.com")
    service.give(lost)
    (mail,) = mails(service)
    service.give(AttemptEmail(email_id=mail.originator_id, worker="w"))
    service.give(
        RecordEmailOutcome(
            email_id=mail.originator_id,
            attempt=1,
            outcome=EmailOutcome.BOUNCED,
            reply_code=550,
            reply="5.1.1 nobody here",
        )
    )
    tell(service, operator)
    wait_for_seven(service)

    digest(service)

    assert service.state(EmailMessage, mails(service)[1].originator_id).status is EmailStatus.SUPPRESSED
