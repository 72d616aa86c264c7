"""A fact that a mail says, and those of a report, which most mails say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Fact:
    """What a fact says to the reader, and an example; one that is `added` is not given by the planner."""

    meaning: str
    example: str
    added: bool = False


REPORT: Final = {
    "report_id": Fact("the report's id, of which the link is made", "5f0c7c1e-0d5b-4c55-9d56-6a3f6a0b8a11"),
    "link": Fact("where the report is", "https://reports.example/v1/reports/5f0c7c1e", added=True),
    "document_number": Fact("the report's number", "SAT-2026-0117"),
    "title": Fact("its title", "Water works & pumps"),
    "revision": Fact("the revision that it is about", "R0"),
    "project_reference": Fact("the project", "P-7"),
    "client_name": Fact("the client", "Şehir Su A.Ş."),
}
