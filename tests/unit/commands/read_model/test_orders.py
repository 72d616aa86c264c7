"""Orders about read models: who may give them, and what becomes of them in the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.read_model import ReadModel, read_model_id
from countersign.aggregates.read_model_builds import Promote
from countersign.aggregates.role import Role
from countersign.aggregates.root import DomainError
from countersign.aggregates.roster import ROSTER_ID, Roster
from countersign.commands.permit import NotPermitted
from countersign.commands.read_model.approve_discard import ApproveDiscard
from countersign.commands.read_model.cancel_rebuild import CancelRebuild
from countersign.commands.read_model.known import KnownReadModel
from countersign.commands.read_model.note_promotion import NotePromotion
from countersign.commands.read_model.order_promotion import OrderPromotion
from countersign.commands.read_model.order_rebuild import OrderRebuild
from countersign.commands.read_model.order_retirement import OrderRetirement
from countersign.commands.read_model.order_rollback import OrderRollback
from countersign.commands.read_model.pause_projection import PauseProjection
from countersign.commands.read_model.propose_discard import ProposeDiscard
from countersign.commands.read_model.resume_projection import ResumeProjection
from countersign.commands.read_model.retry_letters import RetryLetters
from countersign.projections.audit.audit_summary import summary
from tests.unit.commands.people.service import Service, registration

WHY = "the tables are in doubt"
MODELS = {
    "people": KnownReadModel(version=3, segments=2),
    "register": KnownReadModel(version=1, segments=4, partitioned=False, keep=False),
}
BY_THE_HOST = (
    OrderRebuild(name="people", reason=WHY),
    PauseProjection(name="people", reason=WHY),
    ResumeProjection(name="people", reason=WHY),
    RetryLetters(name="people", positions=(5, 6), reason=WHY),
)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    running = Service(tmp_path)
    running.dispatcher = running.another_dispatcher(read_models=MODELS)
    yield running
    running.close()


def registered(service: Service, role: Role) -> UUID:
    account = uuid4()
    administrator = next(iter(service.state(Roster, ROSTER_ID).administrators))
    service.give(registration(account, role), administrator)
    return account


def kept(service: Service, name: str = "people") -> ReadModel:
    found = service.another_store().aggregates.find(ReadModel, read_model_id(name))
    assert found is not None
    return found


def newest(service: Service) -> Any:
    return service.happened()[-1].event


def refusal(service: Service, command: object, actor: UUID) -> str:
    with pytest.raises(DomainError) as refused:
        service.give(command, actor)
    return refused.value.code


def test_a_rebuild_is_made_in_the_version_of_the_program_and_as_configured(service: Service) -> None:
    service.bootstrap()
    service.give(OrderRebuild(name="people", reason=WHY), registered(service, Role.OPERATOR))

    ordered = newest(service)
    assert (ordered.build, ordered.version, ordered.segments, ordered.keep) == (2, 3, 2, True)
    assert ordered.promote is Promote.EQUAL


def test_what_an_order_says_goes_before_what_is_configured(service: Service) -> None:
    wanted = OrderRebuild(name="people", reason=WHY, segments=8, promote=Promote.ALWAYS, keep=False)
    service.give(wanted)

    ordered = newest(service)
    assert (ordered.segments, ordered.promote, ordered.keep) == (8, Promote.ALWAYS, False)


def test_one_that_cannot_be_split_is_not(service: Service) -> None:
    administrator = service.bootstrap()
    split = OrderRebuild(name="register", reason=WHY, segments=2)

    assert refusal(service, split, administrator) == "not_partitioned"
    service.give(OrderRebuild(name="register", reason=WHY, segments=1), administrator)
    assert newest(service).segments == 1
    service.give(CancelRebuild(name="register", build=2, reason=WHY), administrator)
    service.give(OrderRebuild(name="register", reason=WHY), administrator)
    assert newest(service).segments == 1


def test_a_build_goes_from_order_to_rollback_to_retirement(service: Service) -> None:
    administrator = service.bootstrap()
    began = len(service.happened())
    service.give(OrderRebuild(name="people", reason=WHY), administrator)
    service.give(OrderPromotion(name="people", build=2, reason=WHY), administrator)
    service.give(NotePromotion(name="people", build=2, replaces=1, position=9, different=3))
    service.give(OrderRollback(name="people", reason=WHY), administrator)
    service.give(NotePromotion(name="people", build=1, replaces=2, position=9, different=None))
    service.give(OrderRetirement(name="people", build=2, reason=WHY), administrator)

    assert [summary(happened.event) for happened in service.happened()[began:]] == [
        "First order about the projection people",
        f"Rebuild ordered as build 2 in version 3: {WHY}",
        f"Build 2 to be shown to readers: {WHY}",
        "Build 2 shown to readers in place of build 1 at position 9, 3 rows different",
        f"Readers to go back to build 1: {WHY}",
        "Build 1 shown to readers in place of build 2 at position 9",
        f"Tables of build 2 to be dropped: {WHY}",
    ]


def test_a_promotion_keeps_what_it_replaces_unless_told_otherwise(service: Service) -> None:
    service.give(OrderRebuild(name="register", reason=WHY))
    service.give(OrderPromotion(name="register", build=2, reason=WHY))
    assert newest(service).keep is False

    service.give(OrderPromotion(name="register", build=2, reason=WHY, keep=True))
    assert newest(service).keep is True


def test_a_letter_is_discarded_by_two_people(service: Service) -> None:
    one, other = service.bootstrap(), registered(service, Role.OPERATOR)
    began = len(service.happened())
    propose = ProposeDiscard(name="people", position=17, reason=WHY)
    approve = ApproveDiscard(name="people", position=17, reason=WHY)
    service.give(propose, one)

    assert refusal(service, approve, one) == "second_person_required"
    service.give(approve, other)
    service.give(RetryLetters(name="people", positions=(), reason=WHY), other)

    assert (newest(service).positions, kept(service).proposals) == ((), {})
    assert [summary(happened.event) for happened in service.happened()[began:]] == [
        "First order about the projection people",
        f"Discarding the dead letter at position 17 proposed: {WHY}",
        f"Discarding the dead letter at position 17 approved: {WHY}",
        f"Dead letters to be tried again (all positions): {WHY}",
    ]


def test_who_runs_the_host_orders_in_the_name_of_the_system(service: Service) -> None:
    for command in BY_THE_HOST:
        service.give(command)

    assert [summary(happened.event) for happened in service.happened()[1:]] == [
        f"Rebuild ordered as build 2 in version 3: {WHY}",
        f"Projection paused: {WHY}",
        f"Projection to go on: {WHY}",
        f"Dead letters to be tried again (5, 6): {WHY}",
    ]


@pytest.mark.parametrize("command", [ProposeDiscard, ApproveDiscard], ids=["propose", "approve"])
def test_but_discards_nothing(service: Service, command: type[Any]) -> None:
    with pytest.raises(NotPermitted):
        service.give(command(name="people", position=17, reason=WHY))


@pytest.mark.parametrize("command", BY_THE_HOST, ids=lambda command: type(command).__name__)
def test_people_with_other_roles_give_no_orders(service: Service, command: object) -> None:
    service.bootstrap()
    with pytest.raises(NotPermitted):
        service.give(command, registered(service, Role.ENGINEER))


def test_nobody_but_the_system_says_what_readers_see(service: Service) -> None:
    told = NotePromotion(name="people", build=2, replaces=1, position=9, different=0)
    with pytest.raises(NotPermitted):
        service.give(told, service.bootstrap())


def test_a_name_that_is_none_is_refused_with_those_that_are(service: Service) -> None:
    with pytest.raises(DomainError, match="'persons', but people, register") as refused:
        service.give(OrderRebuild(name="persons", reason=WHY))

    assert (refused.value.code, refused.value.status) == ("unknown_projection", 404)
