"""The edge over a real log, in front of a resource that answers everybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.open_store import create_tables
from tests.unit.commands.edge.conftest import Edge


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    databases = Databases(DatabaseOptions(url=f"sqlite:///{tmp_path}"))
    create_tables(databases)
    edge = Edge(databases)
    with edge.held:  # what writes by a thread of its own ends before the databases close
        yield edge
    databases.close()
