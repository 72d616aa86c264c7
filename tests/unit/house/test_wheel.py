"""What is installed is what stands in the rooms: a folder that setup.cfg forgets is silently left out."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path


def installed_as(path: Path) -> str:
    return f"countersign/{path.as_posix()}"


def package_of(path: Path, rooms: dict[str, str]) -> str:
    return ".".join([rooms[path.parts[0]], *path.parts[1:-1]])


def line_to_add(path: Path, rooms: dict[str, str]) -> str:
    if path.suffix == ".py":
        return f"{path.parent}/: add the line `{package_of(path, rooms)}` to `packages` of setup.cfg"
    room = rooms[path.parts[0]]
    return f"{path} is left out: add `**/*{path.suffix}` to `{room}` in [options.package_data] of setup.cfg"


def test_every_file_of_the_rooms_is_in_the_wheel(
    room_files: list[Path], rooms: dict[str, str], wheel_files: set[str]
) -> None:
    forgotten = [path for path in room_files if installed_as(path) not in wheel_files]
    assert not forgotten, "\n".join(sorted({line_to_add(path, rooms) for path in forgotten}))


def test_the_wheel_holds_nothing_but_the_rooms(room_files: list[Path], wheel_files: set[str]) -> None:
    assert wheel_files - {installed_as(path) for path in room_files} == set()


def test_every_listed_package_is_a_folder(root: Path, setup_cfg: ConfigParser, rooms: dict[str, str]) -> None:
    folders = {package: folder for folder, package in rooms.items()}
    listed = setup_cfg["options"]["packages"].split()
    assert listed == sorted(listed)
    for package in listed:
        room, *inner = package.removeprefix("countersign.").split(".")
        assert root.joinpath(folders[f"countersign.{room}"], *inner).is_dir(), package


def test_an_installed_wheel_imports_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    script = "import countersign.aggregates.root as it, http.client; print(it.__file__)"
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(site)!r}); {script}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.startswith(str(site)), done.stderr


def test_the_command_line_is_an_entry_point(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        records = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert "countersign = countersign.cli.main:main" in archive.read(records[0]).decode()
