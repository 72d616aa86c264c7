"""Which processes a demo started, written down so that a later start can end those that were left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from countersign.cli.demo.durable_file import replace_file

_PROC: Final = Path("/proc")
_START_TIME: Final = 19  # proc_pid_stat(5): field 22, counted after the program's name
_POLL_S: Final = 0.05


def birth_of(pid: int) -> str | None:
    """When a process began, as its system spells it; None when there is no such process.

    A number is given again to another process, never with the same time.
    """
    if _PROC.is_dir():
        try:
            after_name = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return None if after_name[0] == "Z" else after_name[_START_TIME]
    asked = subprocess.run(  # noqa: S603
        ["ps", "-o", "lstart=", "-p", str(pid)],  # noqa: S607 - where ps lies differs
        capture_output=True,
        text=True,
        check=False,
    )
    return asked.stdout.strip() or None


class ProcessTable:
    """The file of the processes that run for this demo: name, number and birth of each."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, pids: Mapping[str, int]) -> None:
        """Replace the file."""
        rows = {name: [pid, birth_of(pid)] for name, pid in pids.items()}
        replace_file(self._path, json.dumps(rows).encode())

    def end_all(self, patience_s: float) -> list[str]:
        """End what still runs of the processes in the file; returns their names."""
        left = {name: (pid, birth) for name, (pid, birth) in self._read().items() if birth == birth_of(pid)}
        for number in (signal.SIGTERM, signal.SIGKILL):
            _send(number, left)
            if _gone(left, patience_s):
                break
        self._path.unlink(missing_ok=True)
        return list(left)

    def _read(self) -> Mapping[str, tuple[int, str | None]]:
        if not self._path.exists():
            return {}
        return {name: (pid, birth) for name, (pid, birth) in json.loads(self._path.read_bytes()).items()}


def _send(number: signal.Signals, processes: Mapping[str, tuple[int, str | None]]) -> None:
    for pid, birth in processes.values():
        if birth is not None and birth_of(pid) == birth:
            os.kill(pid, number)


def _gone(processes: Mapping[str, tuple[int, str | None]], patience_s: float) -> bool:
    give_up = time.monotonic() + patience_s
    while any(birth is not None and birth_of(pid) == birth for pid, birth in processes.values()):
        if time.monotonic() > give_up:
            return False
        time.sleep(_POLL_S)
    return True
