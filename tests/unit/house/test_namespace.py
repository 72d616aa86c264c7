"""The rooms are namespace packages: a regular package named `http` would shadow the standard library's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def run_in(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=root, capture_output=True, text=True, check=False, timeout=60
    )


def test_no_folder_has_an_init_file(tree: list[Path]) -> None:
    assert [path for path in tree if path.name == "__init__.py"] == []


def test_the_standard_library_wins_over_the_room_of_the_same_name(root: Path) -> None:
    done = run_in(root, "-c", "import http, http.client; print(http.__file__)")
    assert done.returncode == 0, done.stderr
    assert str(root) not in done.stdout


def test_gunicorn_starts_in_the_root(root: Path) -> None:
    done = run_in(root, "-m", "gunicorn", "--check-config", "wsgiref.simple_server:demo_app")
    assert done.returncode == 0, done.stderr


def test_pytest_collects_in_the_root(root: Path) -> None:
    done = run_in(root, "-m", "pytest", "--collect-only", "-q", "tests/unit/house/test_namespace.py")
    assert "test_pytest_collects_in_the_root" in done.stdout, done.stdout + done.stderr
