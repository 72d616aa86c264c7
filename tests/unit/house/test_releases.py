"""One version, one licence, and requirements files that only point at the package's extras."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

import pytest


def test_the_version_is_the_newest_heading_of_the_changelog(root: Path, setup_cfg: ConfigParser) -> None:
    changes = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[?([^\]\s]+)", changes, re.MULTILINE)
    released = [heading for heading in headings if heading != "Unreleased"]
    assert released[0] == setup_cfg["metadata"]["version"]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("requirements-minimal.txt", "."),
        ("requirements.txt", ".[standard]"),
        ("requirements-test.txt", ".[test]"),
        ("requirements-complete.txt", ".[complete]"),
    ],
)
def test_a_requirements_file_is_one_line(root: Path, file: str, line: str) -> None:
    assert (root / file).read_text(encoding="utf-8") == f"{line}\n"


def test_the_licence_is_the_one_named(root: Path, setup_cfg: ConfigParser) -> None:
    assert setup_cfg["metadata"]["license"] == "Apache-2.0"
    assert "Apache License\n                           Version 2.0" in (root / "LICENSE").read_text()


def test_no_top_level_folder_is_there_without_a_decision(tree: list[Path], rooms: dict[str, str]) -> None:
    folders = {path.parts[0] for path in tree if len(path.parts) > 1}
    assert folders - {*rooms, "tests", "docs", "bench", "deploy", ".ci", ".github"} == set()
