"""Passwords that breaches have made known, from a file that an operator keeps: nobody outside is asked.

The file is what Pwned Passwords gives out: lines of `SHA-1:COUNT` in the order of the digests.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from countersign.aggregates.root import DomainError

_LINE: Final = re.compile(rb"([0-9A-Fa-f]{40})(?::[0-9]+)?\r?\n?")
_LONGEST_LINE: Final = 128


class BreachedListUnreadable(DomainError):
    """Whether a new password is known from a breach cannot be told now, so none is taken."""

    code = "breached_list_unreadable"
    status = 503


@dataclass(frozen=True, slots=True)
class BreachedPasswords:
    """The file is opened at each look-up, so that it can be replaced while the service runs."""

    file: Path

    def hold(self, password: str) -> bool:
        """Whether a breach has made this password known.

        Raises:
            BreachedListUnreadable: the file is not there, or is of another form.
        """
        raw = password.encode("utf-8", "surrogatepass")
        wanted = hashlib.sha1(raw, usedforsecurity=False).hexdigest().upper().encode()
        try:
            with self.file.open("rb") as lines:
                return _first_from(lines, wanted) == wanted
        except (OSError, ValueError) as broken:
            raise BreachedListUnreadable(
                "new passwords cannot be checked now: try again later, or ask who runs the service"
            ) from broken


def _first_from(lines: BinaryIO, wanted: bytes) -> bytes:
    """The first digest that is not below the wanted one; empty when all are."""
    low, high = 0, lines.seek(0, os.SEEK_END)
    if not high:
        raise ValueError("there is nothing in it")
    while low < high:
        middle = (low + high) // 2
        digest = _first_behind(lines, middle)
        if digest and digest < wanted:
            low = middle + 1
        else:
            high = middle
    return _first_behind(lines, low)


def _first_behind(lines: BinaryIO, offset: int) -> bytes:
    lines.seek(max(0, offset - 1))
    if offset:
        lines.readline(_LONGEST_LINE)  # the rest of a line that began before
    line = lines.readline(_LONGEST_LINE)
    digest = _LINE.fullmatch(line)
    if line and digest is None:
        raise ValueError("a line is not a SHA-1 in hexadecimal digits, a colon and a count")
    return digest[1].upper() if digest else b""
