"""The Word templates that documents are made with: versions, of which one is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from countersign.aggregates.root import Root, derived_id


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """One upload: a Word file by its digest."""

    template_version: int
    digest: str
    size_bytes: int
    engine_version: str


@dataclass(frozen=True, slots=True)
class Pinned:
    """The version of a template that a revision is bound to, whatever is activated later."""

    template: UUID
    template_version: int
    digest: str


def template_id(slug: str) -> UUID:
    """The stream of the template of that name."""
    return derived_id("template", slug)


class Template(Root):
    """A named template for reports of one type."""

    TOPIC = "template"
    slug: str
    name: str
    report_type: str
    versions: tuple[TemplateVersion, ...] = ()
    active_version: int | None = None

    class Created(Root.Created):
        TOPIC = "template.created"
        slug: str
        name: str
        report_type: str

    class VersionUploaded(Root.Event):
        TOPIC = "template.version_uploaded"
        template_version: int
        digest: str
        size_bytes: int
        engine_version: str

        def apply(self, template: Template) -> None:
            uploaded = TemplateVersion(
                self.template_version, self.digest, self.size_bytes, self.engine_version
            )
            template.versions = (*template.versions, uploaded)

    class VersionActivated(Root.Event):
        TOPIC = "template.version_activated"
        template_version: int
        replaces: int | None

        def apply(self, template: Template) -> None:
            template.active_version = self.template_version

    @classmethod
    def create(cls, at: datetime, slug: str, name: str, report_type: str) -> Self:
        """Name a new template; it is of use once a version of it is in force."""
        return cls._create(
            cls.Created, id=template_id(slug), timestamp=at, slug=slug, name=name, report_type=report_type
        )

    def install(self, at: datetime, digest: str, size_bytes: int, engine_version: str) -> None:
        """Put a Word file in force; the one that is in force already changes nothing."""
        if self.active is not None and self.active.digest == digest:
            return
        number = len(self.versions) + 1
        self.trigger_event(
            self.VersionUploaded,
            timestamp=at,
            template_version=number,
            digest=digest,
            size_bytes=size_bytes,
            engine_version=engine_version,
        )
        self.trigger_event(
            self.VersionActivated, timestamp=at, template_version=number, replaces=self.active_version
        )

    @property
    def active(self) -> TemplateVersion | None:
        """The version in force."""
        return None if self.active_version is None else self.versions[self.active_version - 1]

    @property
    def pinned(self) -> Pinned | None:
        """What a revision that is submitted now is bound to."""
        active = self.active
        return None if active is None else Pinned(self.id, active.template_version, active.digest)
