"""What is asked of a search, and what it answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from falcon import Request
from pydantic import BaseModel, Field, StringConstraints

from countersign.aggregates.report.status import Status
from countersign.aggregates.sought import LONGEST_TEXT, Part, Sought
from countersign.http.answers import Answer
from countersign.http.fields import Instant, Key, Line
from countersign.http.parameters import Paging
from countersign.http.reports.people import People, PersonAnswer
from countersign.http.reports.visibility import whose_reports
from countersign.http.services import Services
from countersign.http.staleness import Item
from countersign.projections.search.report_search_queries import (
    MOST_COUNTED,
    Found,
    FoundReport,
    Passage,
    search,
)

READS: Final = ("report_register", "report_search", "people")

Words = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), Field(examples=["pump AI_1_3"])]
"""Nothing is found where nothing is looked for."""


class SoughtFields(BaseModel):
    """What a search says: `from` and `to` bound the last change, `in` names the part of the report."""

    q: Words = ""
    type: Key | None = None
    status: Status | None = None
    client: Line | None = None
    project: Line | None = None
    owner: UUID | None = None
    since: Annotated[Instant | None, Field(alias="from")] = None
    before: Annotated[Instant | None, Field(alias="to")] = None
    part: Annotated[Part | None, Field(alias="in")] = None

    def sought(self) -> Sought:
        """What is looked for."""
        return Sought(
            text=self.q,
            report_type=self.type,
            status=self.status,
            client_name=self.client,
            project_reference=self.project,
            owner=self.owner,
            since=self.since,
            before=self.before,
            part=self.part,
        )


class FoundWanted(Paging):
    """How many at once; `cursor` is the `next_cursor` of the page before."""

    limit: Annotated[int, Field(ge=1, le=50)] = 20


class ReportsSought(SoughtFields, FoundWanted):
    """Words that a report must have, all of them, and what else it must be.

    A word is found at the beginning of a word or of a part of a tag such as `AI_1_3_07`; from three letters
    on within words, too. Case, accents and what joins a tag do not matter, and no sign is an operator. `from`
    and `to` bound the time of the last change, `in` names the part of the report.
    """


class PassageAnswer(Answer):
    """Where something was found: plain text, and in `highlights` the beginning and length of each match.

    Both count characters (Unicode code points). `line` is the id of the row, or the name of the field.
    """

    section: str
    line: str
    text: str
    highlights: list[tuple[int, int]]


class FoundReportAnswer(Item):
    """A report that was found."""

    HANGS_ON = ("id",)
    id: UUID
    document_number: str
    title: str
    report_type: str
    project_reference: str
    client_name: str
    owner: PersonAnswer
    revision: str
    status: Status
    modified_at: datetime
    score: int
    passages: list[PassageAnswer]
    href: str


class FoundAnswer(Answer):
    """A page of what was found, the best first. There are `total` reports, or more when it is not exact."""

    items: list[FoundReportAnswer]
    total: int
    total_is_exact: bool
    next_cursor: str | None


NOTHING: Final = FoundAnswer(items=[], total=0, total_is_exact=True, next_cursor=None)


def found_for(services: Services, req: Request, sought: Sought, wanted: FoundWanted) -> FoundAnswer:
    """What the caller finds among the reports that they may see.

    Raises:
        NotPermitted: the caller sees no reports.
        BadCursor: the cursor was not made by a search.
    """
    only = whose_reports(req.context.claims)
    if only is not None and sought.owner not in (None, only):
        return NOTHING
    visible = replace(sought, owner=only or sought.owner)
    found = search(services.read, visible, cursor=wanted.cursor, limit=wanted.limit)
    people = People(services.read, (row.owner for row in found.page.rows))
    return FoundAnswer(
        items=[_report(row, found, people) for row in found.page.rows],
        total=found.total,
        total_is_exact=found.total < MOST_COUNTED,
        next_cursor=found.page.next_cursor,
    )


def _report(row: FoundReport, found: Found, people: People) -> FoundReportAnswer:
    return FoundReportAnswer(
        id=row.report_id,
        document_number=row.document_number,
        title=row.title,
        report_type=row.report_type,
        project_reference=row.project_reference,
        client_name=row.client_name,
        owner=people.person(row.owner),
        revision=row.revision,
        status=Status(row.status),
        modified_at=row.modified_at,
        score=row.score,
        passages=[_passage(each) for each in found.passages.get(row.report_id, ())],
        href=f"/v1/reports/{row.report_id}",
    )


def _passage(passage: Passage) -> PassageAnswer:
    cut = passage.excerpt
    return PassageAnswer(
        section=passage.section, line=cut.line, text=cut.text, highlights=list(cut.highlights)
    )
