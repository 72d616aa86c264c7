"""Every setting is read by the wiring: a key that nobody reads would promise what does not happen.

A read is `<section>.<key>`, where the section may go by another name: a variable that it was assigned to, or
a parameter or variable annotated with its class. `getattr(<section>, name)` reads all that it holds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import pytest

from countersign.config.schema import Keys, schema_of_settings
from countersign.config.settings import Settings

ROOT = Path(__file__).parents[3]
ALL = "*"
LOOKS_ONLY = {"doctor", "demo", "status"}  # what they read has no effect on the service
WIRING = [
    *(
        path
        for path in (ROOT / "cli").rglob("*.py")
        if path.relative_to(ROOT / "cli").parts[0] not in LOOKS_ONLY
    ),
    ROOT / "config" / "log_setup.py",
    ROOT / "config" / "production.py",
    *(ROOT / "config" / "vault").glob("*.py"),
    ROOT / "config" / "tls" / "trust.py",
]


def sections(cls: type[Any] = Settings, prefix: Keys = ()) -> Iterator[tuple[Keys, str]]:
    """The class of each section, by its keys."""
    yield prefix, cls.__name__
    for name, hint in get_type_hints(cls).items():
        if is_dataclass(hint) and isinstance(hint, type):
            yield from sections(hint, (*prefix, name))


def last_name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


class Module(ast.NodeVisitor):
    """Which attributes one module reads, and of what."""

    def __init__(self, path: Path) -> None:
        self.read: set[tuple[str, str]] = set()
        self._known_as: dict[str, set[str]] = {}
        self.visit(ast.parse(path.read_text("utf-8")))

    def visit_Assign(self, node: ast.Assign) -> None:
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        targets = node.targets[0].elts if isinstance(node.targets[0], ast.Tuple) else node.targets
        for target, value in zip(targets, values, strict=False):
            self._known_as.setdefault(last_name(target), set()).add(last_name(value))
        self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> None:
        if node.annotation is not None:
            self._known_as.setdefault(node.arg, set()).add(last_name(node.annotation))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._known_as.setdefault(last_name(node.target), set()).add(last_name(node.annotation))
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if last_name(node.func) == "getattr" and not isinstance(node.args[1], ast.Constant):
            self.read.add((last_name(node.args[0]), ALL))
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        owner = last_name(node.value)
        for name in {owner, *self._known_as.get(owner, ())}:
            self.read.add((name, node.attr))
        self.generic_visit(node)


READ = {pair for path in WIRING for pair in Module(path).read}
CLASSES = dict(sections())


def is_read(keys: Keys) -> bool:
    *section, key = keys
    names = {CLASSES[tuple(section)], *section[-1:], *([] if section else ["settings"])}
    return any((name, each) in READ for name in names for each in (key, ALL))


@pytest.mark.parametrize("keys", sorted(schema_of_settings().leaves), ids=".".join)
def test_a_setting_is_read_by_the_wiring(keys: Keys) -> None:
    assert is_read(keys), f"{'.'.join(keys)} is read nowhere in cli/"


@pytest.mark.parametrize("keys", sorted(keys for keys in CLASSES if keys), ids=".".join)
def test_a_section_is_read_by_the_wiring(keys: Keys) -> None:
    assert is_read(keys), f"{'.'.join(keys)} is read nowhere in cli/"
