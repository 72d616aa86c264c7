"""A process that backs a database up, or restores one, and may be killed at any moment.

`python -m tests.integration.backup.interrupted backup|restore URL TARGET`
"""

from __future__ import annotations

import sys
from pathlib import Path

from countersign.eventstore.backup.manifest import finished, read_manifest
from countersign.eventstore.backup.target import FolderTarget
from tests.integration.backup.kit import KEY, back_up, empty_place, restore, rig_in


def main(what: str, url: str, folder: str) -> None:
    target = FolderTarget(Path(folder))
    with empty_place(url) as databases:
        print("begun", flush=True)  # noqa: T201 - whoever kills it waits for this
        if what == "backup":
            back_up(rig_in(databases), target)
        else:
            restore(target, read_manifest(target, KEY, finished(target)[-1]), databases)


if __name__ == "__main__":
    main(*sys.argv[1:])
