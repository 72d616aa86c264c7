"""One section of a report: two people may edit two sections at the same time."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from falcon import Request, Response

from countersign.aggregates.report.content import resolve
from countersign.aggregates.report.report import Report
from countersign.aggregates.type_definition import Section
from countersign.commands.report.save_section import SaveSection
from countersign.eventstore.blobs import Blobs
from countersign.http.bodies import Form
from countersign.http.endpoints import command, query
from countersign.http.past.moments import AsOf
from countersign.http.past.past import Past
from countersign.http.preconditions import expected_digest, tag_digest
from countersign.http.reports.definitions import definition_of
from countersign.http.reports.section_answers import Content, SectionAnswer, SectionState, change_section
from countersign.http.reports.visibility import visible_report
from countersign.http.services import Services


class SectionForm(Form):
    """The whole content of the section. Rows without an `id` are given one."""

    MAX_BYTES: ClassVar[int | None] = None
    content: Content


class OneSection:
    """`/v1/reports/{report_id}/sections/{section}`."""

    def __init__(self, services: Services, past: Past) -> None:
        self._services = services
        self._past = past

    @query("Sections", refusals=(404, 410))
    def on_get(
        self, req: Request, resp: Response, report_id: UUID, section: str, query: AsOf
    ) -> SectionAnswer:
        """Show a section with its content, as it is now or as it was."""
        services = self._services
        current = visible_report(services.aggregates, req.context.claims, report_id)
        current.require_not_disposed()
        report = self._past.aggregate(req, resp, query, current)
        known = definition_of(report, services.aggregates).section(section)
        tag_digest(resp, report.digest_of_section(section))
        return _answer(report, known, services.blobs)

    @command("Sections", if_match="section", refusals=(403, 404, 409))
    def on_put(
        self, req: Request, resp: Response, report_id: UUID, section: str, form: SectionForm
    ) -> SectionState:
        """Replace the content of a section of a draft."""
        wanted = SaveSection(
            report_id=report_id, section=section, content=form.content, expected_digest=expected_digest(req)
        )
        return change_section(self._services, req, resp, report_id, wanted)


def _answer(report: Report, section: Section, blobs: Blobs) -> SectionAnswer:
    saved = report.sections.get(section.key)
    return SectionAnswer(
        report_id=report.id,
        report_version=report.version,
        section=section.key,
        title=section.title,
        kind=section.kind,
        revision=report.revision,
        digest=saved.digest if saved else None,
        row_count=saved.row_count if saved else 0,
        content=_content(report, section, blobs),
    )


def _content(report: Report, section: Section, blobs: Blobs) -> Any:
    saved = report.sections.get(section.key)
    if saved is None:
        return section.empty
    return resolve(saved, None if saved.content_ref is None else blobs.get(saved.content_ref))
