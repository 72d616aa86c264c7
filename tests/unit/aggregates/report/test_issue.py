"""What goes out is the finished document of exactly what was approved, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.render_order import Format, Kind, RenderOrder
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.recipient import MOST_RECIPIENTS, Recipient
from countersign.aggregates.report.refusals import InvalidField, RenderingStale, WrongStatus
from countersign.aggregates.report.report import Issue, IssueStatus, Report
from countersign.aggregates.report.status import Status
from tests.unit.aggregates.report.given import (
    CLIENT,
    PIA,
    approved,
    complete,
    issued,
    last,
    minute,
    rendered,
    submitted,
)


def issue(report: Report, rendering: Rendering, *recipients: Recipient) -> None:
    report.issue_revision(minute(12), PIA, rendering, IssueStatus.FOR_APPROVAL, recipients or (CLIENT,))


def order(report: Report, **changes: Any) -> RenderOrder:
    usual = RenderOrder(report.id, "R0", Kind.FINAL, Format.DOCX, report.content_digest, "t" * 64, "1", b"{}")
    return replace(usual, **changes)


def test_an_issue_names_the_document_and_who_receives_it() -> None:
    report = approved()
    rendering = rendered(report)

    issue(report, rendering)

    event = last(report)
    assert isinstance(event, Report.RevisionIssued)
    assert (event.rendering_id, event.document_digest) == (rendering.id, "d" * 64)
    assert (event.issue_status, event.recipients, event.by) == ("IFA", (CLIENT,), PIA)
    assert report.status is Status.ISSUED
    assert report.issue == Issue(rendering.id, "d" * 64, IssueStatus.FOR_APPROVAL)


@pytest.mark.parametrize("state", [complete, submitted, issued])
def test_only_an_approved_revision_is_issued(state: Callable[[], Report]) -> None:
    report = state()
    with pytest.raises(WrongStatus):
        issue(report, rendered(report))


@pytest.mark.parametrize("kind", [Kind.DRAFT, Kind.REVIEW])
def test_a_draft_or_review_copy_is_not_issued(kind: Kind) -> None:
    report = approved()
    with pytest.raises(RenderingStale):
        issue(report, rendered(report, kind))


@pytest.mark.parametrize(
    "other", [{"content_digest": "0" * 64}, {"report_id": UUID(int=9)}, {"revision": "R1"}]
)
def test_a_document_of_anything_else_is_not_issued(other: dict[str, Any]) -> None:
    report = approved()
    rendering = Rendering.request(minute(10), order(report, **other))
    rendering.start(minute(10), "w")
    rendering.complete(minute(11), rendered(report).artifacts, 1)
    with pytest.raises(RenderingStale):
        issue(report, rendering)


def test_a_document_that_is_not_finished_is_not_issued() -> None:
    report = approved()
    with pytest.raises(RenderingStale):
        issue(report, Rendering.request(minute(10), order(report)))


@pytest.mark.parametrize(
    ("recipients", "pointer"),
    [
        ((), "/recipients"),
        ((CLIENT,) * 2, "/recipients/1/email"),
        ((replace(CLIENT, name=" "),), "/recipients/0/name"),
        ((replace(CLIENT, name="a\nb"),), "/recipients/0/name"),
        (
            tuple(replace(CLIENT, subject=UUID(int=n)) for n in range(MOST_RECIPIENTS + 1)),
            "/recipients",
        ),
    ],
)
def test_an_issue_reaches_somebody_and_nobody_twice(recipients: tuple[Recipient, ...], pointer: str) -> None:
    report = approved()
    with pytest.raises(InvalidField) as refusal:
        report.issue_revision(minute(12), PIA, rendered(report), IssueStatus.FINAL, recipients)
    assert [place for place, _ in refusal.value.pointers] == [pointer]
    assert report.status is Status.APPROVED
