"""What a program that handles foreign documents may know of the worker: nothing secret."""

from __future__ import annotations

import os
from typing import Final

PASSED_ON: Final = (
    "PATH",
    "PYTHONPATH",
    "PYTHONHASHSEED",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "LANG",
    "LC_ALL",
)


def harmless_environment() -> dict[str, str]:
    """What Python and the linker need; the worker's own environment holds passwords."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}
