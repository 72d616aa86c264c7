"""Whether a log is what a log must be; asked of the database, so that its size does not matter here."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from sqlalchemy import text

from countersign.eventstore.backup.stored_contents import stored_addresses
from countersign.eventstore.blobs import Blobs
from countersign.eventstore.databases import Database

_SAMPLE: Final = 5
_DENSE: Final = """
    SELECT count(*) AS events, coalesce(min(position), 1) AS first, coalesce(max(position), 0) AS last
    FROM events"""
_STREAMS: Final = f"""
    SELECT stream, version, position FROM (
        SELECT stream, version, position, row_number() OVER (PARTITION BY stream ORDER BY position) AS number
        FROM events
    ) AS numbered WHERE version <> number ORDER BY position LIMIT {_SAMPLE}"""  # noqa: S608 - a number of our own
_TIMES: Final = f"""
    SELECT later.position FROM events AS later JOIN events AS earlier ON earlier.position = later.position - 1
    WHERE later.recorded_at < earlier.recorded_at ORDER BY later.position LIMIT {_SAMPLE}"""  # noqa: S608


def faults_of_log(log: Database) -> Iterator[str]:
    """What is wrong: a position or a version that is missing or out of order, a time that went back."""
    with log.read() as connection:
        dense = connection.execute(text(_DENSE)).one()
        if (dense.first, dense.events) != (1, dense.last):
            yield f"of the positions 1 to {dense.last} only {dense.events} are there"
        for row in connection.execute(text(_STREAMS)):
            yield f"the event at position {row.position} has version {row.version}, which does not follow"
        for row in connection.execute(text(_TIMES)):
            yield f"the event at position {row.position} is older than the one before"


def faults_of_contents(blobs: Blobs) -> Iterator[str]:
    """Stored contents that are not what their names say."""
    for digest in stored_addresses(blobs):
        if sha256(blobs.get(digest)).hexdigest() != digest:
            yield f"the content {digest} was changed"
