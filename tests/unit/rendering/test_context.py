from __future__ import annotations

import json
from typing import Any

import pytest

from countersign.workers.rendering.context import build_context

AUTHOR = {
    "stage": 0,
    "printed_name": "Eleni Markaki",
    "role": "engineer",
    "meaning": "authorship",
    "at": "2026-03-19T10:12:44+02:00",
    "content_digest": "ab" * 32,
    "image": None,
}


def context_of(definition: dict[str, Any], content: dict[str, Any], **changed: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "definition": definition,
        "content": content,
        "revision": "R0",
        "signatures": [AUTHOR],
        "kind": "review",
        "content_digest": "ab" * 32,
        "template_digest": "cd" * 32,
    }
    return build_context(given | changed)


def test_sections_and_columns_reach_the_template_under_their_own_names(
    definition: dict[str, Any], sample: dict[str, Any]
) -> None:
    context = context_of(definition, sample)
    assert context["header"] == sample["header"]
    assert context["purpose"] == sample["purpose"]
    without_ids = [
        {key: value for key, value in row.items() if key != "id"} for row in sample["digital_inputs"]
    ]
    assert context["digital_inputs"] == without_ids


def test_what_a_report_leaves_out_is_empty_and_not_missing(definition: dict[str, Any]) -> None:
    context = context_of(definition, {"digital_inputs": [{"id": "1", "tag": "DI_1"}]})
    assert context["scope"] == {"text": ""}
    assert context["punch_list"] == []
    assert context["digital_inputs"][0]["comment"] == ""


def test_the_revision_of_the_report_wins_over_the_header(definition: dict[str, Any]) -> None:
    assert context_of(definition, {"header": {"revision": "R0"}}, revision="R1")["header"]["revision"] == "R1"


def test_results_are_counted_by_section_and_in_all(definition: dict[str, Any]) -> None:
    results = ["pass", "pass", "fail", "na", "", "not_tested"]
    context = context_of(definition, {"alarms": [{"id": str(n), "result": r} for n, r in enumerate(results)]})
    counted = {"passed": 2, "failed": 1, "not_applicable": 1, "not_tested": 2, "total": 6}
    alarms = next(line for line in context["contents"] if line["key"] == "alarms")
    assert alarms == {"key": "alarms", "title": "Alarms", "tested": True, "rows": 6} | counted
    assert context["results"] == counted


def test_stages_that_nobody_signed_yet_are_shown_as_open(definition: dict[str, Any]) -> None:
    block = context_of(definition, {})["signatures"]
    assert [(line["title"], line["signed"]) for line in block] == [
        ("Prepared by", True),
        ("Technical Manager", False),
        ("Project Manager", False),
    ]


def test_a_signature_is_printed_with_name_role_meaning_time_and_digest(definition: dict[str, Any]) -> None:
    line = context_of(definition, {})["signatures"][0]
    assert (line["printed_name"], line["role"], line["meaning"]) == (
        "Eleni Markaki",
        "Engineer",
        "Authorship",
    )
    assert line["at"] == "2026-03-19 08:12:44 UTC"
    assert line["digest"] == "ab" * 8


def test_a_signature_beyond_the_usual_route_is_shown_too(definition: dict[str, Any]) -> None:
    block = context_of(definition, {}, signatures=[AUTHOR, AUTHOR | {"stage": 3}])["signatures"]
    assert [line["title"] for line in block][-1] == "Stage 3"


@pytest.mark.parametrize(("kind", "shown"), [("draft", "DRAFT"), ("review", "REVIEW COPY"), ("final", "")])
def test_only_a_final_document_has_no_banner(definition: dict[str, Any], kind: str, shown: str) -> None:
    context = context_of(definition, {}, kind=kind)
    assert context["watermark"] == shown
    assert context["banner"].startswith(shown)
    assert bool(context["banner"]) is bool(shown)


def test_the_context_is_plain_data(definition: dict[str, Any], sample: dict[str, Any]) -> None:
    context = context_of(definition, sample)
    assert json.loads(json.dumps(context)) == context
