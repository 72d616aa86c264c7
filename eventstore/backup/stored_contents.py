"""The stored contents that go into a backup, however many there are.

All of them, named by an event or not: what names one may be sealed, and whatever an event names was stored
before it. Those that nothing names are swept after the restore as they would have been before.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from countersign.eventstore.blobs import BlobMissing, Blobs

_DIGEST_CHARACTERS: Final = 64
_LONG_AGO_S: Final = -1e12
_MARGIN: Final = timedelta(hours=1)
"""By so much the clocks of databases and machines may differ."""


def stored_addresses(blobs: Blobs) -> Iterator[str]:
    """The addresses of all contents."""
    return _older_than(blobs, _LONG_AGO_S, 0.0)


def contents(blobs: Blobs, since: datetime | None = None) -> Iterator[tuple[str, bytes]]:
    """The contents with their addresses: all, or those that were stored since then."""
    with _addresses() as notes:
        _note(notes, "INSERT OR IGNORE INTO address VALUES (?)", stored_addresses(blobs))
        if since is not None:
            before = _older_than(blobs, 0.0, (since - _MARGIN).timestamp())
            _note(notes, "DELETE FROM address WHERE digest = ?", before)
        for (digest,) in notes.execute("SELECT digest FROM address ORDER BY digest"):
            try:
                yield digest, blobs.get(digest)
            except BlobMissing:  # swept meanwhile, since nothing names it
                continue


@contextmanager
def _addresses() -> Iterator[sqlite3.Connection]:
    notes = sqlite3.connect("", isolation_level=None)  # a temporary file, once it does not fit into memory
    try:
        notes.execute("BEGIN")
        notes.execute("CREATE TABLE address (digest TEXT PRIMARY KEY) WITHOUT ROWID")
        yield notes
    finally:
        notes.close()


def _note(notes: sqlite3.Connection, statement: str, digests: Iterator[str]) -> None:
    notes.executemany(statement, ((digest,) for digest in digests))


def _older_than(blobs: Blobs, age_s: float, now_s: float) -> Iterator[str]:
    # Not a file that is just leaving.
    return (each for each in blobs.older_than(age_s, now_s) if len(each) == _DIGEST_CHARACTERS)
