"""Set-up may run as often as it likes: report types and templates come in once."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from countersign.aggregates.definition_soundness import UnsoundDefinition
from countersign.aggregates.report_type import ReportType, VersionNotRaised, report_type_id
from countersign.aggregates.template import Template, template_id
from countersign.commands.permit import NotPermitted
from countersign.commands.report_type.define_report_type import DefineReportType
from countersign.commands.template.install_template import InstallTemplate
from tests.unit.aggregates.report.given import SPELLED
from tests.unit.commands.documents.office import Office

CATALOGUE = Path(__file__).parents[4] / "aggregates" / "catalogue"
TEMPLATE = InstallTemplate(slug="mini", name="Small", report_type="MINI", content=b"a Word file")


def test_set_up_again_changes_nothing(office: Office) -> None:
    head = office.log.head()
    assert office.give(DefineReportType(definition=SPELLED)).streams == ((report_type_id("MINI"), 1),)
    assert office.give(TEMPLATE).streams == ((template_id("mini"), 3),)
    assert office.log.head() == head


def test_the_shipped_types_are_defined_as_they_are_spelled(office: Office) -> None:
    spelled = yaml.safe_load((CATALOGUE / "sat.yaml").read_text(encoding="utf-8"))
    office.give(DefineReportType(definition=spelled))
    defined = office.get(ReportType, report_type_id("SAT"))
    assert defined.spelled(spelled["version"]) == spelled
    assert [stage.role for stage in defined.at_version(spelled["version"]).route] == [
        "technical_manager",
        "project_manager",
    ]


def test_a_newer_version_is_published(office: Office) -> None:
    office.give(DefineReportType(definition={**SPELLED, "version": 2, "max_rows": 9}))
    assert office.topics()[-1] == "report_type.version_published"
    assert office.get(ReportType, report_type_id("MINI")).at_version(2).max_rows == 9


def test_a_change_that_does_not_say_so_is_refused(office: Office) -> None:
    with pytest.raises(VersionNotRaised):
        office.give(DefineReportType(definition={**SPELLED, "max_rows": 9}))
    with pytest.raises(UnsoundDefinition):
        office.give(DefineReportType(definition={**SPELLED, "version": 2, "route": []}))


def test_another_file_is_put_in_force(office: Office) -> None:
    office.give(InstallTemplate(slug="mini", name="Small", report_type="MINI", content=b"a newer file"))
    active = office.get(Template, template_id("mini")).active
    assert active is not None
    assert (active.template_version, active.size_bytes) == (2, 12)
    assert office.store.blobs.get(active.digest) == b"a newer file"


def test_people_do_not_set_up(office: Office) -> None:
    for command in (DefineReportType(definition=SPELLED), TEMPLATE):
        with pytest.raises(NotPermitted):
            office.give(command, office.ada)
