"""What API clients may be allowed: every scope, once as people say it and once as the code reads it."""

from __future__ import annotations

from itertools import product

import pytest

from countersign.aggregates.authority.scopes import SCOPES
from countersign.aggregates.permissions import PERMISSIONS, actions_of, grantable, permitted
from countersign.aggregates.role import Role
from tests.unit.aggregates.test_permissions import CELLS

SAID = {
    "reports:read": "ViewReport ViewFigures",
    "reports:create": "CreateReport",
    "reports:update": "EditHeader SaveSection ImportRows RecordTestResult AssignApprover WithdrawSubmission",
    "reports:download": "DownloadUnissued RequestRendering",
    "users:read": "ViewAccounts",
    "admin:manage_users": "RegisterAccount ApproveAccount RejectAccount ChangeRole DisableAccount"
    " EnableAccount RevokeSession EndSessions",
    "admin:manage_api_keys": "CreateApiClient ViewApiClient UpdateApiClient RotateApiKey SuspendApiClient"
    " ResumeApiClient RevokeApiClient BindClientCertificate UnbindClientCertificate",
    "admin:view_audit_logs": "ViewAudit",
}
MAY_GIVE = {
    Role.AUDITOR: "reports:read admin:view_audit_logs",
    Role.ENGINEER: "reports:read reports:create reports:update reports:download",
    Role.TECHNICAL_MANAGER: "reports:read reports:create reports:update reports:download"
    " admin:manage_api_keys",
    Role.PROJECT_MANAGER: "reports:read reports:download admin:manage_api_keys",
    Role.DOCUMENT_CONTROLLER: "reports:read reports:create reports:download admin:view_audit_logs",
    Role.ADMINISTRATOR: " ".join(SAID),
    Role.OPERATOR: "",
}
FOR_PEOPLE_ONLY = {
    "SubmitForReview",
    "ApproveStage",
    "RequestChanges",
    "IssueRevision",
    "Reauthenticate",
    "ChangePassword",
    "CloseAccount",
    "BeginTotpEnrolment",
    "ConfirmTotp",
    "DisableMfa",
    "ResetSecondFactor",
}


def test_the_scopes_are_those_that_people_agreed_on() -> None:
    assert {scope: frozenset(said.split()) for scope, said in SAID.items()} == SCOPES


def test_every_scope_is_made_of_actions_that_there_are() -> None:
    assert actions_of(SCOPES) <= set(PERMISSIONS)


def test_no_scope_lets_a_program_sign_approve_issue_or_prove_who_somebody_is() -> None:
    assert set(PERMISSIONS) >= FOR_PEOPLE_ONLY
    assert not actions_of(SCOPES) & FOR_PEOPLE_ONLY


@pytest.mark.parametrize("role", MAY_GIVE)
def test_each_role_gives_away_what_it_may_do_itself(role: Role) -> None:
    assert grantable(role) == set(MAY_GIVE[role].split())


@pytest.mark.parametrize("scope", SAID)
def test_each_cell_of_a_scope_lets_in_where_its_creator_may_and_nowhere_else(scope: str) -> None:
    for (action, role), word in CELLS.items():
        for own, assigned in product((False, True), repeat=2):
            creator_may = {"-": False, "any": True, "own": own, "assigned": assigned}[word]
            expected = action in SAID[scope].split() and creator_may
            assert permitted(role, action, own=own, assigned=assigned, scopes=[scope]) is expected


def test_a_scope_that_there_is_no_more_covers_nothing() -> None:
    assert actions_of(["reports:approve"]) == frozenset()
    assert not permitted(Role.ADMINISTRATOR, "ViewReport", scopes=["reports:approve"])
    assert not permitted(Role.ADMINISTRATOR, "ViewReport", scopes=[])
