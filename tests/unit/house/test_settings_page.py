"""docs/configuration.md lists the settings that there are, as they are."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path

ROOT = Path(__file__).parents[3]


def test_the_list_of_settings_is_that_of_the_code() -> None:
    script = run_path(str(ROOT / ".ci" / "settings_page.py"))
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    listed = page[page.index(script["HEADING"]) :]

    assert listed == script["listing"](), "run: python .ci/settings_page.py"
