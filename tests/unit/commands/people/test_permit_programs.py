"""What API clients may do, asked of the command layer: every scope, action and role of a creator."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest

from countersign.aggregates.api_client import ApiClient, api_client_id
from countersign.aggregates.api_client_terms import Terms
from countersign.aggregates.role import Role
from countersign.aggregates.session import SessionEnded
from countersign.commands.api_client.api_keys import prefix_for
from countersign.commands.permit import (
    NotPermitted,
    acting_account,
    acting_role,
    permit,
    require_reauthentication,
    responsible_account,
)
from countersign.eventstore.context import SYSTEM, Context
from countersign.eventstore.store import Store
from tests.unit.aggregates.test_permissions import CELLS
from tests.unit.aggregates.test_scopes import SAID
from tests.unit.commands.people.service import Service


def calling(service: Service, actor: UUID) -> Store:
    context = Context(actor=actor, command_key=str(uuid4()), correlation="test")
    return Store(service.shared, context, "Test", b"", service.now)


def program_of(service: Service, creator: UUID, *scopes: str) -> UUID:
    """A client that is there whatever its creator could give: roles change."""
    end = service.now + timedelta(days=1)
    terms = Terms(name="Tablet", scopes=scopes, rate_limit=1, expires_at=end)
    prefix = prefix_for(uuid4())
    asked = calling(service, SYSTEM)
    asked.save(ApiClient.create(service.now, prefix=prefix, creator=creator, key_hash="0" * 64, terms=terms))
    return api_client_id(prefix)


def is_permitted(asked: Store, action: str, own: list[UUID]) -> bool:
    try:
        permit(asked, action, own=own, assigned=[asked.context.actor])
    except NotPermitted:
        return False
    return True


@pytest.mark.parametrize("scope", SAID)
def test_every_cell_of_a_scope_is_what_a_client_meets(
    service: Service, people: dict[Role, UUID], scope: str
) -> None:
    covered = SAID[scope].split()
    for role, creator in people.items():
        asked = calling(service, program_of(service, creator, scope))
        mine, others = [creator], [uuid4(), asked.context.actor]
        for action in {action for action, _ in CELLS}:
            word = CELLS[action, role]
            expected = {"-": (False, False), "any": (True, True), "own": (True, False)}.get(
                word, (False, False)
            )
            met = tuple(is_permitted(asked, action, own) for own in (mine, others))
            assert met == (expected if action in covered else (False, False)), (role, action)


def test_a_client_with_every_scope_still_never_signs(service: Service, people: dict[Role, UUID]) -> None:
    for role, action in product(
        people, ("SubmitForReview", "ApproveStage", "RequestChanges", "IssueRevision")
    ):
        asked = calling(service, program_of(service, people[role], *SAID))
        assert not is_permitted(asked, action, [people[role], asked.context.actor])


def test_a_client_is_no_person(service: Service, people: dict[Role, UUID]) -> None:
    asked = calling(service, program_of(service, people[Role.ADMINISTRATOR], *SAID))

    with pytest.raises(NotPermitted):
        acting_account(asked)
    with pytest.raises(SessionEnded):
        require_reauthentication(asked)
    assert responsible_account(asked) == people[Role.ADMINISTRATOR]
    assert acting_role(asked) is Role.ADMINISTRATOR
    assert acting_role(calling(service, people[Role.ENGINEER])) is Role.ENGINEER
