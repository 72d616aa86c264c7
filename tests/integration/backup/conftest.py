from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from countersign.eventstore.databases import Databases
from countersign.eventstore.open_store import create_tables
from tests.integration.backup.kit import empty_place, rig_in
from tests.integration.store.rig import Rig
from tests.postgres_servers import PostgresServers


@pytest.fixture
def rig(databases: Databases) -> Rig:
    create_tables(databases)
    return rig_in(databases)


@pytest.fixture
def elsewhere(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Databases]:
    """An empty place of the same kind as the one that is backed up."""
    if database_url.startswith("sqlite"):
        (tmp_path / "else").mkdir()
        with empty_place(f"sqlite:///{tmp_path}/else") as databases:
            yield databases
        return
    servers: PostgresServers = request.getfixturevalue("postgres_servers")
    url = servers.new_database("postgresql")
    with empty_place(url) as databases:
        yield databases
    servers.drop(url)
