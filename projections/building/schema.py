"""Makes the read tables, and the views by which they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Connection, MetaData, inspect
from sqlalchemy.exc import ProgrammingError

from countersign.eventstore.databases import Database
from countersign.projections.building import builds
from countersign.projections.building.builds import Build, Status
from countersign.projections.building.placing import Placed
from countersign.projections.following import membership, positions
from countersign.projections.health import effect_counts, health_readings, metrics_samples
from countersign.projections.letters import dead_letters
from countersign.projections.orders import control
from countersign.projections.projection import Projection

_CREATING = 5_180_277_311
_OF_PROJECTIONS = (builds, positions, dead_letters, control, membership)
_OF_HEALTH = (health_readings, effect_counts, metrics_samples)


@contextmanager
def creating(read: Database) -> Iterator[Connection]:
    """A transaction in which no other process creates or drops read tables."""
    with read.write() as connection:
        if read.dialect == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_CREATING})")
        yield connection


def create(
    read: Database, projections: Iterable[Projection], segments: Mapping[str, int] | None = None
) -> None:
    """Create what is not there; several processes may do so at once. What is there is left as it is.

    `segments` says in how many parts the keys of a projection are split; the others are not.
    """
    wanted = {projection.name: projection for projection in projections}
    with creating(read) as connection:
        for each in (*_OF_PROJECTIONS, *_OF_HEALTH):
            each.metadata.create_all(connection)
        for name in builds.unknown(connection, wanted):
            _create_first(connection, wanted[name], (segments or {}).get(name, 1))


def _create_first(connection: Connection, projection: Projection, segments: int) -> None:
    """Tables of these names that belong to no build were made by an earlier program: they are made anew."""
    parts = segments if projection.partitioned else 1
    first = builds.add(connection, projection.name, projection.version, parts, status=Status.LIVE)
    positions.create(connection, first.name, first.build, first.segments)
    placed = first.placed(projection)
    _drop_views(connection, projection)
    create_tables(connection, first, placed)
    create_indexes(connection, placed)
    if projection.dress:
        projection.dress(connection, placed)
    show(connection, projection, placed)


def create_tables(connection: Connection, build: Build, placed: Placed) -> None:
    """Make the tables of a build, empty and without indexes, whatever stands in their place."""
    names = [f"{table.name}" for table in placed.values()]
    drop_tables(connection, names)
    for table in placed.values():
        bare = table.to_metadata(MetaData(), name=table.name)
        bare.indexes.clear()
        bare.create(connection)
    builds.change(connection, build.name, build.build, tables=names)


def create_indexes(connection: Connection, placed: Placed) -> None:
    """Make the indexes that are not there."""
    for table in placed.values():
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            index.create(connection, checkfirst=True)


def show(connection: Connection, projection: Projection, placed: Placed) -> None:
    """Let readers see these tables; who is waiting to read does not find the view gone."""
    for table, physical in placed.items():
        _point_view(connection, projection.view_name(table), physical.name)


def create_view(connection: Connection, view: str, table: str, how: str = "CREATE VIEW") -> None:
    """Let readers see a table under a name without its version."""
    statement = f'{how} "{view}" AS SELECT * FROM "{table}"'  # noqa: S608 - names of our own
    connection.exec_driver_sql(statement)


def _point_view(connection: Connection, view: str, table: str) -> None:
    if connection.dialect.name == "postgresql" and view in _views(connection):
        try:
            with connection.begin_nested():
                create_view(connection, view, table, "CREATE OR REPLACE VIEW")
        except ProgrammingError:
            pass  # the new version has other columns
        else:
            return
    drop_view(connection, view)
    create_view(connection, view, table)


def drop_view(connection: Connection, view: str) -> None:
    """Take a view away, until another takes its place in the same transaction."""
    connection.exec_driver_sql(f'DROP VIEW IF EXISTS "{view}"')


def drop_tables(connection: Connection, names: Iterable[str]) -> None:
    """Drop the tables of a build, also of one that this program could not build."""
    cascade = " CASCADE" if connection.dialect.name == "postgresql" else ""  # a view that nobody took over
    for name in names:
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{name}"{cascade}')


def drop(read: Database, projections: Iterable[Projection]) -> None:
    """Throw all builds away together with their positions; the log has everything that was in them."""
    with creating(read) as connection:
        for projection in projections:
            _drop_views(connection, projection)
            for build in builds.load(connection, [projection.name]):
                drop_tables(connection, build.tables)
            dead_letters.forget(connection, projection.name)
            positions.forget(connection, projection.name)
            builds.forget(connection, projection.name)


def _drop_views(connection: Connection, projection: Projection) -> None:
    for table in projection.tables:
        drop_view(connection, projection.view_name(table))


def _views(connection: Connection) -> set[str]:
    return set(inspect(connection).get_view_names())
