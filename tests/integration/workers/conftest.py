from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from countersign.eventstore.databases import Database, Databases
from countersign.eventstore.open_log import open_log
from countersign.eventstore.wakeups import Wakeups
from countersign.workers.effect_board import EffectBoard
from countersign.workers.effects import Effects
from countersign.workers.options import SmtpOptions
from countersign.workers.rendering.renderer import Renderer
from tests.furniture import Furnish, at_work
from tests.integration.workers.plant import Plant
from tests.integration.workers.scripted_server import Script, ScriptedController
from tests.unit.commands.documents.office import Course

Serve = Callable[..., SmtpOptions]


@pytest.fixture(scope="session")
def furnish() -> Furnish:
    return at_work


@pytest.fixture
def read(databases: Databases) -> Database:
    """The database of effects, its tables ready."""
    return databases.read


@pytest.fixture
def effects(read: Database) -> Effects:
    return Effects(read)


@pytest.fixture
def board(read: Database) -> EffectBoard:
    return EffectBoard(read)


@pytest.fixture
def plant(databases: Databases, wakeups: Wakeups, tmp_path: Path) -> Plant:
    return Plant(databases, open_log(databases, wakeups), wakeups, tmp_path)


@pytest.fixture
def course(plant: Plant) -> Course:
    """A report that is not there yet."""
    return Course(plant)


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    with Renderer() as renderer:
        yield renderer


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def serve(script: Script) -> Iterator[Serve]:
    """Starts the server; returns the settings that reach it."""
    with ExitStack() as stack:

        def start(**options: Any) -> SmtpOptions:
            server = ScriptedController(script, **options)
            server.start()
            stack.callback(server.stop)
            return SmtpOptions(
                host="127.0.0.1", port=server.port, from_address="countersign@example.org", timeout_s=5.0
            )

        yield start
