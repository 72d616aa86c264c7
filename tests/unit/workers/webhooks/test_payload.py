"""What is told of each public event: nothing of a person, and all that the documentation promises."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from countersign.aggregates.incident import Incident
from countersign.aggregates.rendering import Rendering
from countersign.aggregates.report.report import Report
from countersign.aggregates.root import Root
from countersign.aggregates.webhook.public_events import PUBLIC, TEST, PublicType
from countersign.cli.status.problem import Component
from countersign.workers.reactions.plan_deliveries import plan_deliveries
from countersign.workers.webhooks.incident_words import Subject, subject_of
from countersign.workers.webhooks.payload import body_of, told_of_document, told_of_incident, told_of_report
from tests.unit.house.examples import example_of

DOCUMENTED = (Path(__file__).parents[4] / "docs" / "webhooks.md").read_text("utf-8")
AT = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)


def begun(cls: type[Root]) -> Root:
    first = example_of(cls.Created)
    made: Root = first.mutate(None)  # type: ignore[assignment]
    return made


def told_of(event_class: type[Root.Event]) -> dict[str, object]:
    report, rendering = begun(Report), begun(Rendering)
    assert isinstance(report, Report)
    assert isinstance(rendering, Rendering)
    event = example_of(event_class)
    if str(event_class.TOPIC).startswith("incident"):  # type: ignore[attr-defined]
        incident = begun(Incident)
        assert isinstance(incident, Incident)
        return dict(told_of_incident(event, incident))
    about_document = str(event_class.TOPIC).startswith("rendering")  # type: ignore[attr-defined]
    told = told_of_document(event, report, rendering) if about_document else told_of_report(event, report)
    return dict(told)


@pytest.mark.parametrize("event_class", PUBLIC, ids=lambda each: str(PUBLIC[each]))
def test_a_public_event_tells_of_its_report_and_of_no_person(event_class: type[Root.Event]) -> None:
    told = told_of(event_class)
    assert {"report_id", "document_number", "report_type", "revision"} <= told.keys() or "component" in told
    text = json.dumps(told, ensure_ascii=False)
    assert "of a person" not in text
    for person in ("owner", "approver", "by", "recipients", "signer", "comment", "reason"):
        assert person not in told


@pytest.mark.parametrize("event_class", PUBLIC, ids=lambda each: str(PUBLIC[each]))
def test_what_is_told_is_documented(event_class: type[Root.Event]) -> None:
    row = re.search(rf"^\| `{re.escape(PUBLIC[event_class])}` \|.*$", DOCUMENTED, re.MULTILINE)
    assert row is not None
    header = {"report_id", "document_number", "report_type", "revision"}
    header |= {"title", "project_reference", "client_name", "rendering_id", "kind", "format"}
    header |= {"incident_id", "component", "since"}
    for name in told_of(event_class).keys() - header:
        assert f"`{name}`" in row[0], name


def test_the_documentation_names_no_type_that_there_is_not() -> None:
    named = set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", DOCUMENTED, re.MULTILINE))
    assert named == {*PublicType, TEST}
    assert set(PUBLIC.values()) == set(PublicType)


def test_a_body_is_the_same_bytes_each_time() -> None:
    body = body_of("report.created", AT, 77, {"report_id": str(UUID(int=1))})
    assert body == body_of("report.created", AT, 77, {"report_id": str(UUID(int=1))})
    assert json.loads(body) == {
        "type": "report.created",
        "timestamp": "2026-03-02T09:30:15.123Z",
        "position": 77,
        "data": {"report_id": str(UUID(int=1))},
    }


@pytest.mark.parametrize("event_class", [each for each in PUBLIC if PUBLIC[each].startswith("incident")])
def test_of_an_incident_only_words_of_a_closed_list_are_told(event_class: type[Root.Event]) -> None:
    example: Any = example_of(event_class)
    event = replace(example, reading="OSError: /srv/customers: 10.0.0.7 said: rude words")
    incident = begun(Incident)
    assert isinstance(incident, Incident)
    incident.component = "disk:host-7.internal"
    told = told_of_incident(event, incident)
    state = "well" if event_class is Incident.Resolved else "degraded"
    assert {**told, "incident_id": None, "since": None} == {
        "incident_id": None,
        "component": "disk",
        "since": None,
        **({} if state == "well" else {"severity": "warning"}),
        "code": f"disk.{state}",
        "reading": f"disk: {state}",
    }


def test_every_component_has_a_word_and_what_is_new_is_told_as_something_else() -> None:
    assert {*Component, "redis", "smtp", "disk", "memory"} == {*Subject} - {Subject.OTHER}
    assert all(subject_of(each).value == each.value for each in Component)
    assert subject_of("cafeteria:host") is Subject.OTHER
    assert all(f"`{each}`" in DOCUMENTED for each in Subject)


def test_an_event_that_is_not_public_is_told_to_nobody() -> None:
    with pytest.raises(TypeError, match="nothing is told"):
        told_of(Report.SectionSaved)
    with pytest.raises(TypeError, match="nothing is told"):
        told_of(Incident.Acknowledged)
    assert plan_deliveries.__name__ == "plan_deliveries"  # the name that is stored with its checkpoint
