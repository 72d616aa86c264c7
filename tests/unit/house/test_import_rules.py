"""The rules between rooms hold, and no room is invisible to the tools that hold them."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def links(root: Path) -> ModuleType:
    """The script that links the rooms for mypy and import-linter."""
    spec = spec_from_file_location("links", root / ".ci" / "links.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def imported_by(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def unasked(root: Path, files: list[Path], requirements: set[str]) -> list[str]:
    """What is imported but would not be installed, each with the line that is missing."""
    known_by = packages_distributions()
    ours = {*sys.stdlib_module_names, "countersign", "bench", "tests"}
    foreign = {
        (path.parts[0], name.split(".")[0])
        for path in files
        if path.suffix == ".py"
        for name in imported_by(root / path)
        if name.split(".")[0] not in ours
    }
    return [
        f"{folder}/ imports {name}: add {' or '.join(known_by.get(name, [name]))} to setup.cfg"
        for folder, name in sorted(foreign)
        if not requirements & {as_required(found) for found in known_by.get(name, [name])}
    ]


def as_required(distribution: str) -> str:
    return distribution.replace("_", "-").lower()


def test_the_rooms_of_setup_cfg_are_the_rooms_of_the_tree(root: Path, links: ModuleType) -> None:
    assert links.disagreements(root) == []


def test_a_room_that_setup_cfg_does_not_map_is_named(tmp_path: Path, links: ModuleType) -> None:
    (tmp_path / "setup.cfg").write_text("[options]\npackage_dir =\n    countersign.http = http\n")
    (tmp_path / "annex").mkdir()
    (tmp_path / "annex" / "stairs.py").touch()
    assert links.disagreements(tmp_path) == [
        "setup.cfg does not map annex/: add `countersign.annex = annex`",
        "setup.cfg maps http/, which holds no module: remove its line",
    ]


def test_a_link_stands_for_each_room_and_no_stale_one_stays(tmp_path: Path, links: ModuleType) -> None:
    (tmp_path / "setup.cfg").write_text("[options]\npackage_dir =\n    countersign.http = http\n")
    (tmp_path / ".links" / "countersign").mkdir(parents=True)
    (tmp_path / ".links" / "countersign" / "gone").symlink_to(tmp_path / "gone")
    made = links.link(tmp_path) / "countersign"
    assert {path.name: path.readlink() for path in made.iterdir()} == {"http": tmp_path / "http"}


def test_each_room_imports_only_what_it_may(root: Path, links: ModuleType, tmp_path: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    command = [str(linter), "--no-logo", "--cache-dir", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(links.link(root))}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_domain_imports_only_the_standard_library_and_its_bases(
    root: Path, room_files: list[Path]
) -> None:
    strangers = [
        f"{path} imports {name}"
        for path in room_files
        if path.parts[0] == "aggregates" and path.suffix == ".py"
        for name in imported_by(root / path)
        if name.split(".")[0] not in sys.stdlib_module_names
        and name != "eventsourcing.domain"
        and not name.startswith("countersign.aggregates")
    ]
    assert strangers == []


def test_what_the_rooms_import_is_asked_for_in_setup_cfg(
    root: Path, room_files: list[Path], requirements: set[str]
) -> None:
    assert unasked(root, room_files, requirements) == []


def test_what_tests_and_benchmarks_import_is_asked_for_in_setup_cfg(
    root: Path, tree: list[Path], requirements: set[str], test_requirements: set[str]
) -> None:
    files = [path for path in tree if path.parts[0] in {"tests", "bench"}]
    assert unasked(root, files, requirements | test_requirements) == []
