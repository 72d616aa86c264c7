"""Rows in the text format of PostgreSQL's COPY, encoded column by column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Dialect, Integer, Table, Uuid

from countersign.projections.columns import Instant
from countersign.projections.folding.row import Row

_NULL: Final = "\\N"
_ESCAPES: Final = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))

Encode = Callable[[list[Any]], list[str]]
"""Encodes the values of a column, of which none is None."""


def copy_text(dialect: Dialect, table: Table, rows: Sequence[Row]) -> bytes:
    """A line for each row, its columns in the order of the table."""
    encoders = _encoders(dialect, table)
    columns = [_column([row[name] for row in rows], encode) for name, encode in encoders]
    lines = map("\t".join, zip(*columns, strict=True))
    return "".join([f"{line}\n" for line in lines]).encode()


def _column(values: list[Any], encode: Encode) -> list[str]:
    if None not in values:
        return encode(values)
    texts = iter(encode([value for value in values if value is not None]))
    return [_NULL if value is None else next(texts) for value in values]


@lru_cache(maxsize=512)
def _encoders(dialect: Dialect, table: Table) -> tuple[tuple[str, Encode], ...]:
    return tuple((column.name, _encoder(dialect, column.type)) for column in table.columns)


def _encoder(dialect: Dialect, column_type: Any) -> Encode:
    if isinstance(column_type, Uuid):
        return _uuids
    if isinstance(column_type, Integer):
        return _plain
    if isinstance(column_type, Instant):
        return _instants
    bind = column_type.dialect_impl(dialect).bind_processor(dialect)
    return _texts if bind is None else lambda values: _texts(list(map(bind, values)))


def _uuids(values: list[Any]) -> list[str]:
    return [f"{value.int:032x}" if type(value) is UUID else str(value) for value in values]


def _plain(values: list[Any]) -> list[str]:
    return list(map(str, values))


def _instants(values: list[Any]) -> list[str]:
    return [value.isoformat() for value in values]


def _texts(values: list[Any]) -> list[str]:
    texts = [value if isinstance(value, str) else str(value) for value in values]
    together = "".join(texts)
    for character, escape in _ESCAPES:
        if character in together:
            texts = [text.replace(character, escape) for text in texts]
    return texts
