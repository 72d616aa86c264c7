"""Whoever was erased never gets a key again, whichever process has not heard of it yet."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from countersign.aggregates.root import Erased
from countersign.eventstore.databases import Databases
from countersign.eventstore.erasures import erase
from countersign.eventstore.master_keys import MasterKeys
from countersign.eventstore.open_store import create_tables
from countersign.eventstore.subject_keys import SubjectKeys, subject_keys
from tests.integration.backup.kit import rig_in
from tests.integration.store.diary import WriteLine


def _kept(databases: Databases) -> int:
    with databases.keys.read() as connection:
        return connection.execute(select(func.count()).select_from(subject_keys)).scalar_one()


@pytest.fixture
def stored(databases: Databases) -> Databases:
    create_tables(databases)
    return databases


def test_a_key_is_not_made_again_for_whoever_was_erased(stored: Databases) -> None:
    keys, ann = SubjectKeys(stored.keys, MasterKeys(b"m" * 32)), uuid4()
    keys.make(ann)
    erase(stored.keys, [ann])
    late = SubjectKeys(stored.keys, MasterKeys(b"m" * 32))
    late.make(ann)
    assert late.find(ann) is None
    assert _kept(stored) == 0


def test_a_snapshot_of_what_is_still_remembered_does_not_bring_the_name_back(stored: Databases) -> None:
    rig = rig_in(stored)
    ann = rig.begin("Ann")
    erase(stored.keys, [ann])
    for number in range(12):  # a snapshot is taken of the aggregate that this process remembers
        rig.give(WriteLine(diary_id=ann, line=f"{number}"))
    assert rig.restarted().diary(ann).keeper == Erased(ann)
    assert _kept(stored) == 0
