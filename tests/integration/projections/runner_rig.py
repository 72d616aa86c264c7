"""Runners that work, lose what they own, and meet tables that are broken."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from countersign.projections.building.schema import drop_tables
from countersign.projections.catalogue import projection_named
from countersign.projections.following import positions
from countersign.projections.following.positions import Position
from countersign.projections.following.runner import Runner
from countersign.projections.projection import Projection
from tests.integration.projections.journal import Journal

PEOPLE = projection_named("people")


def position(story: Journal, name: str) -> Position:
    with story.databases.read.read() as connection:
        return positions.load(connection)[name, 1, 0]


def expire_leases(story: Journal) -> None:
    with story.databases.read.write() as connection:
        connection.execute(text("UPDATE leases SET expires_at = 0"))


def break_table(story: Journal, projection: Projection) -> None:
    with story.databases.read.write() as connection:
        drop_tables(connection, [table.name for table in projection.tables])


@contextmanager
def running(runner: Runner) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=runner.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()
