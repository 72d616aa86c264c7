"""A letter says what a report says, and nothing of it stands in the plan of the letter."""

from __future__ import annotations

from sqlalchemy import delete

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.report.remarks import Item
from countersign.aggregates.report.report import Report
from countersign.commands.account.one_time_tokens import OneTimeTokens
from countersign.commands.report.request_changes import RequestChanges
from countersign.eventstore.subject_keys import subject_keys
from countersign.workers.history import History
from countersign.workers.mail.letter_facts import LetterFacts
from countersign.workers.mail.letter_text import letter_text
from countersign.workers.mail.occasion import occasion
from tests.unit.commands.documents.office import Course, Office

CHANGES = EmailPurpose.CHANGES_REQUESTED
ITEMS = (Item("signals", "r7", "the range is wrong"), Item("purpose", None, "says too little"))
LINES = "  - signals, row r7: the range is wrong\n  - purpose: says too little"


def letter_facts(office: Office) -> LetterFacts:
    """As another process has them: it remembers no key."""
    store = office.another_store()
    history = History(office.log, store.mapper)
    return LetterFacts(store.aggregates, history, "http://reports.example", OneTimeTokens(b"o" * 32))


def planned(office: Office, course: Course) -> dict[str, str]:
    """The facts of the mail after changes were requested."""
    course.submitted()
    request = RequestChanges(
        report_id=course.report_id,
        expected_version=course.report.version,
        stage=1,
        reason="A signal list is missing",
        items=ITEMS,
    )
    office.give(request, office.tom)
    (event,) = (each.event for each in office.events() if isinstance(each.event, Report.ChangesRequested))
    return dict(occasion(event, course.report).facts)


def test_items_to_mend_are_read_when_the_letter_is_sent(office: Office, course: Course) -> None:
    facts = planned(office, course)

    assert "range" not in str(facts)
    told = letter_facts(office).to_send(CHANGES, facts)
    assert told["items"] == LINES
    assert LINES in letter_text(CHANGES, "Eva", told).body


def test_a_letter_about_a_report_whose_contents_were_destroyed_has_no_items(
    office: Office, course: Course
) -> None:
    facts = planned(office, course)
    with office.databases.keys.write() as connection:
        connection.execute(delete(subject_keys).where(subject_keys.c.subject == course.report_id))

    told = letter_facts(office).to_send(CHANGES, facts)

    assert told["items"] == ""
    assert "To be changed" not in letter_text(CHANGES, "Eva", told).body


def test_a_letter_that_was_planned_with_its_items_says_them(office: Office) -> None:
    told = letter_facts(office).to_send(CHANGES, {"report_id": "7", "items": LINES})

    assert told["items"] == LINES
