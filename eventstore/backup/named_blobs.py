"""Which of the stored contents the events of a backup name, however many both are."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from countersign.eventstore.blobs import BlobMissing, Blobs
from countersign.eventstore.log import Recorded

_DIGEST: Final = re.compile(rb"[0-9a-f]{64}")
_DIGEST_CHARACTERS: Final = 64
_LONG_AGO_S: Final = -1e12


class NamedBlobs:
    """Notes the digests in events in a database of its own, which lies on the disk where it grows."""

    def __init__(self, notes: sqlite3.Connection) -> None:
        self._notes = notes
        for table in ("named", "stored"):
            notes.execute(f"CREATE TABLE {table} (digest TEXT PRIMARY KEY) WITHOUT ROWID")

    def note(self, page: Sequence[Recorded]) -> None:
        """Note what these events name, contents or not."""
        found = {digest for event in page for digest in _DIGEST.findall(event.state)}
        self._add("named", ((digest.decode(),) for digest in found))

    def contents(self, blobs: Blobs) -> Iterator[tuple[str, bytes]]:
        """The stored contents among them; what names none, or one that is gone, is passed over."""
        self._add("stored", ((digest,) for digest in stored_addresses(blobs)))
        both = self._notes.execute("SELECT digest FROM named NATURAL JOIN stored ORDER BY digest")
        for (digest,) in both:
            try:
                yield digest, blobs.get(digest)
            except BlobMissing:
                continue

    def _add(self, table: str, digests: Iterator[tuple[str]]) -> None:
        self._notes.executemany(f"INSERT OR IGNORE INTO {table} VALUES (?)", digests)  # noqa: S608 - our own


@contextmanager
def named_blobs() -> Iterator[NamedBlobs]:
    """An empty note of names, thrown away at the end."""
    notes = sqlite3.connect("", isolation_level=None)  # a temporary file, once it does not fit into memory
    try:
        notes.execute("BEGIN")
        yield NamedBlobs(notes)
    finally:
        notes.close()


def stored_addresses(blobs: Blobs) -> Iterator[str]:
    """The addresses of all contents that are stored."""
    for address in blobs.older_than(_LONG_AGO_S, 0.0):
        if len(address) == _DIGEST_CHARACTERS:  # not a file that is just leaving
            yield address
