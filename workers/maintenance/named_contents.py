"""Which of the stored contents the log names, so that the others can be told apart."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from countersign.eventstore.blobs import Blobs
from countersign.eventstore.log import Log

_DIGEST: Final = re.compile(rb"[0-9a-f]{64}")
_PAGE: Final = 2_000
_LONG_AGO_S: Final = -1e12  # whosever clock dated it


class NamedContents:
    """Reads the log once and then only what is new: what is in it stays there.

    Of all digests only those are kept under which something is stored, 32 bytes each: a content is stored
    before the event that names it, so none is missed.
    """

    def __init__(self, log: Log, blobs: Blobs) -> None:
        self._log = log
        self._blobs = blobs
        self._named: set[bytes] = set()
        self._position = 0

    def without(self, suspects: Collection[str]) -> set[str]:
        """Those of the suspects that no event names."""
        if suspects:
            self._read_on()
        return {each for each in suspects if _packed(each) not in self._named}

    def _read_on(self) -> None:
        head = self._log.head()  # what it names was stored before, so it is among those listed after
        stored = {digest.encode() for digest in self._blobs.older_than(_LONG_AGO_S, 0.0)}
        while self._position < head:
            page = self._log.read(self._position, min(_PAGE, head - self._position))
            found = {digest for each in page for digest in _DIGEST.findall(each.state)}
            self._named.update(_packed(digest.decode()) for digest in found & stored)
            self._position = page[-1].position


def _packed(digest: str) -> bytes:
    # A file that was just leaving when its process ended has more to its name: it is nobody's content.
    return bytes.fromhex(digest) if _DIGEST.fullmatch(digest.encode()) else b""
