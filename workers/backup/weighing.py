"""What all rows of read tables add up to, so that tables of two databases can be compared, however large."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Table, select

from countersign.projections.building import builds
from countersign.projections.following import positions
from countersign.projections.following.positions import State
from countersign.projections.projection import Projection, view_of

_PAGE: Final = 1_000
_MODULUS: Final = 1 << 256
_encode: Final = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True, slots=True)
class Weight:
    """How many rows, and the sum of their digests, which does not ask in which order they come."""

    rows: int = 0
    digests: int = 0


@dataclass(frozen=True, slots=True)
class Weighed:
    """The tables of a projection as of a position, by the names that readers know."""

    projection: Projection
    position: int
    tables: dict[str, Weight]

    @property
    def rows(self) -> int:
        """Of all its tables."""
        return sum(weight.rows for weight in self.tables.values())


def weigh(connection: Connection, projections: Iterable[Projection]) -> list[Weighed]:
    """The tables that readers see, of projections that stand at one position and can be compared at all."""
    found = []
    for projection in projections:
        position = _position(connection, projection)
        if position is not None:
            tables = {projection.view_name(table): _weight(connection, table) for table in projection.tables}
            found.append(Weighed(projection, position, tables))
    return found


def _position(connection: Connection, projection: Projection) -> int | None:
    live = builds.live(connection, projection.name)
    if live is None or live.version != projection.version:
        return None
    held = positions.load(connection, [projection.name])
    places = [held[place] for place in live.places]
    at = {place.position for place in places}
    return at.pop() if len(at) == 1 and all(place.state is State.RUNNING for place in places) else None


def _weight(connection: Connection, table: Table) -> Weight:
    count, total = 0, 0
    streaming = connection.execution_options(stream_results=True, yield_per=_PAGE)
    for row in streaming.execute(select(view_of(table))).mappings():
        count += 1
        total += int.from_bytes(hashlib.sha256(_encode(_plain(row))).digest(), "big")
    return Weight(count, total % _MODULUS)


def _plain(row: Any) -> dict[str, Any]:
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}
