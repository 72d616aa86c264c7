"""Files that a process has left behind because it was killed: none of them is touched for a day."""

from __future__ import annotations

import math
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

LEFT_S = 86_400.0
OWNER = re.compile(r"_(\d+)\.db$")


def leftovers(folder: Path, now_s: float) -> Iterator[Path]:
    """What nobody will finish: blobs half written, conversions, and the metrics of servers that are gone.

    `folder` is where this machine's files lie; `now_s` counts from 1970.
    """
    temporary, before_s = Path(tempfile.gettempdir()), now_s - LEFT_S
    yield from _untouched(folder / "blobs", "incoming-*", before_s)
    yield from _untouched(temporary, "countersign-pdf-*", before_s)
    yield from _untouched(temporary, "countersign-backup-*", before_s)
    yield from _untouched(temporary, "countersign-tls-*", before_s)
    for metrics in _untouched(temporary, "countersign-metrics-*", before_s):
        # A quiet server may write nothing for a day, so its processes are asked as well.
        files = list(metrics.glob("*"))
        if not any(_touched_s(each) >= before_s or _is_written_by_a_process(each) for each in files):
            yield metrics


def _untouched(folder: Path, pattern: str, before_s: float) -> Iterator[Path]:
    return (each for each in folder.glob(pattern) if _touched_s(each) < before_s)


def _touched_s(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:  # just now: then somebody is at work on it
        return math.inf


def _is_written_by_a_process(file: Path) -> bool:
    owner = OWNER.search(file.name)
    return owner is not None and _runs(int(owner[1]))


def _runs(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)  # asks, and ends nothing
    except ProcessLookupError:
        return False
    except PermissionError:  # it is another user's
        return True
    return True
