from __future__ import annotations

import pytest

from countersign.eventstore.databases import Database, Databases
from countersign.workers.effect_board import EffectBoard
from countersign.workers.effects import Effects
from countersign.workers.schema import create_tables


@pytest.fixture
def read(databases: Databases) -> Database:
    """The database of effects, its tables ready."""
    create_tables(databases.read)
    return databases.read


@pytest.fixture
def effects(read: Database) -> Effects:
    return Effects(read)


@pytest.fixture
def board(read: Database) -> EffectBoard:
    return EffectBoard(read)
