"""What is planned somewhere, and what waits for somebody to cause it."""

from __future__ import annotations

import re
from pathlib import Path

from countersign.aggregates.email_contents import WITHOUT_OCCASION, EmailPurpose
from countersign.projections.work.mail_causes import CAUSES
from countersign.workers.mail.facts_to_come import FACTS_TO_COME
from countersign.workers.mail.occasion import occasion

ROOT = Path(__file__).parents[4]
PLANNING = ("commands", "workers")


def test_what_has_no_occasion_is_planned_nowhere_and_everything_else_is() -> None:
    sources = (path.read_text("utf-8") for room in PLANNING for path in (ROOT / room).rglob("*.py"))
    planned = {name for source in sources for name in re.findall(r"EmailPurpose\.([A-Z_]+)", source)}

    assert {EmailPurpose[name] for name in planned} == set(EmailPurpose) - WITHOUT_OCCASION


def test_the_facts_to_come_are_those_of_what_has_no_occasion() -> None:
    assert FACTS_TO_COME.keys() == WITHOUT_OCCASION


def test_a_mail_about_an_event_of_a_report_is_shown_with_the_report() -> None:
    assert set(CAUSES) == occasion.registry.keys() - {object}
