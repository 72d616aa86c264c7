"""How durations spread: how many, the middle one, and the one that nine in ten do not exceed.

A percentile is that of SQL's `percentile_cont`: of n values in order, counted from 0, what is at p * (n - 1)
on the straight lines between neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Double, Select, func, literal

MEDIAN: Final = 0.5
NINTH_DECILE: Final = 0.9


@dataclass(frozen=True, slots=True)
class Spread:
    """Of durations in seconds."""

    count: int = 0
    median_s: float | None = None
    p90_s: float | None = None


NO_SPREAD: Final = Spread()
Spreads = dict[tuple[Any, ...], Spread]


def percentile(ordered: Sequence[int], fraction: float) -> float:
    """The percentile of at least one value, rising."""
    place = fraction * (len(ordered) - 1)
    below = floor(place)
    low, high = ordered[below], ordered[ceil(place)]
    return low + (place - below) * (high - low)


def spread_of(ordered: Sequence[int]) -> Spread:
    """How values spread that are in order."""
    if not ordered:
        return NO_SPREAD
    return Spread(len(ordered), percentile(ordered, MEDIAN), percentile(ordered, NINTH_DECILE))


def spreads(connection: Connection, rows: Select[Any], value: ColumnElement[Any]) -> Spreads:
    """How the value spreads in the rows that agree in their columns; rows without a value do not count."""
    by, known = list(rows.selected_columns), rows.where(value.is_not(None))
    if connection.dialect.name == "postgresql":
        told = (func.count(), _percentile(MEDIAN, value), _percentile(NINTH_DECILE, value))
        found = connection.execute(known.add_columns(*told).group_by(*by))
        return {key: Spread(*spread) for key, spread in _in_two(found, len(by))}
    ordered = connection.execute(known.add_columns(value).order_by(*by, value))
    return _grouped(_in_two(ordered, len(by)))


def _in_two(rows: Iterable[Sequence[Any]], at: int) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    return ((tuple(row[:at]), tuple(row[at:])) for row in rows)


def _grouped(rows: Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]) -> Spreads:
    together = groupby(rows, key=lambda row: row[0])
    return {key: spread_of([value for _, (value,) in same]) for key, same in together}


def _percentile(fraction: float, value: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.percentile_cont(literal(fraction, Double)).within_group(value)
