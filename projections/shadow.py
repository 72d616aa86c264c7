"""Tables that stand beside a projection's own until they take their place."""

from __future__ import annotations

from sqlalchemy import Connection, MetaData, Table, func, inspect, select

from countersign.projections.projection import Projection
from countersign.projections.schema import point_view


class Shadow:
    """The same tables under other names; their indexes are made when they take over, after the bulk load."""

    def __init__(self, projection: Projection) -> None:
        self.projection = projection
        self.placed = {table: _beside(table) for table in projection.tables}

    def create(self, connection: Connection) -> None:
        """Make them empty, whatever an earlier attempt left."""
        self.drop(connection)
        for table in self.placed.values():
            table.create(connection)

    def drop(self, connection: Connection) -> None:
        """Leave nothing of them."""
        for table in self.placed.values():
            table.drop(connection, checkfirst=True)

    def original_exists(self, connection: Connection) -> bool:
        """Whether the tables that they stand beside are all there."""
        return all(inspect(connection).has_table(table.name) for table in self.placed)

    def row_count(self, connection: Connection) -> int:
        """How many rows they have together."""
        counts = (select(func.count()).select_from(table) for table in self.placed.values())
        return sum(connection.execute(count).scalar_one() for count in counts)

    def take_over(self, connection: Connection) -> None:
        """Become the tables that readers see."""
        for table, beside in self.placed.items():
            outlived = self._step_aside(connection, table)
            connection.exec_driver_sql(f'ALTER TABLE "{beside.name}" RENAME TO "{table.name}"')
            point_view(connection, self.projection.view_name(table), table.name)
            if outlived is not None:
                outlived.drop(connection)
            for index in table.indexes:
                index.create(connection)

    def _step_aside(self, connection: Connection, table: Table) -> Table | None:
        if not inspect(connection).has_table(table.name):
            return None
        outlived = table.to_metadata(MetaData(), name=f"{table.name}__outlived")
        outlived.drop(connection, checkfirst=True)
        connection.exec_driver_sql(f'ALTER TABLE "{table.name}" RENAME TO "{outlived.name}"')
        return outlived


def _beside(table: Table) -> Table:
    copy = table.to_metadata(MetaData(), name=f"{table.name}__rebuild")
    copy.indexes.clear()
    return copy
