"""Pages of a list that stay right while rows are added: each page says where it ended."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Generic, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Connection, RowMapping, Select, asc, desc, tuple_

from countersign.aggregates.root import DomainError

T = TypeVar("T")

_END: Final = "end_of_page_"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TEXT: Final = Annotated[str, msgspec.Meta(pattern=r"\A[^\x00]*\Z")]
_CELLS: Final[Mapping[type, Any]] = {
    int: Annotated[int, msgspec.Meta(ge=-(2**62), le=2**62)],
    UUID: UUID,
    datetime: Annotated[datetime, msgspec.Meta(tz=True)],
}


class BadCursor(DomainError):
    """The cursor does not come from this list in this order."""

    code = "bad_cursor"
    status = 422


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list; `next_cursor` leads to the following ones and is None at the end."""

    rows: tuple[T, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Keyset:
    """An order of rows. The last column is unique, none is ever null; all go in one direction."""

    name: str
    columns: tuple[ColumnElement[Any], ...]
    descending: bool = False

    def page(
        self,
        connection: Connection,
        query: Select[Any],
        cursor: str | None,
        limit: int,
        shape: Callable[..., T],
    ) -> Page[T]:
        """The rows behind the cursor.

        Raises:
            BadCursor: it was not made by this order.
        """
        ends = [column.label(f"{_END}{n}") for n, column in enumerate(self.columns)]
        ordered = query.add_columns(*ends).order_by(*map(desc if self.descending else asc, self.columns))
        if cursor is not None:
            ordered = ordered.where(self._behind(self._read(cursor)))
        found = connection.execute(ordered.limit(limit + 1)).mappings().all()
        shown = tuple(
            shape(**{name: row[name] for name in row if not name.startswith(_END)}) for row in found[:limit]
        )
        return Page(shown, self._write(found[limit - 1]) if len(found) > limit else None)

    def _behind(self, values: Sequence[Any]) -> Any:
        here = tuple_(*self.columns)
        there = tuple_(*values, types=[column.type for column in self.columns])
        return here < there if self.descending else here > there

    def _write(self, row: RowMapping) -> str:
        state = [self._label(), *(row[f"{_END}{n}"] for n in range(len(self.columns)))]
        return urlsafe_b64encode(msgspec.json.encode(state)).decode().rstrip("=")

    def _read(self, cursor: str) -> list[Any]:
        types: Any = tuple[(str, *(_cell(column) for column in self.columns))]  # type: ignore[misc]
        try:
            state = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            label, *values = map(_within_reach, list[Any](msgspec.json.decode(state, type=types)))
        except (msgspec.MsgspecError, ValueError, OverflowError) as error:
            raise _refused(cursor) from error
        if label != self._label():
            raise _refused(cursor)
        return values

    def _label(self) -> str:
        return f"-{self.name}" if self.descending else self.name


def _refused(cursor: str) -> BadCursor:
    return BadCursor(
        f"The cursor {cursor!r} does not come from this list in this order; begin without one.",
        (("/cursor", "not from this list in this order"),),
    )


def _cell(column: ColumnElement[Any]) -> Any:
    return _CELLS.get(column.type.python_type, _TEXT)


def _within_reach(value: Any) -> Any:
    if not isinstance(value, datetime):
        return value
    moment = value.astimezone(UTC)  # overflows before the year 1 and after 9999
    if moment < _EPOCH:
        raise ValueError(f"{moment} is before all that is in the lists")
    return moment
