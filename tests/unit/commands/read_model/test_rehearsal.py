"""A command is tried out: decided as it would be, with nothing written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from countersign.aggregates.read_model import ReadModel, read_model_id
from countersign.aggregates.root import DomainError
from countersign.commands.permit import NotPermitted
from countersign.commands.read_model.known import KnownReadModel
from countersign.commands.read_model.order_rebuild import OrderRebuild
from countersign.commands.read_model.order_rollback import OrderRollback
from countersign.commands.read_model.pause_projection import PauseProjection
from countersign.commands.read_model.propose_discard import ProposeDiscard
from countersign.eventstore.context import SYSTEM, Context
from tests.unit.commands.people.service import Service

WHY = "the tables are in doubt"
REBUILD = OrderRebuild(name="people", reason=WHY)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path)
    running.dispatcher = running.another_dispatcher(read_models={"people": KnownReadModel(version=3)})
    yield running
    running.close()


def by(actor: UUID) -> Context:
    return Context(actor=actor, command_key="one", correlation="test")


def test_what_was_tried_is_not_in_the_log_and_can_still_be_done_once(service: Service) -> None:
    for _ in range(2):
        tried = service.dispatcher.rehearse(REBUILD, by(SYSTEM))
        assert (tried.position, tried.version_of(read_model_id("people"))) == (0, 2)
    assert service.log.head() == 0

    assert service.dispatcher.dispatch(REBUILD, by(SYSTEM)).position == 2
    assert service.state(ReadModel, read_model_id("people")).candidate == 2


def test_what_was_tried_leaves_nothing_in_the_memory_of_the_process(service: Service) -> None:
    service.give(PauseProjection(name="people", reason=WHY))
    service.dispatcher.rehearse(REBUILD, by(SYSTEM))

    known = service.shared.aggregates.kept(ReadModel, read_model_id("people"))
    assert known is not None
    assert (known.version, known.candidate) == (2, None)


def test_it_is_refused_as_it_would_be(service: Service) -> None:
    with pytest.raises(DomainError) as refused:
        service.dispatcher.rehearse(OrderRollback(name="people", reason=WHY), by(SYSTEM))
    assert refused.value.code == "nothing_to_roll_back_to"

    with pytest.raises(NotPermitted):
        service.dispatcher.rehearse(ProposeDiscard(name="people", position=3, reason=WHY), by(SYSTEM))
