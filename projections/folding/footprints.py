"""Remembers in little memory which keys a table may hold; most others it then surely does not."""

from __future__ import annotations

from typing import Final

_BITS: Final = 1 << 27
"""16 MB: among a million keys one answer in a hundred and thirty is a needless look-up."""


class Footprints:
    """A bit for each hash. It never forgets a key, and may take another for one that it knows."""

    def __init__(self) -> None:
        self._bits = bytearray(_BITS >> 3)

    def add(self, key: object) -> None:
        """Take note of a key."""
        place = hash(key) % _BITS
        self._bits[place >> 3] |= 1 << (place & 7)

    def __contains__(self, key: object) -> bool:
        place = hash(key) % _BITS
        return bool(self._bits[place >> 3] & 1 << (place & 7))
