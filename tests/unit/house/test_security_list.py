"""docs/security.md has each requirement of the standard once, and names tests that there are."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import pytest

TESTS: Final = Path(__file__).parents[2]
PAGE: Final = TESTS.parent / "docs" / "security.md"
REQUIREMENTS: Final = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 4.3:2 4.4:4
5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2
8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3
11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3
15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2
"""
"""Of each section of ASVS 5.0.0 how many requirements are of level 1 or 2: they are its first ones."""

REASONS: Final = ("Open", "Not applicable", "Written", "By the build")
_IDS: Final = re.compile(r"V(\d+\.\d+)\.(\d+)(?:-(\d+))?")
_OPEN: Final = re.compile(r"\bOpen[:,]")
_TEST: Final = re.compile(r"`((?:unit|integration|e2e|golden)/[^`]*)`")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: which requirements, in our words, and what holds them."""

    ids: tuple[str, ...]
    wording: str
    held_by: str

    @property
    def tests(self) -> list[str]:
        return _TEST.findall(self.held_by)

    @property
    def verdict(self) -> str:
        """Open wins over the tests that hold a part; a reason at the beginning over those that show it."""
        if _OPEN.search(self.held_by):
            return "Open"
        return next((reason for reason in REASONS if self.held_by.startswith(reason)), "test")


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    listed = PAGE.read_text(encoding="utf-8").partition("\n## The list\n")[2].splitlines()
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in listed if row.startswith("| V")]
    return [Line(tuple(ids_in(row[0])), row[1], row[2]) for row in rows if len(row) == 3]


def ids_in(cell: str) -> Iterator[str]:
    for section, first, last in _IDS.findall(cell):
        for number in range(int(first), int(last or first) + 1):
            yield f"{section}.{number}"


def required() -> list[str]:
    counts = (entry.split(":") for entry in REQUIREMENTS.split())
    return [f"{section}.{number}" for section, count in counts for number in range(1, int(count) + 1)]


@cache
def functions_of(file: Path) -> frozenset[str]:
    body = ast.parse(file.read_text(encoding="utf-8")).body if file.is_file() else []
    return frozenset(node.name for node in body if isinstance(node, ast.FunctionDef))


def test_each_requirement_stands_in_the_list_once_and_in_order(lines: list[Line]) -> None:
    listed = [each for line in lines for each in line.ids]

    assert len(required()) == 253
    assert Counter(listed) == Counter(required())
    assert [line.ids[0] for line in lines] == sorted((line.ids[0] for line in lines), key=in_order)


def in_order(requirement: str) -> tuple[int, ...]:
    return tuple(map(int, requirement.split(".")))


def test_each_test_that_is_named_is_there(lines: list[Line]) -> None:
    named = [(line.ids, test) for line in lines for test in line.tests]
    missing = [
        (ids, test)
        for ids, test in named
        if test.partition("::")[2] not in functions_of(TESTS / test.partition("::")[0])
    ]

    assert len(named) > 200
    assert missing == []


def test_each_line_has_a_test_or_a_reason(lines: list[Line]) -> None:
    without = [
        line.ids
        for line in lines
        if not line.wording
        or (line.verdict == "test" and not line.tests)
        or (line.verdict != "test" and len(line.held_by.partition(line.verdict)[2]) < len(": a word"))
    ]

    assert without == []


def test_the_sums_are_those_of_the_list(lines: list[Line]) -> None:
    counted: Counter[str] = Counter()
    for line in lines:
        counted[line.verdict] += len(line.ids)
    sums = (
        f"Of {counted.total()} requirements {counted['test']} are held by tests, "
        f"{counted['Not applicable']} do not apply, {counted['Written']} are written here or elsewhere, "
        f"{counted['By the build']} is held by the build, {counted['Open']} are open."
    )

    assert sums in PAGE.read_text(encoding="utf-8"), sums
