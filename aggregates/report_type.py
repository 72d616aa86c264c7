"""The kinds of reports there are: data that the catalogue brings, versioned, never code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Self
from uuid import UUID

from countersign.aggregates.canonical_json import digest_of
from countersign.aggregates.definition_soundness import sound
from countersign.aggregates.root import DomainError, Root, derived_id
from countersign.aggregates.type_definition import TypeDefinition


class UnknownType(DomainError):
    """There is no report type of that name."""

    code = "unknown_type"
    status = 422


class VersionNotRaised(DomainError):
    """A changed definition needs the next version number, so that older reports keep theirs."""

    code = "version_not_raised"


@dataclass(frozen=True, slots=True)
class Spelled:
    """A definition as the catalogue spelled it; equal when its digest is."""

    schema_digest: str
    definition: Mapping[str, Any] = field(compare=False)


@dataclass(frozen=True, slots=True)
class PastVersion:
    """A version that reports of its time still follow."""

    type_version: int
    spelled: Spelled


def report_type_id(slug: str) -> UUID:
    """The stream of the report type of that name."""
    return derived_id("report_type", slug)


class ReportType(Root):
    """What reports of one kind hold, and what must be true before they may be submitted."""

    TOPIC = "report_type"
    slug: str
    title: str
    type_version: int
    definition: Mapping[str, Any]
    schema_digest: str
    past: tuple[PastVersion, ...] = ()

    class Created(Root.Created):
        TOPIC = "report_type.defined"
        slug: str
        title: str
        type_version: int
        definition: Mapping[str, Any]
        schema_digest: str

    class VersionPublished(Root.Event):
        TOPIC = "report_type.version_published"
        type_version: int
        definition: Mapping[str, Any]
        schema_digest: str

        def apply(self, report_type: ReportType) -> None:
            report_type.past = (
                *report_type.past,
                PastVersion(report_type.type_version, report_type.current),
            )
            report_type.title = self.definition["title"]
            report_type.type_version = self.type_version
            report_type.definition = self.definition
            report_type.schema_digest = self.schema_digest

    @classmethod
    def define(cls, at: datetime, definition: Mapping[str, Any]) -> Self:
        """Enter a new kind of report.

        Raises:
            UnsoundDefinition: with everything that is wrong.
        """
        known = sound(definition)
        return cls._create(
            cls.Created,
            id=report_type_id(known.slug),
            timestamp=at,
            slug=known.slug,
            title=known.title,
            type_version=known.version,
            definition=definition,
            schema_digest=digest_of(definition),
        )

    def publish(self, at: datetime, definition: Mapping[str, Any]) -> None:
        """Bring a newer version into force for reports yet to come; the same one again changes nothing.

        Raises:
            UnsoundDefinition: with everything that is wrong.
            VersionNotRaised: it differs, but does not say so in its version.
        """
        schema_digest = digest_of(definition)
        if schema_digest == self.schema_digest:
            return
        known = sound(definition)
        if known.version <= self.type_version:
            raise VersionNotRaised(f"{self.slug} changed: its version must be above {self.type_version}.")
        self.trigger_event(
            self.VersionPublished,
            timestamp=at,
            type_version=known.version,
            definition=definition,
            schema_digest=schema_digest,
        )

    @property
    def current(self) -> Spelled:
        """The definition in force."""
        return Spelled(self.schema_digest, self.definition)

    def spelled(self, type_version: int) -> Mapping[str, Any]:
        """The definition of a version as the catalogue spelled it."""
        return self._spelling(type_version).definition

    def at_version(self, type_version: int) -> TypeDefinition:
        """The definition that reports made under that version follow."""
        return _parsed(self._spelling(type_version))

    def _spelling(self, type_version: int) -> Spelled:
        versions = {past.type_version: past.spelled for past in self.past}
        return {**versions, self.type_version: self.current}[type_version]


@lru_cache(maxsize=64)
def _parsed(spelled: Spelled) -> TypeDefinition:
    return TypeDefinition.of(spelled.definition)
