"""The report of the demo: the shipped sample, and how its first draft differs from what is issued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

_SAMPLE: Final = Path(__file__).parent.parent / "sample" / "sat.yaml"

FAILED_TEST: Final = ("digital_outputs", "do-12")
"""The one test that failed: its result is recorded after the table was filled in."""

MISTYPED: Final = ("test_equipment", "te-02")
"""The row with a slip of the pen, which the technical manager finds."""
_AS_TYPED: Final = {"calibration_due": "2025-11-30"}
_NOT_TESTED_YET: Final = {"result": "not_tested", "verified_by": "", "comment": ""}

Sections = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """A whole report: its header, and its sections as they are in the end."""

    header: Mapping[str, str]
    sections: Sections

    def row(self, place: tuple[str, str]) -> Mapping[str, str]:
        """A row of a section."""
        section, row_id = place
        found: Mapping[str, str] = next(row for row in self.sections[section] if row["id"] == row_id)
        return found

    def first_draft(self) -> Sections:
        """The sections as they are typed in at first."""
        changes = {FAILED_TEST: _NOT_TESTED_YET, MISTYPED: _AS_TYPED}
        return {key: _changed(key, content, changes) for key, content in self.sections.items()}


def load_sample() -> Sample:
    """The sample that is shipped."""
    content = yaml.safe_load(_SAMPLE.read_text(encoding="utf-8"))
    return Sample(header=content.pop("header"), sections=content)


def _changed(section: str, content: Any, changes: Mapping[tuple[str, str], Mapping[str, str]]) -> Any:
    if not isinstance(content, list):
        return content
    return [{**row, **changes.get((section, row["id"]), {})} for row in content]
