"""What the steps of the demo work with, and what they find out on their way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from countersign.aggregates.role import Role
from countersign.cli.demo.client import Client
from countersign.cli.demo.desk import Desk
from countersign.cli.demo.journal import Journal
from countersign.cli.demo.people import Person
from countersign.cli.demo.run_file import Folder, Run
from countersign.cli.demo.sample import Sample


@dataclass(slots=True)
class Scene:
    """The run, its people and its report."""

    run: Run
    folder: Folder
    sample: Sample
    people: Mapping[Role, Person]
    client: Client
    journal: Journal
    accounts: dict[Role, str] = field(default_factory=dict)
    report_id: str = ""
    submitted_digest: str = ""
    rendering_id: str = ""
    document: Path = Path()
    _desks: dict[Role, Desk] = field(default_factory=dict)

    @property
    def report_path(self) -> str:
        """Where the API has the report."""
        return f"/v1/reports/{self.report_id}"

    def desk(self, role: Role) -> Desk:
        """The person in that role, signed in."""
        if role not in self._desks:
            person = self.people[role]
            self._desks[role] = Desk(self.client.sign_in(person), person, self.journal, self.run.id)
        return self._desks[role]

    def report(self, role: Role) -> Mapping[str, Any]:
        """The report as that person sees it now."""
        seen: Mapping[str, Any] = self.desk(role).get(self.report_path).body
        return seen


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the story; `act` answers with what came of it."""

    title: str
    act: Callable[[Scene], str]


def version_tag(report: Mapping[str, Any]) -> str:
    """The `If-Match` of a change to the report as it was seen."""
    return f'"v{report["version"]}"'
