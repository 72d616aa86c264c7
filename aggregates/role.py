"""What a person may be in the service; what each role may do stands in permissions.py."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The part a person plays. Everybody has one."""

    ENGINEER = "engineer"
    TECHNICAL_MANAGER = "technical_manager"
    PROJECT_MANAGER = "project_manager"
    DOCUMENT_CONTROLLER = "document_controller"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"
