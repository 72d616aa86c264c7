"""How the command line says that it could not do what was asked."""

from __future__ import annotations

import sys


def refuse(sentence: str) -> int:
    """Say why on standard error; the exit status of a failure that was explained."""
    sys.stderr.write(f"{sentence}\n")
    return 1
