"""Becomes another program, on a leash: it is told to end when the process that started it is gone.

    python -m countersign.cli.demo.leash PARENT_PID PROGRAM ARGUMENT...

A demo that is killed can end nothing itself. Where the system has no such leash (macOS), the next start of
the demo ends what was left behind.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from typing import Final

_PR_SET_PDEATHSIG: Final = 1  # prctl(2); the setting outlives execve
_PARENT_GONE: Final = 1


def command_on_leash(command: Sequence[str]) -> list[str]:
    """The command line with which this process starts a program on a leash."""
    return [sys.executable, "-m", __name__, str(os.getpid()), *command]


def main(arguments: Sequence[str]) -> int:
    """Take the leash, then become the program."""
    parent, program, *rest = arguments
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == int(parent):  # else it went before the leash was taken
        os.execv(program, [program, *rest])  # noqa: S606 - there is no shell in it
    return _PARENT_GONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
