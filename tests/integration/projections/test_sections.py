from __future__ import annotations

import json
from hashlib import sha256

from countersign.aggregates.canonical_json import digest_of
from countersign.projections.following.runner import Runner
from countersign.projections.reports.section_current_queries import SectionParts, section, sections_of
from tests.integration.projections.journal import ENGINEER
from tests.integration.projections.story import DIGEST, Story

ROWS = [
    {"id": "1", "tag": "DI_0_1_1", "result": "", "comment": ""},
    {"id": "2", "tag": "T2", "result": "pass"},
]


def parts(story: Story, runner: Runner, report: object, name: str) -> SectionParts:
    runner.catch_up()
    found = section(story.databases.read, report, name)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_a_new_report_has_its_header_and_nothing_else(story: Story, runner: Runner) -> None:
    report = story.report(header={"document_title": "Pumps", "client_name": "W & Co"})
    found = parts(story, runner, report, "header")
    header = {"document_title": "Pumps", "client_name": "W & Co"}
    assert found.whole(story.store.blobs) == header
    assert found.about.digest == digest_of(header)
    assert [each.section for each in sections_of(story.databases.read, report)] == ["header"]
    assert section(story.databases.read, report, "alarms") is None


def test_a_changed_header_keeps_its_other_fields(story: Story, runner: Runner) -> None:
    report = story.report(header={"document_title": "Pumps", "client_name": "W & Co"})
    story.header_changed(report, document_title=("Pumps", "Valves"))
    found = parts(story, runner, report, "header")
    assert found.content == {"document_title": "Valves", "client_name": "W & Co"}
    assert found.about.digest == DIGEST


def test_a_saved_section_shows_what_was_saved_last_and_by_whom(story: Story, runner: Runner) -> None:
    report = story.report()
    story.section_saved(report, "alarms", ROWS)
    story.section_saved(report, "alarms", ROWS[:1])
    found = parts(story, runner, report, "alarms")
    assert found.whole(story.store.blobs) == ROWS[:1]
    assert (found.about.row_count, found.about.modified_by, found.about.revision) == (1, ENGINEER, "R0")


def test_results_lie_over_the_saved_rows_until_the_section_is_saved_again(
    story: Story, runner: Runner
) -> None:
    report = story.report()
    story.section_saved(report, "alarms", ROWS)
    story.tested(report, "alarms", "1", "", "fail", comment="no alarm", measured="3 mA")
    found = parts(story, runner, report, "alarms")
    assert found.whole(story.store.blobs) == [{**ROWS[0], "result": "fail", "comment": "no alarm"}, ROWS[1]]
    assert found.results["1"]["measured"] == "3 mA"
    assert found.about.digest == "e" * 64
    story.section_saved(report, "alarms", ROWS)
    assert parts(story, runner, report, "alarms").results == {}


def test_large_content_comes_from_its_blob_with_the_results_over_it(story: Story, runner: Runner) -> None:
    report = story.report()
    encoded = json.dumps(ROWS).encode()
    assert story.store.blobs.put(encoded) == sha256(encoded).hexdigest()
    story.section_saved(report, "alarms", ROWS, ref=sha256(encoded).hexdigest())
    story.tested(report, "alarms", "2", "pass", "na", comment="not fitted")
    found = parts(story, runner, report, "alarms")
    assert found.content is None
    assert found.whole(story.store.blobs) == [ROWS[0], {"id": "2", "tag": "T2", "result": "na"}]


def test_imported_rows_are_the_content(story: Story, runner: Runner) -> None:
    report = story.report()
    story.imported(report, "digital_inputs", ROWS)
    found = parts(story, runner, report, "digital_inputs")
    assert (found.whole(story.store.blobs), found.about.row_count) == (ROWS, 2)
