"""What docs/mail.md says about the facts."""

from __future__ import annotations

from pathlib import Path

from countersign.workers.mail.facts import FACTS

PAGE = Path(__file__).parents[4] / "docs" / "mail.md"


def test_the_page_names_the_facts_of_every_purpose() -> None:
    lines = PAGE.read_text("utf-8").splitlines()

    for purpose, facts in FACTS.items():
        given = [f"`{name}`" for name, fact in facts.items() if not fact.added]
        assert f"| `{purpose}` | {', '.join(given) or 'none'} |" in lines
