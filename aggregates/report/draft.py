"""The part of a report's life in which it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from countersign.aggregates.canonical_json import digest_of
from countersign.aggregates.report.content import (
    Content,
    SectionState,
    changed_paths,
    with_cells,
)
from countersign.aggregates.report.csv_rows import Import, Rejected
from countersign.aggregates.report.header import Change, changed_header, new_values
from countersign.aggregates.report.refusals import Locked, StaleSection
from countersign.aggregates.report.result_entry import ResultEntry, reading_in, require_sound, row_of
from countersign.aggregates.report.status import EDITABLE, Status
from countersign.aggregates.root import Disposable, Root
from countersign.aggregates.type_definition import HEADER, Section, TypeDefinition

MOST_REJECTED: Final = 200


class Draft(Root):
    """Header and sections: open to the preparer until submitted, and again when changes are asked for."""

    report_type: str
    type_version: int
    document_number: str
    title: str
    project_reference: str
    client_name: str
    owner: UUID
    revision: str
    header: Mapping[str, str]
    status: Status = Status.DRAFT
    sections: Mapping[str, SectionState] = field(default_factory=dict)

    class HeaderChanged(Root.Event):
        TOPIC = "report.header_changed"
        revision: str
        changes: Mapping[str, Change]
        digest: str

        def apply(self, draft: Draft) -> None:
            draft.header = {**draft.header, **new_values(self.changes)}
            draft.title = draft.header["document_title"]
            draft.project_reference = draft.header["project_reference"]
            draft.client_name = draft.header["client_name"]
            draft.status = Status.DRAFT

    class SectionSaved(Root.Event):
        TOPIC = "report.section_saved"
        class_version = 2
        revision: str
        section: str
        digest: str
        row_count: int
        content: Disposable[Any | None]
        content_ref: Disposable[str | None]
        changed_paths: tuple[str, ...]

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """What was stored before contents were sealed is read as it stands."""

        def apply(self, draft: Draft) -> None:
            state = SectionState(self.digest, self.row_count, self.content, self.content_ref)
            _keep(draft, self.section, state)

    class RowsImported(Root.Event):
        TOPIC = "report.rows_imported"
        class_version = 2
        revision: str
        section: str
        source: str
        accepted: int
        rejected: Disposable[tuple[Rejected, ...]]
        rejected_count: int
        digest: str
        row_count: int
        content: Disposable[Any | None]
        content_ref: Disposable[str | None]

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """See `SectionSaved`."""

        def apply(self, draft: Draft) -> None:
            state = SectionState(self.digest, self.row_count, self.content, self.content_ref)
            _keep(draft, self.section, state)

    class TestResultRecorded(Root.Event):
        TOPIC = "report.test_result_recorded"
        class_version = 2
        revision: str
        section: str
        row_id: str
        result: str
        previous: str
        comment: Disposable[str]
        verified_by: Disposable[str]
        measured: Disposable[str]
        unit: Disposable[str]
        digest: str

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """See `SectionSaved`."""

        def apply(self, draft: Draft) -> None:
            state = draft.sections[self.section]
            entry = ResultEntry(self.result, self.comment, self.verified_by, self.measured, self.unit)
            results = {**state.results, self.row_id: entry.cells}
            _keep(draft, self.section, replace(state, digest=self.digest, results=results))

    def edit_header(self, at: datetime, changes: Mapping[str, str], definition: TypeDefinition) -> None:
        """Change fields of the header; a value that is there already changes nothing.

        Raises:
            Locked: the revision is not being written.
            InvalidField: with a pointer to each bad field.
        """
        self.require_editable()
        if found := changed_header(self.header, changes, definition):
            self.trigger_event(
                self.HeaderChanged,
                timestamp=at,
                revision=self.revision,
                changes=found,
                digest=digest_of({**self.header, **new_values(found)}),
            )

    def save_section(self, at: datetime, section: Section, content: Content, current: Any) -> None:
        """Replace the content of a section, results included; the same content changes nothing.

        Raises:
            Locked: the revision is not being written.
        """
        self.require_editable()
        if content.digest != digest_of(current):
            self.trigger_event(
                self.SectionSaved,
                timestamp=at,
                revision=self.revision,
                section=section.key,
                digest=content.digest,
                row_count=content.row_count,
                content=content.inline,
                content_ref=content.ref,
                changed_paths=changed_paths(current, content.value),
            )

    def import_rows(self, at: datetime, section: Section, found: Import, source: str) -> None:
        """Add the rows of an import to those of a section.

        Raises:
            Locked: the revision is not being written.
        """
        self.require_editable()
        self.trigger_event(
            self.RowsImported,
            timestamp=at,
            revision=self.revision,
            section=section.key,
            source=source,
            accepted=found.accepted,
            rejected=found.rejected[:MOST_REJECTED],
            rejected_count=len(found.rejected),
            digest=found.content.digest,
            row_count=found.content.row_count,
            content=found.content.inline,
            content_ref=found.content.ref,
        )

    def record_test_result(
        self,
        at: datetime,
        section: Section,
        row_id: str,
        entry: ResultEntry,
        definition: TypeDefinition,
        current: Any,
    ) -> None:
        """Note how one test went; the same result again changes nothing.

        Raises:
            Locked: the revision is not being written.
            UnknownRow: the section has no such row.
            InvalidField, FailNeedsComment, NotApplicableNeedsReason: the entry is not complete.
        """
        self.require_editable()
        require_sound(entry, definition, section)
        row = row_of(current, row_id)
        tested = with_cells(row, entry.cells)
        if tested == row and entry.reading == reading_in(self.sections[section.key].results.get(row_id, {})):
            return
        self.trigger_event(
            self.TestResultRecorded,
            timestamp=at,
            revision=self.revision,
            section=section.key,
            row_id=row_id,
            result=entry.result,
            previous=row["result"],
            comment=entry.comment,
            verified_by=entry.verified_by,
            measured=entry.measured,
            unit=entry.unit,
            digest=digest_of([tested if each is row else each for each in current]),
        )

    def require_editable(self) -> None:
        """Refuse what would change a revision that is not being written.

        Raises:
            Locked: it was submitted, approved or issued.
        """
        if self.status not in EDITABLE:
            raise Locked(f"Revision {self.revision} is {self.status.spoken}: its content is frozen.")

    def require_digest(self, section: str, expected: str | None) -> None:
        """Refuse to overwrite what the writer has not seen; None means that nothing had been saved.

        Raises:
            StaleSection: the section has another digest by now.
        """
        if self.digest_of_section(section) != expected:
            raise StaleSection(f"The section {section} has changed since you read it: read it again.")

    def digest_of_section(self, section: str) -> str | None:
        """The digest of a section's content, or None before anything was saved."""
        state = self.sections.get(section)
        return None if state is None else state.digest

    @property
    def section_digests(self) -> Mapping[str, str]:
        """The digest of the header and of each section that was ever saved, by key."""
        return {HEADER: digest_of(self.header), **{key: state.digest for key, state in self.sections.items()}}


def _keep(draft: Draft, section: str, state: SectionState) -> None:
    draft.sections = {**draft.sections, section: state}
    draft.status = Status.DRAFT
