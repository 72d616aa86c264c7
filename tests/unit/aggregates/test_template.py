"""A template is a series of Word files, of which the newest is in force."""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime

from countersign.aggregates.template import Pinned, Template, TemplateVersion, template_id

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FIRST, SECOND = "a" * 64, "b" * 64


def created() -> Template:
    return Template.create(NOW, "sat", "Site Acceptance Test", "SAT")


def test_a_template_without_a_file_is_of_no_use() -> None:
    template = created()
    assert template.id == template_id("sat")
    assert (template.active, template.pinned) == (None, None)


def test_an_installed_file_is_in_force() -> None:
    template = created()

    template.install(NOW, FIRST, 1000, "1")

    uploaded, activated = template.pending_events[1:]
    assert isinstance(uploaded, Template.VersionUploaded)
    assert isinstance(activated, Template.VersionActivated)
    assert (activated.template_version, activated.replaces) == (1, None)
    assert template.active == TemplateVersion(1, FIRST, 1000, "1")
    assert template.pinned == Pinned(template_id("sat"), 1, FIRST)


def test_a_newer_file_replaces_the_one_in_force() -> None:
    template = created()
    template.install(NOW, FIRST, 1000, "1")
    before = copy(template)

    template.install(NOW, SECOND, 2000, "1")

    activated = template.pending_events[-1]
    assert isinstance(activated, Template.VersionActivated)
    assert (activated.template_version, activated.replaces) == (2, 1)
    assert template.pinned == Pinned(template_id("sat"), 2, SECOND)
    assert before.pinned == Pinned(template_id("sat"), 1, FIRST)


def test_the_file_in_force_again_is_no_event() -> None:
    template = created()
    template.install(NOW, FIRST, 1000, "1")
    template.install(NOW, FIRST, 1000, "1")
    assert len(template.pending_events) == 3


def test_an_earlier_file_can_come_back() -> None:
    template = created()
    for digest in (FIRST, SECOND, FIRST):
        template.install(NOW, digest, 1000, "1")
    assert template.active == TemplateVersion(3, FIRST, 1000, "1")
