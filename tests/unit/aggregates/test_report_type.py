"""A report type is sound, versioned, and stays readable for the reports that were made under it."""

from __future__ import annotations

from copy import copy, deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from countersign.aggregates.canonical_json import digest_of
from countersign.aggregates.definition_soundness import UnsoundDefinition, sound
from countersign.aggregates.report_type import (
    PastVersion,
    ReportType,
    Spelled,
    VersionNotRaised,
    report_type_id,
)
from countersign.aggregates.role import Role
from countersign.aggregates.type_definition import DEFAULT_SLA_HOURS, TypeDefinition
from tests.unit.aggregates.report.given import SPELLED

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CATALOGUE = Path(__file__).parents[3] / "aggregates" / "catalogue"


def changed(**changes: Any) -> dict[str, Any]:
    return deepcopy(SPELLED) | changes


def flaws(spelled: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(UnsoundDefinition) as refusal:
        sound(spelled)
    return dict(refusal.value.pointers)


@pytest.mark.parametrize("path", sorted(CATALOGUE.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_type_of_the_catalogue_is_sound(path: Path) -> None:
    assert sound(yaml.safe_load(path.read_text(encoding="utf-8"))).slug.lower() == path.stem


def test_a_defined_type_holds_what_the_catalogue_says() -> None:
    report_type = ReportType.define(NOW, SPELLED)

    (event,) = report_type.collect_events()
    assert isinstance(event, ReportType.Created)
    assert event.originator_id == report_type_id("MINI")
    assert (event.slug, event.title, event.type_version) == ("MINI", "Small Acceptance Test", 1)
    assert event.schema_digest == digest_of(SPELLED)
    assert report_type.at_version(1) == TypeDefinition.of(SPELLED)


def test_a_newer_version_leaves_the_older_readable() -> None:
    report_type = ReportType.define(NOW, SPELLED)
    before = copy(report_type)

    report_type.publish(NOW, changed(version=2, title="Smaller", max_rows=2))

    assert isinstance(report_type.pending_events[-1], ReportType.VersionPublished)
    assert (report_type.type_version, report_type.title) == (2, "Smaller")
    assert report_type.past == (PastVersion(1, Spelled(digest_of(SPELLED), SPELLED)),)
    assert [report_type.at_version(version).max_rows for version in (1, 2)] == [5, 2]
    assert (before.type_version, before.past) == (1, ())
    with pytest.raises(KeyError):
        report_type.at_version(3)


def test_the_definition_in_force_again_is_no_event() -> None:
    report_type = ReportType.define(NOW, SPELLED)
    report_type.publish(NOW, deepcopy(SPELLED))
    assert len(report_type.pending_events) == 1


def test_a_change_needs_a_higher_version() -> None:
    report_type = ReportType.define(NOW, SPELLED)
    with pytest.raises(VersionNotRaised):
        report_type.publish(NOW, changed(max_rows=2))


def test_a_stage_without_a_limit_has_the_common_one() -> None:
    first, second = TypeDefinition.of(SPELLED).route
    assert (first.role, first.sla_hours) == (Role.TECHNICAL_MANAGER, DEFAULT_SLA_HOURS)
    assert second.sla_hours == 24


def test_a_type_names_its_template_by_the_file() -> None:
    assert TypeDefinition.of(SPELLED).template_slug == "mini"
    assert TypeDefinition.of(changed(template="mini")).template_slug == "mini"


@pytest.mark.parametrize(
    "spelled",
    [
        {},
        changed(route=[{"stage": 1, "role": "king", "title": "King"}]),
        changed(route=[{"stage": 1}]),
        changed(sections=[{"key": "header", "title": "H", "kind": "poem", "columns": []}]),
        changed(sections=[{"key": "header", "title": "H", "kind": "fields", "columns": [], "colour": "red"}]),
    ],
)
def test_what_is_not_spelled_like_a_type_is_refused(spelled: dict[str, Any]) -> None:
    assert flaws(spelled) == {}


def test_a_route_counts_its_stages_and_has_one_at_least() -> None:
    route = [{"stage": 2, "role": "project_manager", "title": "Project Manager"}]
    assert flaws(changed(route=route)) == {"/route": "its stages must count 1, 2, 3, ..."}
    assert flaws(changed(route=[])) == {
        "/route": "needs a stage at least: somebody other than the author must sign"
    }


@pytest.mark.parametrize("times", [{"sla_hours": 0}, {"reminder_hours": [24, 0]}])
def test_a_stage_and_its_reminders_take_an_hour_at_least(times: dict[str, Any]) -> None:
    stage = {"stage": 1, "role": "project_manager", "title": "Project Manager", **times}
    assert flaws(changed(route=[stage])) == {
        "/route": "its stages take an hour at least, and reminders come hours before their end"
    }


def test_a_type_has_the_words_of_all_results() -> None:
    assert flaws(changed(results={"pass": "PASS"})) == {
        "/results": "needs the words fail, na, not_tested, pass"
    }


def test_a_type_has_a_header_and_no_section_twice() -> None:
    purpose = SPELLED["sections"][1]
    assert flaws(changed(sections=[purpose, purpose])) == {"/sections": "needs the section header"}
    assert flaws(changed(sections=[*SPELLED["sections"], purpose])) == {"/sections": "two have the same key"}


def section(key: str, kind: str, *columns: str, **more: Any) -> dict[str, Any]:
    spelled = [{"key": column, "title": column, "type": "text"} for column in columns]
    return {"key": key, "title": key, "kind": kind, "columns": spelled, **more}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (section("Signals", "rows", "tag"), "keys are in snake_case"),
        (section("more", "rows", "Tag No"), "keys are in snake_case"),
        (section("more", "rows", "tag", "tag"), "columns need keys of their own, and `id` is the row's"),
        (section("more", "rows", "id"), "columns need keys of their own, and `id` is the row's"),
        (section("more", "fields", "tag"), "the header, and only the header, holds fields"),
        (section("more", "text", "words"), "a text has one column, `text`"),
        (
            section("more", "rows", "result", "comment", mandatory_results=True),
            "mandatory results need the columns result and comment",
        ),
    ],
)
def test_a_section_that_contradicts_itself_is_pointed_at(bad: dict[str, Any], reason: str) -> None:
    assert flaws(changed(sections=[*SPELLED["sections"], bad])) == {"/sections/6": reason}


def test_a_header_identifies_the_document() -> None:
    sections = [section("header", "fields", "document_title"), *SPELLED["sections"][1:]]
    found = flaws(changed(sections=sections))
    assert found["/sections/0"].startswith("the header needs document_title, project_reference")
