"""How close somebody must be to a thing, and groups of roles that stand together in the table."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from countersign.aggregates.role import Role


class Relation(StrEnum):
    """How close a person must be to a thing in order to act on it."""

    OWN = "own"  # they own it
    ASSIGNED = "assigned"  # they were asked to decide on it
    ANY = "any"


OWN, ASSIGNED, ANY = Relation.OWN, Relation.ASSIGNED, Relation.ANY
ENGINEER, TECHNICAL, PROJECT = Role.ENGINEER, Role.TECHNICAL_MANAGER, Role.PROJECT_MANAGER
CONTROLLER, AUDITOR = Role.DOCUMENT_CONTROLLER, Role.AUDITOR
OPERATOR, ADMINISTRATOR = Role.OPERATOR, Role.ADMINISTRATOR

EDIT: Final = {ENGINEER: OWN, TECHNICAL: OWN, ADMINISTRATOR: ANY}
DECIDE: Final = {TECHNICAL: ASSIGNED, PROJECT: ASSIGNED, ADMINISTRATOR: ASSIGNED}
ADMINISTER: Final = {ADMINISTRATOR: ANY}
KEEP_CLIENTS: Final = {TECHNICAL: OWN, PROJECT: OWN, ADMINISTRATOR: ANY}
OPERATE: Final = {OPERATOR: ANY, ADMINISTRATOR: ANY}
KEEP_SCHEDULES: Final = {
    ENGINEER: OWN,
    TECHNICAL: OWN,
    PROJECT: OWN,
    CONTROLLER: OWN,
    OPERATOR: ANY,
    ADMINISTRATOR: ANY,
}
EVERYBODY_OWN: Final = dict.fromkeys(Role, OWN)
READERS: Final = (AUDITOR, ENGINEER, TECHNICAL, PROJECT, CONTROLLER, ADMINISTRATOR)
