"""Link the rooms under `.links/countersign`, where mypy and import-linter can see them.

Both tools read folders and cannot follow the import hook of an editable install. A room without a link would
be invisible to them, and so free of every rule: the rooms of setup.cfg are compared with the tree.
"""

from __future__ import annotations

import sys
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOT_ROOMS = {"bench", "build", "deploy", "dist", "docs", "tests"}


def mapped_rooms(root: Path) -> dict[str, str]:
    """Folder by package name, as `package_dir` of setup.cfg says."""
    settings = ConfigParser(interpolation=None)
    settings.read(root / "setup.cfg", encoding="utf-8")
    lines = settings["options"]["package_dir"].split("\n")
    pairs = (line.split("=") for line in lines if line.strip())
    return {package.strip(): folder.strip() for package, folder in pairs}


def rooms_in(root: Path) -> set[str]:
    """The folders of the top level that hold modules of the package."""
    folders = (path for path in root.iterdir() if path.is_dir() and path.name not in NOT_ROOMS)
    return {path.name for path in folders if not _is_hidden(path) and any(path.rglob("*.py"))}


def disagreements(root: Path) -> list[str]:
    """What setup.cfg and the tree do not say alike, each with its remedy."""
    mapped, present = set(mapped_rooms(root).values()), rooms_in(root)
    unmapped, empty = sorted(present - mapped), sorted(mapped - present)
    return [
        *(f"setup.cfg does not map {room}/: add `countersign.{room} = {room}`" for room in unmapped),
        *(f"setup.cfg maps {room}/, which holds no module: remove its line" for room in empty),
    ]


def link(root: Path) -> Path:
    """Make the links agree with setup.cfg; the folder to put on the tools' path."""
    links = root / ".links" / "countersign"
    links.mkdir(parents=True, exist_ok=True)
    wanted = {
        links / package.removeprefix("countersign."): root / folder
        for package, folder in mapped_rooms(root).items()
    }
    for path in links.iterdir():
        if path not in wanted or path.readlink() != wanted[path]:
            path.unlink()
    for path, folder in wanted.items():
        if not path.is_symlink():
            path.symlink_to(folder, target_is_directory=True)
    return links.parent


def _is_hidden(folder: Path) -> bool:
    return folder.name.startswith(".") or (folder / "pyvenv.cfg").exists()


if __name__ == "__main__":
    link(ROOT)
    if found := disagreements(ROOT):
        sys.exit("\n".join(found))
