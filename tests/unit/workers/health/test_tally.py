"""What a worker counts reaches the counts of all, also after an outage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from sqlalchemy import Connection

from countersign.eventstore.databases import Database, DatabaseOptions, Databases
from countersign.eventstore.outage import DatabaseUnavailable
from countersign.projections.health import effect_counts
from countersign.projections.health.effect_counts import counts
from countersign.workers.effect import Effect
from countersign.workers.health.tally import Tally

EFFECT = Effect(
    id=uuid4(),
    queue="mail",
    kind="deliver_email",
    reaction="deliver_email",
    cause=uuid4(),
    position=1,
    correlation="trail",
    payload={},
    holder="worker",
    fence=1,
    attempts=0,
    crashes=0,
)


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Database]:
    databases = Databases(DatabaseOptions(url=f"sqlite:///{tmp_path}"))
    databases.read.create(effect_counts.metadata)
    yield databases.read
    databases.close()


def test_what_was_counted_in_an_outage_is_added_after_it(
    read: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*, synced: bool = True) -> AbstractContextManager[Connection]:
        raise DatabaseUnavailable("away")

    tally = Tally(read)
    tally.count(EFFECT, "done", 0.02)
    with monkeypatch.context() as outage:
        outage.setattr(read, "write", away)
        tally.add()
    tally.count(EFFECT, "done", 0.03)
    tally.add()

    (only,) = counts(read)
    assert (only.count, round(only.seconds, 2), only.outcome) == (2, 0.05, "done")


def test_what_comes_out_while_the_work_ends_is_counted(read: Database) -> None:
    tally = Tally(read)
    tally.to_the_end_of(lambda _stop: tally.count(EFFECT, "dead", 1.0), Event())
    assert [each.outcome for each in counts(read)] == ["dead"]
