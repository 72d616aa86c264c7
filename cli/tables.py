"""Which tables a service needs, and which of them are not there."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sqlalchemy import MetaData, inspect

from countersign.cli.invocation import UsageError
from countersign.eventstore import blobs, erasures, snapshots
from countersign.eventstore.databases import Database, Databases
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.eventstore.upkeep import slow_statements
from countersign.projections.building import builds
from countersign.projections.building.builds import Status
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.following import membership, positions
from countersign.projections.health import effect_counts, health_readings, metrics_samples
from countersign.projections.letters import dead_letters
from countersign.projections.orders import control
from countersign.projections.work import outward_hold, periodic_runs, periodic_times
from countersign.workers import effects_table, reaction_checkpoints

logger = logging.getLogger(__name__)

_OF_THE_LOG: Final = ("events", "command_keys")
_KEEPING: Final = (
    builds,
    positions,
    dead_letters,
    control,
    membership,
    health_readings,
    effect_counts,
    metrics_samples,
)
_OF_THE_WORK: Final = (
    "leases",
    *(
        name
        for each in (
            *_KEEPING,
            effects_table,
            reaction_checkpoints,
            periodic_times,
            outward_hold,
            periodic_runs,
            snapshots,
            slow_statements,
        )
        for name in each.metadata.tables
    ),
)
_VIEWS: Final = re.compile(
    r"read\.({})(_v\d+(_b\d+)?)?$".format(
        "|".join(one.view_name(table) for one in PROJECTIONS for table in one.tables)
    )
)
"""What can be made again from the log."""


def missing_tables(databases: Databases) -> tuple[str, ...]:
    """Tables and views that `init` makes and that are not there, each with the name of its database.

    Raises:
        DatabaseUnavailable: a database is not to be had.
    """
    log, read, keys = databases.log, databases.read, databases.keys
    of_the_log = _OF_THE_LOG if databases.folder else (*_OF_THE_LOG, *_names(blobs.metadata))
    return (
        *_absent(databases, log, of_the_log),
        *_absent(databases, read, [*_OF_THE_WORK, *_of_projections(databases)]),
        *_absent(databases, keys, _names(erasures.metadata)),
    )


def lacks_foundations(missing: Iterable[str]) -> bool:
    """Whether more is missing than read tables, which can be made again from the log."""
    return any(not _VIEWS.match(name) for name in missing)


def require_tables(databases: Databases) -> None:
    """Refuse to go on where nothing was set up.

    Raises:
        UsageError: with what to do.
    """
    missing = missing_tables(databases)
    if lacks_foundations(missing):
        place = databases.folder or "this database"
        raise UsageError(
            f"{place} is not set up for this version (no {', '.join(missing[:3])}): "
            "run `countersign init` with the same settings, or name another --data-dir."
        )


def require_tables_to_begin(databases: Databases) -> None:
    """As `require_tables`, for what is to run for long: a database that is away is waited for.

    Raises:
        UsageError: with what to do.
    """
    try:
        require_tables(databases)
    except DatabaseUnavailable as away:
        logger.warning("not known whether the tables are there: %s", away)


def require_log(databases: Databases) -> None:
    """Refuse to go on where there is no log; the tables that are made from it may be gone.

    Raises:
        UsageError: with what to do.
    """
    if _absent(databases, databases.log, _OF_THE_LOG):
        raise UsageError(
            f"There is no log in {databases.folder or 'this database'}: "
            "name the right --data-dir or --database-url, or run `countersign init`."
        )


def _of_projections(databases: Databases) -> Iterator[str]:
    shown = _shown(databases)
    for projection in PROJECTIONS:
        yield from shown.get(projection.name, [table.name for table in projection.tables])
        yield from map(projection.view_name, projection.tables)


def _shown(databases: Databases) -> dict[str, Sequence[str]]:
    if _absent(databases, databases.read, [builds.builds.name]):
        return {}
    with databases.read.read() as connection:
        return {build.name: build.tables for build in builds.load(connection, None, [Status.LIVE])}


def _names(metadata: MetaData) -> list[str]:
    return list(metadata.tables)


def _absent(databases: Databases, database: Database, wanted: Iterable[str]) -> list[str]:
    there = _present(databases, database)
    return [f"{database.name}.{name}" for name in wanted if name not in there]


def _present(databases: Databases, database: Database) -> set[str]:
    if databases.folder is not None:
        if not (databases.folder / f"{database.name}.db").exists():
            return set()  # to connect would make the file
        schema = None
    else:
        schema = database.name
    with database.read() as connection:
        found = inspect(connection)
        return {*found.get_table_names(schema), *found.get_view_names(schema)}
