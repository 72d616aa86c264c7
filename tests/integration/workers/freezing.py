"""Stops processes for a while, as a host that hangs does."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import time
from pathlib import Path


def freeze(process: subprocess.Popen[bytes], database_url: str) -> None:
    """Stop it at any point but one: on SQLite not while it writes, for all share its file on one machine."""
    while True:
        process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, process.pid, os.WSTOPPED)
        if all(map(_is_open, _gates(database_url))):
            return
        process.send_signal(signal.SIGCONT)
        time.sleep(0.001)


def thaw(process: subprocess.Popen[bytes]) -> None:
    """Let it go on, as if no time had passed for it."""
    process.send_signal(signal.SIGCONT)


def _gates(database_url: str) -> list[Path]:
    scheme, _, folder = database_url.partition(":///")
    return [*Path(folder).glob("*.lock"), *Path(folder).glob("*.turn")] if scheme == "sqlite" else []


def _is_open(gate: Path) -> bool:
    with gate.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
