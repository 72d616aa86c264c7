"""Makes msgspec know classes before threads decode them.

What it learns of a class it keeps on the class, and shows to other threads before it is complete: two threads
that decode into the same class for the first time crash the process (seen with msgspec 0.22 on Python 3.11).
"""

from __future__ import annotations

from threading import Lock
from typing import Final

import msgspec

_ONE_AT_A_TIME: Final = Lock()


def acquaint(*classes: type) -> None:
    """Let msgspec learn these classes, and those of their fields, now."""
    with _ONE_AT_A_TIME:
        for cls in classes:
            msgspec.json.Decoder(cls)
