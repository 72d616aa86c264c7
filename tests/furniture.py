"""Which tables a database of a test begins with; it is made once, and every test gets a copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from countersign.eventstore.databases import DatabaseOptions, Databases
from countersign.eventstore.open_store import create_tables
from countersign.projections.building import schema
from countersign.projections.catalogue import PROJECTIONS
from countersign.projections.people import api_usage
from countersign.projections.work import periodic_runs, periodic_times
from countersign.workers import schema as work_schema

Furnish = Callable[[Databases], None]


def bare(databases: Databases) -> None:
    """The log and what it needs, ready to use."""
    databases.create()


def stored(databases: Databases) -> None:
    """What the command side needs."""
    create_tables(databases)


def at_work(databases: Databases) -> None:
    """What the workers need besides, but for the read tables."""
    stored(databases)
    work_schema.create_tables(databases.read)
    periodic_times.create_tables(databases.read)
    periodic_runs.create_tables(databases.read)


def complete(databases: Databases) -> None:
    """All that a service makes when it is set up."""
    at_work(databases)
    schema.create(databases.read, PROJECTIONS)
    api_usage.create_tables(databases.read)


def furnished(url: str, furnish: Furnish) -> None:
    """Make the tables there."""
    databases = Databases(DatabaseOptions(url=url))
    furnish(databases)
    databases.close()


class SqliteFolders:
    """Makes the files of each kind once."""

    def __init__(self) -> None:
        self._templates: dict[Furnish, TemporaryDirectory[str]] = {}

    def fill(self, folder: Path, furnish: Furnish) -> None:
        """Put new databases into a folder."""
        if furnish not in self._templates:
            self._templates[furnish] = TemporaryDirectory(prefix="cs-")
            furnished(f"sqlite:///{self._templates[furnish].name}", furnish)
        shutil.copytree(self._templates[furnish].name, folder, dirs_exist_ok=True)

    def close(self) -> None:
        """Throw the templates away."""
        for template in self._templates.values():
            template.cleanup()
