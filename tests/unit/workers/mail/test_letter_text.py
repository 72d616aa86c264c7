"""The words of the mails."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise
from uuid import UUID

import pytest
from jinja2 import UndefinedError

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.root import Erased
from countersign.workers.mail.facts import FACTS, examples
from countersign.workers.mail.letter_text import LOGO, TEXTS, letter_text

FACTS_OF_A_REPORT = examples(EmailPurpose.CHANGES_REQUESTED)
NOT_SAID = {
    "broadcast_id",
    "client_name",
    "comment_id",
    "delegation_id",
    "nonce",
    "overdue",
    "punch_id",
    "report_id",
    "report_version",
    "role",
    "stream",
    "transmittal_id",
}


def words(page: str) -> str:
    """What a person reads of a page."""
    return unescape(re.sub(r"<[^>]+>", "", page.partition("<body")[2]))


@pytest.mark.parametrize("purpose", EmailPurpose)
def test_every_purpose_has_a_text_that_says_its_facts_under_a_subject(purpose: EmailPurpose) -> None:
    facts = examples(purpose)
    text = letter_text(purpose, "Ada", facts)

    assert text.subject.startswith((f"{facts.get('document_number')} R0: ", "Countersign: "))
    assert text.body.startswith("Hello Ada,\n")
    for name in facts.keys() - NOT_SAID - {"link", "service"}:
        assert facts[name] in text.subject + text.body
    assert max(map(len, text.body.splitlines())) <= 130


@pytest.mark.parametrize("purpose", EmailPurpose)
def test_the_page_says_the_same_facts_as_the_text(purpose: EmailPurpose) -> None:
    facts = examples(purpose)
    text = letter_text(purpose, "Ada", facts)

    assert "Hello Ada," in words(text.page)
    for fact in facts.values():
        assert (fact in text.body) <= (fact in words(text.page)), fact
    assert f'src="cid:{LOGO}"' in text.page


@pytest.mark.parametrize("purpose", EmailPurpose)
def test_no_text_wants_a_fact_that_is_not_among_those_of_its_purpose(purpose: EmailPurpose) -> None:
    assert letter_text(purpose, "", examples(purpose)).body.startswith("Hello,\n")
    assert FACTS[purpose].keys() >= {"service"}


@pytest.mark.parametrize("purpose", EmailPurpose)
def test_what_is_left_out_leaves_no_hole_and_the_link_stands_alone(purpose: EmailPurpose) -> None:
    optional = {name: "" for name, fact in FACTS[purpose].items() if "may be empty" in fact.meaning}

    for facts in (examples(purpose), examples(purpose) | optional):
        lines = letter_text(purpose, "Ada", facts).body.splitlines()
        assert ("", "") not in set(pairwise(lines))
        for before, line in pairwise(lines):
            assert before in ("", "  countersign status") or not line.startswith("  https://")


def test_there_are_texts_for_the_purposes_and_for_nothing_else() -> None:
    assert {path.stem for path in TEXTS.glob("*.txt")} == set(EmailPurpose)
    assert {path.stem for path in TEXTS.glob("*.html")} == {*EmailPurpose, "layout", "parts"}


def test_a_page_loads_nothing_from_anywhere() -> None:
    for path in TEXTS.glob("*.html"):
        page = path.read_text("utf-8")
        assert not re.search(r'(src|background)="(?!cid:)|url\(|<script|<link|@import', page), path.name


def test_what_a_fact_holds_is_no_mark_up() -> None:
    facts = FACTS_OF_A_REPORT | {"title": "<b>Pumps</b> & works", "reason": '<script>alert("x")</script>'}
    text = letter_text(EmailPurpose.CHANGES_REQUESTED, "<i>Ada</i>", facts)

    assert "<b>Pumps</b> & works" in text.body
    assert "<b>" not in text.page
    assert "<script>" not in text.page
    assert "<i>" not in text.page
    assert "<b>Pumps</b> & works" in words(text.page)


def test_a_reminder_says_whether_the_decision_is_late() -> None:
    facts = examples(EmailPurpose.APPROVAL_REMINDER)
    late = letter_text(EmailPurpose.APPROVAL_REMINDER, "Ada", facts)
    early = letter_text(EmailPurpose.APPROVAL_REMINDER, "Ada", facts | {"overdue": ""})

    assert "overdue" in late.subject
    assert "Your decision was due" in words(late.page)
    assert "overdue" not in early.subject
    assert "Your decision is due" in words(early.page)


def test_an_approved_stage_is_told_with_what_follows_and_what_its_approver_noted() -> None:
    facts = examples(EmailPurpose.STAGE_APPROVED)
    noted = letter_text(EmailPurpose.STAGE_APPROVED, "Ada", facts)
    plain = facts | {"review_code": "A", "comment": "", "next_role": ""}
    last = letter_text(EmailPurpose.STAGE_APPROVED, "Ada", plain)

    for seen in (noted.body, words(noted.page)):
        assert "It is the turn of the project manager now." in seen
        assert "B (approved as noted)" in seen
    assert noted.subject.endswith("stage 1 is approved as noted")
    for seen in (last.body, words(last.page)):
        assert "It was the last stage: the revision is approved." in seen
        assert "comment" not in seen
    assert last.subject.endswith("stage 1 is approved")


def test_a_fact_that_is_missing_stops_the_letter() -> None:
    without = {name: fact for name, fact in FACTS_OF_A_REPORT.items() if name != "reason"}

    with pytest.raises(UndefinedError, match="reason"):
        letter_text(EmailPurpose.CHANGES_REQUESTED, "Ada", without)


def test_facts_are_values_and_never_templates() -> None:
    facts = FACTS_OF_A_REPORT | {"reason": "{{ 6 * 7 }}"}
    text = letter_text(EmailPurpose.CHANGES_REQUESTED, "{{ 7 * 7 }}", facts)

    for seen in (text.body, text.page):
        assert "{{ 6 * 7 }}" in seen
        assert "Hello {{ 7 * 7 }}," in seen


def test_a_line_break_in_a_fact_does_not_leave_the_subject() -> None:
    facts = examples(EmailPurpose.REVISION_APPROVED) | {"document_number": "X\r\nBcc: a@b.c"}

    assert letter_text(EmailPurpose.REVISION_APPROVED, "Ada", facts).subject == "X Bcc: a@b.c R0: approved"


def test_somebody_whose_name_was_erased_is_greeted_without_it() -> None:
    text = letter_text(
        EmailPurpose.REVISION_APPROVED, Erased(UUID(int=1)), examples(EmailPurpose.REVISION_APPROVED)
    )

    assert text.body.startswith("Hello,\n")
    assert ">Hello,<" in text.page
