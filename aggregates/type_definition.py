"""What a report of some type holds: sections, columns, results, route. Data, given names and types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

from countersign.aggregates.role import Role
from countersign.aggregates.root import DomainError

HEADER: Final = "header"
DEFAULT_SLA_HOURS: Final = 120
"""How long a stage may take when its route does not say: five days."""
REMINDER_HOURS: Final = (24,)
"""How long before a stage is due its approver is reminded when its route does not say."""


class UnknownSection(DomainError):
    """Reports of this type have no section of that name."""

    code = "unknown_section"
    status = 422


class SectionKind(StrEnum):
    """The shape of a section's content."""

    FIELDS = "fields"  # one mapping of column to value: the header
    TEXT = "text"  # {"text": ...}
    ROWS = "rows"  # a list of mappings, each with its id


class ColumnType(StrEnum):
    """What a cell may hold; every value is text."""

    TEXT = "text"  # one line
    MULTILINE = "multiline"
    DATE = "date"  # YYYY-MM-DD
    IP = "ip"
    RESULT = "result"  # one of the words of the type


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a section."""

    key: str
    title: str
    type: ColumnType
    required: bool = False
    max_length: int | None = None

    @classmethod
    def of(cls, spelled: Mapping[str, Any]) -> Self:
        """The column as the catalogue spells it."""
        known = {**spelled, "type": ColumnType(spelled["type"])}
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a report."""

    key: str
    title: str
    kind: SectionKind
    columns: tuple[Column, ...]
    required: bool = False
    mandatory_results: bool = False
    images: bool = False

    @classmethod
    def of(cls, spelled: Mapping[str, Any]) -> Self:
        """The section as the catalogue spells it."""
        columns = tuple(Column.of(column) for column in spelled["columns"])
        return cls(**{**spelled, "kind": SectionKind(spelled["kind"]), "columns": columns})

    @property
    def column_keys(self) -> tuple[str, ...]:
        """The columns' keys in the order of the document."""
        return tuple(column.key for column in self.columns)

    @property
    def has_results(self) -> bool:
        """Whether its rows are tests."""
        return any(column.type is ColumnType.RESULT for column in self.columns)

    @property
    def empty(self) -> Any:
        """What the section holds before anything was saved."""
        return [] if self.kind is SectionKind.ROWS else dict.fromkeys(self.column_keys, "")


@dataclass(frozen=True, slots=True)
class RouteStage:
    """One stage of the approval route: who may sign it, and within how many hours.

    Its approver is reminded `reminder_hours` before it is due; when it is overdue, those in the role
    `escalate_to` hear of it, or without one the administrators.
    """

    stage: int
    role: Role
    title: str
    sla_hours: int = DEFAULT_SLA_HOURS
    reminder_hours: tuple[int, ...] = REMINDER_HOURS
    escalate_to: Role | None = None

    @classmethod
    def of(cls, spelled: Mapping[str, Any]) -> Self:
        """The stage as the catalogue spells it."""
        known: dict[str, Any] = {**spelled, "role": Role(spelled["role"])}
        if "reminder_hours" in spelled:
            known["reminder_hours"] = tuple(spelled["reminder_hours"])
        if "escalate_to" in spelled:
            known["escalate_to"] = Role(spelled["escalate_to"])
        return cls(**known)


@dataclass(frozen=True, slots=True)
class TypeDefinition:
    """One version of a report type."""

    slug: str
    version: int
    title: str
    template: str
    max_rows: int
    route: tuple[RouteStage, ...]
    results: Mapping[str, str]
    sections: tuple[Section, ...]

    @classmethod
    def of(cls, spelled: Mapping[str, Any]) -> Self:
        """The definition as the catalogue spells it, already known to be sound."""
        return cls(
            slug=spelled["type"],
            version=spelled["version"],
            title=spelled["title"],
            template=spelled["template"],
            max_rows=spelled["max_rows"],
            route=tuple(RouteStage.of(stage) for stage in spelled["route"]),
            results=spelled["results"],
            sections=tuple(Section.of(section) for section in spelled["sections"]),
        )

    @property
    def header(self) -> Section:
        """The section that identifies the document."""
        return next(section for section in self.sections if section.key == HEADER)

    @property
    def contents(self) -> tuple[Section, ...]:
        """The sections after the header."""
        return tuple(section for section in self.sections if section.key != HEADER)

    @property
    def template_slug(self) -> str:
        """The template that renders reports of this type: the name of its file without the suffix."""
        return self.template.rpartition(".")[0] or self.template

    def section(self, key: str) -> Section:
        """The section of that key; the header is none of them, since it changes with the report's version.

        Raises:
            UnknownSection: the type has none.
        """
        for section in self.contents:
            if section.key == key:
                return section
        raise UnknownSection(f"Reports of type {self.slug} have no such section.", (("/section", "unknown"),))
