"""A document's input holds all that it shows, and the same state always gives the same input."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from countersign.aggregates.render_input import ENGINE_VERSION, Material, order_rendering
from countersign.aggregates.render_order import Format, Kind, RenderOrder
from countersign.aggregates.report.refusals import WrongStatus
from countersign.aggregates.report.report import Report
from tests.unit.aggregates.report.given import (
    REPORT,
    SPELLED,
    approved,
    approved_once,
    begun,
    complete,
    contents,
    save,
    submitted,
)


def ordered(report: Report, kind: Kind, form: Format = Format.DOCX) -> RenderOrder:
    return order_rendering(report, kind, form, Material(SPELLED, contents(report), "t" * 64))


def read(order: RenderOrder) -> dict[str, Any]:
    spelled: dict[str, Any] = json.loads(order.encoded)
    return spelled


def test_the_input_holds_everything_that_the_document_shows() -> None:
    report = approved()
    order = ordered(report, Kind.FINAL)
    spelled = read(order)
    assert spelled["report"]["id"] == str(REPORT)
    assert spelled["report"]["document_number"] == "N-1"
    assert (spelled["revision"], spelled["kind"], spelled["format"]) == ("R0", "final", "docx")
    assert spelled["definition"] == SPELLED
    assert spelled["content"]["header"] == report.header
    assert spelled["content"]["purpose"] == {"text": "It works.\nProven < & >"}
    assert [row["tag"] for row in spelled["content"]["signals"]] == ["DI_1", "DI_2"]
    assert spelled["content"]["documents"] == []
    assert [(each["stage"], each["printed_name"]) for each in spelled["signatures"]] == [
        (0, "Person 1"),
        (1, "Person 2"),
        (2, "Person 3"),
    ]
    assert spelled["signatures"][0]["at"] == "2026-03-18T08:02:00+00:00"
    assert spelled["signatures"][0]["role"] == "engineer"
    assert spelled["content_digest"] == order.content_digest == report.content_digest
    assert (spelled["template_digest"], spelled["engine_version"]) == ("t" * 64, ENGINE_VERSION)


def test_a_review_copy_shows_the_authors_signature_however_far_the_approval_is() -> None:
    early, late = ordered(submitted(), Kind.REVIEW), ordered(approved_once(), Kind.REVIEW)
    assert [each["stage"] for each in read(early)["signatures"]] == [0]
    assert early.rendering_id == late.rendering_id


def test_a_draft_shows_no_signature() -> None:
    assert read(ordered(submitted(), Kind.DRAFT))["signatures"] == []


def test_another_content_is_another_document() -> None:
    report = complete()
    first = ordered(report, Kind.DRAFT)
    assert ordered(complete(), Kind.DRAFT) == first
    save(report, "purpose", {"text": "other"})
    second = ordered(report, Kind.DRAFT)
    assert first.content_digest != second.content_digest
    assert first.rendering_id != second.rendering_id
    assert replace(first, encoded=second.encoded).rendering_id == second.rendering_id


@pytest.mark.parametrize(
    ("report", "kind"), [(begun(), Kind.REVIEW), (begun(), Kind.FINAL), (submitted(), Kind.FINAL)]
)
def test_a_document_waits_until_the_revision_has_come_that_far(report: Report, kind: Kind) -> None:
    with pytest.raises(WrongStatus):
        ordered(report, kind)
