"""The clock of the database, which all processes share."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Double
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class moment(FunctionElement[float]):  # noqa: N801 - it reads as a function of SQL
    """Now, in seconds since 1970."""

    type = Double()
    inherit_cache = True


@compiles(moment, "sqlite")
def _on_sqlite(_element: moment, _compiler: Any, **_: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"


@compiles(moment, "postgresql")
def _on_postgresql(_element: moment, _compiler: Any, **_: Any) -> str:
    return "extract(epoch FROM clock_timestamp())::double precision"
