"""The tree as git sees it, and what is built from it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def tree() -> list[Path]:
    """Every file that is committed, or would be, relative to the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = (Path(name) for name in listed.split("\0") if name)
    return sorted(path for path in paths if (ROOT / path).is_file())


@pytest.fixture(scope="session")
def setup_cfg() -> ConfigParser:
    settings = ConfigParser(interpolation=None)
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    return settings


@pytest.fixture(scope="session")
def rooms(setup_cfg: ConfigParser) -> dict[str, str]:
    """Package by folder."""
    lines = setup_cfg["options"]["package_dir"].strip().splitlines()
    pairs = (line.split("=") for line in lines)
    return {folder.strip(): package.strip() for package, folder in pairs}


@pytest.fixture(scope="session")
def room_files(tree: list[Path], rooms: dict[str, str]) -> list[Path]:
    """What the package consists of."""
    return [path for path in tree if path.parts[0] in rooms]


@pytest.fixture(scope="session")
def wheel(tree: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built without a network from a copy of the tree, where no earlier build can lend it files."""
    source, built = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("built")
    for path in tree:
        (source / path.parent).mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, source / path)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(built), str(source)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(built.glob("*.whl"))


@pytest.fixture(scope="session")
def wheel_files(wheel: Path) -> set[str]:
    """The package's files in the wheel, without the wheel's own records."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="session")
def requirements(setup_cfg: ConfigParser) -> set[str]:
    """The distributions that a running service may import."""
    extras = setup_cfg["options.extras_require"]
    return named_in(
        setup_cfg["options"]["install_requires"], extras["standard"], extras["s3"], extras["otel"]
    )


@pytest.fixture(scope="session")
def test_requirements(setup_cfg: ConfigParser) -> set[str]:
    """The distributions that only the tests and the tools use."""
    return named_in(setup_cfg["options.extras_require"]["test"])


def named_in(*lists: str) -> set[str]:
    return {re.split(r"[<>=\[;]", line)[0].lower() for lines in lists for line in lines.split()}
