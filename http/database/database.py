"""The databases, for those who run the machine."""

from __future__ import annotations

import os
from typing import Annotated

from falcon import Request, Response
from pydantic import Field

from countersign.eventstore.upkeep.index_advice import index_advice
from countersign.eventstore.upkeep.pools import pool_status
from countersign.eventstore.upkeep.slow_statements import slowest
from countersign.eventstore.upkeep.table_volumes import database_volume, table_volumes
from countersign.http.database.answers import (
    DatabaseAnswer,
    IndexAdviceAnswer,
    IndexesAnswer,
    PoolStatusAnswer,
    SlowStatementAnswer,
    SlowStatementsAnswer,
    TableAnswer,
    TablesAnswer,
)
from countersign.http.endpoints import query
from countersign.http.parameters import Parameters
from countersign.http.services import Services

_ACTION = "ViewDatabase"


class DatabaseTables:
    """`GET /v1/database/tables`."""

    def __init__(self, services: Services) -> None:
        self._all = services.databases.all()

    @query("Database", reads=None, action=_ACTION)
    def on_get(self, _req: Request, _resp: Response) -> TablesAnswer:
        """List how much is in each table, and how much room it takes."""
        return TablesAnswer(
            databases=[DatabaseAnswer.model_validate(database_volume(each)) for each in self._all],
            items=[TableAnswer.model_validate(table) for each in self._all for table in table_volumes(each)],
        )


class DatabaseIndexes:
    """`GET /v1/database/indexes`."""

    def __init__(self, services: Services) -> None:
        self._all = services.databases.all()

    @query("Database", reads=None, action=_ACTION)
    def on_get(self, _req: Request, _resp: Response) -> IndexesAnswer:
        """List indexes that serve nobody, and tables that lack one."""
        found = [advice for each in self._all for advice in index_advice(each)]
        return IndexesAnswer(items=list(map(IndexAdviceAnswer.model_validate, found)))


class HowMany(Parameters):
    """How many of a list that is not paged."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50


class SlowQueries:
    """`GET /v1/database/slow-queries`."""

    def __init__(self, services: Services) -> None:
        self._databases = services.databases

    @query("Database", reads=None, action=_ACTION)
    def on_get(self, _req: Request, _resp: Response, query: HowMany) -> SlowStatementsAnswer:
        """List the statements that took long, of all processes."""
        threshold_ms = self._databases.options.slow_statement_ms
        found = slowest(self._databases.read, threshold_ms, query.limit)
        items = list(map(SlowStatementAnswer.model_validate, found))
        return SlowStatementsAnswer(threshold_ms=threshold_ms, items=items)


class DatabasePool:
    """`GET /v1/database/pool`."""

    def __init__(self, services: Services) -> None:
        self._databases = services.databases

    @query("Database", reads=None, action=_ACTION)
    def on_get(self, _req: Request, _resp: Response) -> PoolStatusAnswer:
        """Show the connections of the process that answers, and those of the server."""
        status = pool_status(self._databases)
        return PoolStatusAnswer.model_validate(
            {
                "process_id": os.getpid(),
                "pools": status.pools,
                "server": status.server,
                "most": status.most,
            }
        )
