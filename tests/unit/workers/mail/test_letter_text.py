"""The words of the mails."""

from __future__ import annotations

from uuid import UUID

import pytest
from jinja2 import UndefinedError

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.root import Erased
from countersign.workers.mail.letter_text import letter_text

FACTS = {
    "document_number": "SAT-001",
    "title": "Water <works> & pumps",
    "revision": "R0",
    "project_reference": "P-7",
    "client_name": "Şehir Su A.Ş.",
    "stage": "1",
    "role": "technical manager",
    "due": "2026-03-01",
    "reason": "The range of AI 3 is wrong.",
    "items": "- alarms: limit missing",
    "content_digest": "ab" * 32,
    "document_digest": "cd" * 32,
    "issue_status": "IFA",
    "link": "http://localhost/v1/reports/1",
}


REPORTS = [
    EmailPurpose.APPROVAL_REQUEST,
    EmailPurpose.CHANGES_REQUESTED,
    EmailPurpose.REVISION_APPROVED,
    EmailPurpose.REVISION_ISSUED_CLIENT,
]
PEOPLE = {
    EmailPurpose.EMAIL_VERIFY: {"code": "C0DE", "until": "2026-03-02 09:30 UTC"},
    EmailPurpose.ADDRESS_IN_USE: {},
    EmailPurpose.REGISTRATION_RECEIVED: {"account": "17", "role": "auditor"},
    EmailPurpose.ACCOUNT_APPROVED: {"role": "auditor"},
    EmailPurpose.ACCOUNT_REJECTED: {"reason": "Nobody knows you."},
    EmailPurpose.PASSWORD_RESET: {"code": "C0DE", "until": "2026-03-02 09:30 UTC"},
    EmailPurpose.PASSWORD_CHANGED: {"at": "2026-03-02 09:30 UTC"},
    EmailPurpose.EMAIL_CHANGE: {"code": "C0DE", "until": "2026-03-02 09:30 UTC"},
    EmailPurpose.EMAIL_CHANGED: {"at": "2026-03-02 09:30 UTC"},
    EmailPurpose.MFA_CHANGED: {"change": "switched off", "at": "2026-03-02 09:30 UTC"},
    EmailPurpose.ACCOUNT_LOCKED: {"count": "5", "until": "2026-03-02 09:30 UTC"},
    EmailPurpose.NEW_LOGIN: {"factors": "password, totp", "at": "2026-03-02 09:30 UTC"},
}


@pytest.mark.parametrize("purpose", PEOPLE)
def test_a_text_about_an_account_says_every_fact(purpose: EmailPurpose) -> None:
    facts = PEOPLE[purpose]
    text = letter_text(purpose, "Ada", {**facts, "service": "http://reports.example"})

    assert text.subject.startswith("Countersign: ")
    assert text.body.startswith("Hello Ada,\n")
    for fact in facts.values():
        assert fact in text.subject + text.body
    assert max(map(len, text.body.splitlines())) <= 130


@pytest.mark.parametrize("purpose", REPORTS)
def test_a_text_about_a_report_has_a_subject_and_the_document_in_it(purpose: EmailPurpose) -> None:
    text = letter_text(purpose, "Ada", FACTS)

    assert text.subject.startswith("SAT-001 R0: ")
    assert text.body.startswith("Hello Ada,\n")
    assert "Water <works> & pumps" in text.body


def test_a_fact_that_is_missing_stops_the_letter() -> None:
    without = {name: fact for name, fact in FACTS.items() if name != "reason"}

    with pytest.raises(UndefinedError, match="reason"):
        letter_text(EmailPurpose.CHANGES_REQUESTED, "Ada", without)


def test_facts_are_values_and_never_templates() -> None:
    text = letter_text(EmailPurpose.CHANGES_REQUESTED, "{{ 7 * 7 }}", FACTS | {"reason": "{{ 6 * 7 }}"})

    assert "{{ 6 * 7 }}" in text.body
    assert "Hello {{ 7 * 7 }}," in text.body


def test_a_line_break_in_a_fact_does_not_leave_the_subject() -> None:
    text = letter_text(EmailPurpose.REVISION_APPROVED, "Ada", FACTS | {"document_number": "X\r\nBcc: a@b.c"})

    assert text.subject == "X Bcc: a@b.c R0: approved"


def test_somebody_whose_name_was_erased_is_greeted_without_it() -> None:
    text = letter_text(EmailPurpose.REVISION_APPROVED, Erased(UUID(int=1)), FACTS)

    assert text.body.startswith("Hello,\n")
