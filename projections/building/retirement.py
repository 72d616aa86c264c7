"""Drops the tables of builds that nobody wants any more, some time after readers have left them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from countersign.eventstore.databases import Database
from countersign.eventstore.leases import Leases
from countersign.projections.building import builds, schema
from countersign.projections.building.builds import Build, Status
from countersign.projections.following import positions
from countersign.projections.following.unit import role_of
from countersign.projections.letters import dead_letters
from countersign.projections.moment import moment

_GIVEN_UP = {Status.RETIRING: Status.RETIRED, Status.CANCELLED: Status.CANCELLED}


def is_to_be_cleared(connection: Connection, build: Build) -> bool:
    """Whether it was given up and still has tables, or was kept for as long as it should be."""
    if build.status is Status.FOLLOWING and build.retire_at is not None:
        return float(connection.scalar(select(moment())) or 0) >= build.retire_at
    return build.status is Status.RETIRING or (build.status is Status.CANCELLED and bool(build.tables))


def clear_away(read: Database, build: Build) -> None:
    """Drop its tables; whoever still moves it finds its position gone, and stops. The row is kept."""
    status = _GIVEN_UP.get(build.status, Status.RETIRED)
    with schema.creating(read) as connection:
        ended = {"retire_at": None, "finished_at": moment()}
        given_up: dict[str, Any] = {"status": status, "tables": [], **ended}
        if not builds.turn(connection, build.name, build.build, [build.status], **given_up):
            return
        positions.lock(connection, build.places)
        positions.forget(connection, build.name, build.build)
        dead_letters.forget(connection, build.name, build.build)
        Leases(read).forget(connection, [role_of(*place) for place in build.places])
        schema.drop_tables(connection, build.tables)
