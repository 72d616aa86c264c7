"""Who may do what: role by action, as data.

An action is the name of a command, or of a query that not everybody may ask; what is not here is refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from countersign.aggregates.authority.machine import ABOUT_THE_MACHINE
from countersign.aggregates.authority.people import ABOUT_PEOPLE
from countersign.aggregates.authority.relation import Relation
from countersign.aggregates.authority.reports import ABOUT_REPORTS
from countersign.aggregates.authority.scopes import SCOPES
from countersign.aggregates.role import Role

PERMISSIONS: Final[Mapping[str, Mapping[Role, Relation]]] = {
    **ABOUT_PEOPLE,
    **ABOUT_REPORTS,
    **ABOUT_THE_MACHINE,
}

WHILE_ENROLLING: Final = frozenset(
    {
        "ChangePassword",
        "Reauthenticate",
        "RevokeSession",
        "EndSessions",
        "ViewSessions",
        "BeginTotpEnrolment",
        "ConfirmTotp",
    }
)
"""All that is open to somebody who still has to enrol the second factor that their role asks for."""

WITH_A_FIRST_PASSWORD: Final = frozenset(
    {"ChangePassword", "Reauthenticate", "RevokeSession", "EndSessions", "ViewSessions"}
)
"""All that is open to somebody whose password was chosen by somebody else."""


def permitted(
    role: Role,
    action: str,
    *,
    own: bool = False,
    assigned: bool = False,
    scopes: Collection[str] | None = None,
) -> bool:
    """Whether somebody in that role may do it, given how they stand to the thing it is done to.

    `scopes` are those of an API client that acts within the role of its creator; a person has none (None).
    """
    if scopes is not None and action not in actions_of(scopes):
        return False
    relation = PERMISSIONS.get(action, {}).get(role)
    held = {Relation.ANY: True, Relation.OWN: own, Relation.ASSIGNED: assigned}
    return relation is not None and held[relation]


def actions_of(scopes: Collection[str]) -> frozenset[str]:
    """What these scopes cover; a scope that there is no more covers nothing."""
    return frozenset().union(*(SCOPES.get(scope, frozenset()) for scope in scopes))


def grantable(role: Role) -> frozenset[str]:
    """The scopes that somebody in that role may give away: those of which they may do everything."""
    return frozenset(
        scope for scope, actions in SCOPES.items() if all(role in PERMISSIONS[action] for action in actions)
    )
