"""docs/api-errors.md lists exactly the codes that are in the tree, each with its status."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROOMS = ("aggregates", "eventstore", "commands", "projections", "workers", "http")
ABSTRACT = "rule_broken"
OF_FALCON = {("bad_request", 400), ("not_found", 404), ("method_not_allowed", 405)}

Entry = tuple[str, int]


@pytest.fixture(scope="module")
def documented() -> list[Entry]:
    text = (ROOT / "docs" / "api-errors.md").read_text(encoding="utf-8")
    return [
        (code, int(status)) for code, status in re.findall(r"^\| `(\w+)` \| (\d{3}) \|", text, re.MULTILINE)
    ]


@pytest.fixture(scope="module")
def in_the_tree() -> set[Entry]:
    files = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))]
    return {entry for file in files for entry in _entries(ast.parse(file.read_text(encoding="utf-8")))}


def test_every_code_of_the_tree_is_in_the_catalogue(documented: list[Entry], in_the_tree: set[Entry]) -> None:
    assert (in_the_tree | OF_FALCON) - set(documented) == set()


def test_every_code_of_the_catalogue_is_in_the_tree(documented: list[Entry], in_the_tree: set[Entry]) -> None:
    assert set(documented) - (in_the_tree | OF_FALCON) == set()


def test_a_code_stands_once_in_the_catalogue_and_has_one_status(documented: list[Entry]) -> None:
    codes = [code for code, _ in documented]

    assert sorted(set(codes)) == sorted(codes)


def _entries(tree: ast.Module) -> Iterator[Entry]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from _rule(node)
        elif isinstance(node, ast.Call):
            yield from _refusal(node)


def _rule(node: ast.ClassDef) -> Iterator[Entry]:
    values = {name: value for statement in node.body for name, value in _constant(statement)}
    code = values.get("code")
    if isinstance(code, str) and code != ABSTRACT:
        yield code, int(values.get("status", 409))


def _constant(statement: ast.stmt) -> Iterator[tuple[str, str | int]]:
    target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
    value = getattr(statement, "value", None)
    if (
        isinstance(target, ast.Name)
        and isinstance(value, ast.Constant)
        and isinstance(value.value, str | int)
    ):
        yield target.id, value.value


def _refusal(node: ast.Call) -> Iterator[Entry]:
    """`Refusal(422, "code", ...)`, `write_problem(req, resp, HTTPStatus.NOT_FOUND, "code", ...)`."""
    for status, code in zip(node.args, node.args[1:], strict=False):
        if isinstance(code, ast.Constant) and isinstance(code.value, str) and (found := _status(status)):
            yield code.value, found


def _status(node: ast.expr) -> int | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and 400 <= node.value < 600:
        return node.value
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "HTTPStatus":
        return int(HTTPStatus[node.attr])
    return None
