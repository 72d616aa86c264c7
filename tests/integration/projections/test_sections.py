from __future__ import annotations

import json
from hashlib import sha256
from typing import Any
from uuid import UUID

from countersign.aggregates.canonical_json import digest_of
from countersign.projections.catalogue import projection_named
from countersign.projections.following.runner import Runner
from countersign.projections.past.as_of_rows import rows_of
from tests.integration.projections.journal import ENGINEER
from tests.integration.projections.story import DIGEST, Story

SECTION_CURRENT = projection_named("section_current")
ROWS = [
    {"id": "1", "tag": "DI_0_1_1", "result": "", "comment": ""},
    {"id": "2", "tag": "T2", "result": "pass"},
]


def sections(story: Story, runner: Runner, report: UUID) -> dict[str, dict[str, Any]]:
    runner.catch_up()
    found = rows_of(story.databases.read, SECTION_CURRENT, report)["section_current"]
    return {row["section"]: dict(row) for row in found}


def results(story: Story, runner: Runner, report: UUID) -> dict[tuple[str, str], dict[str, str]]:
    runner.catch_up()
    found = rows_of(story.databases.read, SECTION_CURRENT, report)["section_current_result"]
    return {(row["section"], row["row_id"]): row["cells"] for row in found}


def test_a_new_report_has_its_header_and_nothing_else(story: Story, runner: Runner) -> None:
    header = {"document_title": "Pumps", "client_name": "W & Co"}
    found = sections(story, runner, story.report(header=header))
    assert found.keys() == {"header"}
    assert (found["header"]["content"], found["header"]["digest"]) == (header, digest_of(header))


def test_a_changed_header_keeps_its_other_fields(story: Story, runner: Runner) -> None:
    report = story.report(header={"document_title": "Pumps", "client_name": "W & Co"})
    story.header_changed(report, document_title=("Pumps", "Valves"))
    header = sections(story, runner, report)["header"]
    assert header["content"] == {"document_title": "Valves", "client_name": "W & Co"}
    assert header["digest"] == DIGEST


def test_a_saved_section_shows_what_was_saved_last_and_by_whom(story: Story, runner: Runner) -> None:
    report = story.report()
    story.section_saved(report, "alarms", ROWS)
    story.section_saved(report, "alarms", ROWS[:1])
    saved = sections(story, runner, report)["alarms"]
    assert (saved["content"], saved["row_count"]) == (ROWS[:1], 1)
    assert (saved["modified_by"], saved["revision"]) == (ENGINEER, "R0")


def test_results_lie_over_the_saved_rows_until_the_section_is_saved_again(
    story: Story, runner: Runner
) -> None:
    report = story.report()
    story.section_saved(report, "alarms", ROWS)
    story.tested(report, "alarms", "1", "", "fail", comment="no alarm", measured="3 mA")
    cells = results(story, runner, report)["alarms", "1"]
    assert (cells["result"], cells["comment"], cells["measured"]) == ("fail", "no alarm", "3 mA")
    saved = sections(story, runner, report)["alarms"]
    assert (saved["content"], saved["digest"]) == (ROWS, "e" * 64)
    story.section_saved(report, "alarms", ROWS)
    assert results(story, runner, report) == {}


def test_large_content_is_named_and_results_lie_over_it_too(story: Story, runner: Runner) -> None:
    report = story.report()
    blob = sha256(json.dumps(ROWS).encode()).hexdigest()
    story.section_saved(report, "alarms", ROWS, ref=blob)
    story.tested(report, "alarms", "2", "pass", "na", comment="not fitted")
    saved = sections(story, runner, report)["alarms"]
    assert (saved["content"], saved["content_ref"]) == (None, blob)
    assert results(story, runner, report).keys() == {("alarms", "2")}


def test_imported_rows_are_the_content(story: Story, runner: Runner) -> None:
    report = story.report()
    story.imported(report, "digital_inputs", ROWS)
    saved = sections(story, runner, report)["digital_inputs"]
    assert (saved["content"], saved["row_count"]) == (ROWS, 2)
