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
_MARGIN: Final = timedelta(minutes=10)
"""By so much the clocks of databases and machines may differ."""


def stored_addresses(blobs: Blobs) -> Iterator[str]:
    """The addresses of all contents."""
    return _whole(blobs.older_than(_LONG_AGO_S, 0.0))


def contents(blobs: Blobs, since: datetime | None = None) -> Iterator[tuple[str, bytes]]:
    """The contents with their addresses: all, or those that have come since then, at the cost of these."""
    with _addresses() as notes:
        wanted = stored_addresses(blobs) if since is None else _come_since(blobs, since)
        notes.executemany("INSERT OR IGNORE INTO address VALUES (?)", ((each,) for each in wanted))
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


def _come_since(blobs: Blobs, since: datetime) -> Iterator[str]:
    return _whole(blobs.stored_since((since - _MARGIN).timestamp()))


def _whole(addresses: Iterator[str]) -> Iterator[str]:
    # Not a file that is just leaving.
    return (each for each in addresses if len(each) == _DIGEST_CHARACTERS)
