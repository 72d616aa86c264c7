"""Who plays in the demo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from countersign.aggregates.role import Role
from countersign.cli.demo.run_file import Run


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a log-in."""

    role: Role
    name: str
    email: str
    password: str


_CAST: Final[Mapping[Role, tuple[str, str]]] = {
    Role.ADMINISTRATOR: ("Ada Kovalenko", "ada.kovalenko"),
    Role.ENGINEER: ("Eleni Markaki", "eleni.markaki"),
    Role.TECHNICAL_MANAGER: ("Tomáš Dvořák", "tomas.dvorak"),
    Role.PROJECT_MANAGER: ("Пётр Орлов", "pyotr.orlov"),
    Role.DOCUMENT_CONTROLLER: ("Maria Santos", "maria.santos"),
    Role.AUDITOR: ("Aino Virtanen", "aino.virtanen"),
    Role.OPERATOR: ("Kenji Mori", "kenji.mori"),
}
CLIENT: Final = ("Νίκος Παπαδάκης", "nikos.papadakis")
"""Who receives the report: somebody without a log-in."""


def cast(run: Run) -> Mapping[Role, Person]:
    """Everybody with a log-in, by role; their addresses belong to this run alone."""
    return {
        role: Person(role, name, address(run, local), run.passwords[role])
        for role, (name, local) in _CAST.items()
    }


def address(run: Run, local: str) -> str:
    """An address under a domain that never reaches anybody (RFC 2606)."""
    return f"{local}@demo-{run.id}.example"
