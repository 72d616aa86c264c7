"""The author hears of each approved stage, and of the last one by the news of the revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from countersign.aggregates.email_contents import EmailPurpose
from countersign.aggregates.report.report import Report
from countersign.workers.history import History
from countersign.workers.mail.letter_text import letter_text
from countersign.workers.mail.occasion import Occasion, occasion
from tests.unit.commands.documents.office import Course, Office, Person


def approved(office: Office, course: Course, stage: int, by: Person, **said: Any) -> Occasion:
    """What the author hears after a stage was approved with these words."""
    office.prove_identity(by)
    office.give(replace(course.approval(stage), **said), by)
    *_, last = (each for each in office.events() if isinstance(each.event, Report.StageApproved))
    history = History(office.log, office.store.mapper)
    before = office.store.aggregates.find(Report, course.report_id, version=last.version - 1)
    assert before is not None
    return occasion(history.event(course.report_id, last.version), before)


def said_of(facts: Mapping[str, str]) -> dict[str, str]:
    return {name: facts[name] for name in ("stage", "role", "review_code", "comment", "next_role")}


def test_the_author_hears_whose_turn_it_is_after_a_stage(office: Office, course: Course) -> None:
    course.submitted()

    told = approved(office, course, 1, office.tom)

    assert told.accounts == (office.eva.account,)
    assert said_of(told.facts) == {
        "stage": "1",
        "role": "technical manager",
        "review_code": "A",
        "comment": "",
        "next_role": "project manager",
    }
    text = letter_text(EmailPurpose.STAGE_APPROVED, "Eva", {**told.facts, "link": "-", "service": "-"})
    assert text.subject.endswith("R0: stage 1 is approved")


def test_the_last_stage_is_told_by_the_news_of_the_revision(office: Office, course: Course) -> None:
    course.submitted()
    course.approve(1, office.tom)

    assert approved(office, course, 2, office.pia).accounts == ()


def test_what_the_last_approver_has_noted_reaches_the_author(office: Office, course: Course) -> None:
    course.submitted()
    course.approve(1, office.tom)

    told = approved(office, course, 2, office.pia, comment="Mend the label.", review_code="B")

    assert told.accounts == (office.eva.account,)
    assert (told.facts["comment"], told.facts["next_role"]) == ("Mend the label.", "")
